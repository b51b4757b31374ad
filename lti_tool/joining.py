"""Putting what a sheet or a script imports in its place: on a slow line each file costs the way there and back.

Scripts stay the modules that they are in their files, and are joined as they are served. A bundler would do the same at
set-up, with a second kind of files that can be out of step with the first.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import PurePosixPath

_SHEET = re.compile(r'^@import "(?P<to>[a-z-]+\.css)";\n', re.MULTILINE)
_IMPORT = re.compile(r'^import (?:(?P<names>\{[^}]*\}) from )?"(?P<to>\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

# Where a module would be by itself: what it loads later it names from there.
_HERE = 'const $here = new URL("%s", import.meta.url);\nconst $load = (to) => import(new URL(to, $here));\n'

Read = Callable[[str], str]
"""Gives the text of a file by its name."""


def has_sheets(text: str) -> bool:
    """Whether a style sheet imports others."""
    return _SHEET.search(text) is not None


def join_sheet(name: str, read: Read) -> str:
    """Put the sheets that a style sheet imports, of its own folder, in their places."""
    return _SHEET.sub(lambda found: read(_beside(name, found["to"])), read(name))


def join_script(name: str, read: Read) -> str:
    """Put the modules that a script imports, at whatever depth, before it; each runs once, in a scope of its own.

    Raises:
        ValueError: if modules import each other in a circle, or in a way that this does not know.
    """
    parts: dict[str, str] = {}
    _take(name, name, read, parts)
    return "\n".join(parts.values())


def _take(name: str, entry: str, read: Read, parts: dict[str, str]) -> str:
    """Add a module after those that it imports; gives the variable that holds what it exports."""
    variable = "$" + re.sub(r"\W", "_", name)
    if name in parts:
        if not parts[name]:
            raise ValueError(f"{name} imports itself, by way of others")
        return variable
    parts[name] = ""

    def use(found: re.Match[str]) -> str:
        other = _take(_beside(name, found["to"]), entry, read, parts)
        return f"const {found['names'].replace(' as ', ': ')} = {other};\n" if found["names"] else ""

    body = _IMPORT.sub(use, read(name))
    exported = ", ".join(found["name"] for found in _EXPORT.finditer(body))
    body = _EXPORT.sub("", body)
    if left := _LEFT.search(body):
        raise ValueError(f"{name} cannot be joined: {left[0]}")
    if "import.meta.url" in body or "import(" in body:
        here = posixpath.relpath(name, posixpath.dirname(entry))
        body = (_HERE % here) + body.replace("import.meta.url", "$here.href").replace("import(", "$load(")
    # Behind those that it imports, which were added meanwhile.
    del parts[name]
    parts[name] = f"const {variable} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
    return variable


def _beside(name: str, other: str) -> str:
    return posixpath.normpath(PurePosixPath(name).parent / other)
