"""What ``course-builder new`` writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from course_builder.scaffold.listing import is_name, with_entry
from course_builder.sources import COURSE_FILE, MODULE_FILE, MODULES_FOLDER

FIRST_MODULE = "m1-first-steps"
_TEMPLATES = files("course_builder.scaffold") / "templates"


class CannotScaffoldError(Exception):
    """Something is in the way; the message says what."""


def new_course(folder: Path, title: str, language: str) -> list[Path]:
    """Write a course with one module of one page.

    Raises:
        CannotScaffoldError: if there is something in the folder, or its name cannot be an id.
    """
    _check_name(folder.resolve().name)
    if folder.exists() and any(folder.iterdir()):
        raise CannotScaffoldError(f"{folder} is not empty: name a new folder")
    written = _write({folder / COURSE_FILE: _filled("course.yaml", folder.resolve().name, title, language)})
    return [*written, *_module(folder, FIRST_MODULE, "First steps")]


def new_module(course: Path, name: str, title: str) -> list[Path]:
    """Write a module of one page, and add it to the course's list.

    Raises:
        CannotScaffoldError: if there is such a folder, no course, or no list to add to.
    """
    _check_name(name)
    if (course / MODULES_FOLDER / name).exists():
        raise CannotScaffoldError(f"{course / MODULES_FOLDER / name} is there already: choose another name")
    listed = _listed(course / COURSE_FILE, "modules", name)
    return [*_module(course, name, title), *_write(listed, is_new=False)]


def new_page(module: Path, name: str, title: str) -> list[Path]:
    """Write a page, and add it to its module's list.

    Raises:
        CannotScaffoldError: if there is such a page, no module, or no list to add to.
    """
    _check_name(name)
    listed = _listed(module / MODULE_FILE, "pages", f"{name}.md")
    written = _write({module / f"{name}.md": _filled("page.md", name, title)})
    return [*written, *_write(listed, is_new=False)]


def new_question(page: Path, question_type: str, name: str) -> list[Path]:
    """Add a question at the end of a page.

    Raises:
        CannotScaffoldError: if there is no such page, or the id is used in its module.
    """
    _check_name(name)
    if not page.is_file():
        raise CannotScaffoldError(f"{page} does not exist: name a page, or make it with `course-builder new page`")
    for other in sorted(page.parent.glob("*.md")):
        if re.search(rf"#{re.escape(name)}(?![a-z0-9-])", other.read_text(encoding="utf-8")) or other.stem == name:
            raise CannotScaffoldError(f"the id {name} is used in {other}: choose another one with --id")
    text = page.read_bytes().decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    question = _filled(f"questions/{question_type}.md", name, "").replace("\n", newline)
    written: list[Path] = []
    if question_type == "hotspot":
        written = _write({page.parent / "assets" / f"{name}.svg": _filled("questions/hotspot.svg", name, "")})
    return [*written, *_write({page: f"{text.rstrip()}{newline}{newline}{question}"}, is_new=False)]


def _module(course: Path, name: str, title: str) -> list[Path]:
    folder = course / MODULES_FOLDER / name
    return _write(
        {
            folder / MODULE_FILE: _filled("module.yaml", name, title),
            folder / "first-page.md": _filled("page.md", name, "The first page"),
        }
    )


def _filled(template: str, name: str, title: str, language: str = "en") -> str:
    text = _TEMPLATES.joinpath(template).read_text(encoding="utf-8")
    quoted = title.replace("\\", "\\\\").replace('"', '\\"') if template.endswith(".yaml") else title
    return Template(text).substitute(id=name, title=quoted, language=language)


def _listed(file: Path, key: str, entry: str) -> Mapping[Path, str]:
    if not file.is_file():
        raise CannotScaffoldError(f"{file} does not exist: name the folder that it stands in")
    text = with_entry(file.read_bytes().decode("utf-8"), key, entry)
    if text is None:
        raise CannotScaffoldError(f"{file} has no list `{key}` to add to: write `{key}: [{entry}]` there")
    return {file: text}


def _check_name(name: str) -> None:
    if not is_name(name):
        raise CannotScaffoldError(f"{name!r} cannot be an id: write small letters, digits and hyphens, first a letter")


def _write(texts: Mapping[Path, str], *, is_new: bool = True) -> list[Path]:
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb" if is_new else "wb") as stream:
                stream.write(text.encode())
        except FileExistsError as error:
            raise CannotScaffoldError(f"{path} is there already: choose another name") from error
    return list(texts)
