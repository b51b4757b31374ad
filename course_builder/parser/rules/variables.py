"""Core rule for ``{{name}}``: variables of the course are filled in before inline parsing, never in code or formulas.

``env["variables"]`` has the values. A token that was filled in keeps in ``meta["written"]`` what the author wrote, so
that places stay those in the file; the names that there are not are in ``env["unknown_variables"]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

VARIABLE = re.compile(r"\{\{[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*\}\}")
_NEXT = re.compile(
    rf"""\\[\s\S]                                    # What is escaped is text.
      | (?P<ticks>`+)
      | (?<!\d)\$(?!\s)(?:\\.|[^$\\])+(?<!\s)\$(?!\d)  # A formula, in which braces nest too.
      | {VARIABLE.pattern}""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name without a value, at an offset of an inline token's content as it was written."""

    token: Token
    offset: int
    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an author wrote, and by how much each value filled in moved what follows it."""

    content: str
    shifts: tuple[tuple[int, int, int], ...]
    """Start of a value, its end, and the end of its name as written."""

    def offset(self, filled: int) -> int:
        """Return where something stood that stands at this offset now; all of a value, at its name's start."""
        moved = 0
        for start, end, written_end in self.shifts:
            if filled < start:
                break
            if filled < end:
                return start + moved
            moved = written_end - end
        return filled + moved


def variables_plugin(md: MarkdownIt) -> None:
    """Fill in variables."""
    md.core.ruler.before("inline", "variables", _variables)


def _variables(state: StateCore) -> None:
    variables: Mapping[str, str] = state.env.get("variables", {})
    for token in state.tokens:
        if token.type == "inline" and "{{" in token.content:
            _fill(token, variables, state.env.setdefault("unknown_variables", []))


def _fill(token: Token, variables: Mapping[str, str], unknown: list[Unknown]) -> None:
    pieces: list[str] = []
    shifts: list[tuple[int, int, int]] = []
    content = token.content
    position = written = length = 0
    while match := _NEXT.search(content, position):
        position = match.end()
        name = match["name"]
        if match["ticks"]:
            position = _end_of_code(content, match)
        elif name is not None and name not in variables:
            unknown.append(Unknown(token, match.start(), name))
        elif name is not None:
            pieces += [content[written : match.start()], variables[name]]
            start = length + match.start() - written
            length = start + len(variables[name])
            shifts.append((start, length, match.end()))
            written = match.end()
    if shifts:
        token.meta["written"] = Written(content, tuple(shifts))
        token.content = "".join([*pieces, content[written:]])


def _end_of_code(content: str, ticks: re.Match[str]) -> int:
    """Return the end of the code that starts with these backticks, or theirs if as many never follow."""
    for other in re.finditer("`+", content[ticks.end() :]):
        if len(other[0]) == len(ticks[0]):
            return ticks.end() + other.end()
    return ticks.end()
