"""Core rule for ``{{name}}``: variables of the course are filled in before inline parsing, never in code or formulas.

``env["variables"]`` has the values. Filling in ends at a limit: ``env["overfull"]`` is the token where. A token that
was filled in keeps in ``meta["written"]`` what the author wrote, so that places stay those in the file; the names that
there are not are in ``env["unknown_variables"]``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

VARIABLE = re.compile(r"\{\{[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*\}\}")
MOST_FILLED = 200_000
"""Characters that variables fill in on a page: a short name may stand for a long text, and stand there often."""
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
        number = bisect_right(self.shifts, filled, key=itemgetter(0))
        if number == 0:
            return filled
        start, end, written_end = self.shifts[number - 1]
        if filled >= end:
            return filled + written_end - end
        _, end_before, written_end_before = self.shifts[number - 2] if number > 1 else (0, 0, 0)
        return start + written_end_before - end_before


def variables_plugin(md: MarkdownIt) -> None:
    """Fill in variables."""
    md.core.ruler.before("inline", "variables", _variables)


def _variables(state: StateCore) -> None:
    variables: Mapping[str, str] = state.env.get("variables", {})
    filled = 0
    for token in state.tokens:
        if token.type == "inline" and "{{" in token.content:
            if filled > MOST_FILLED:
                state.env["overfull"] = token
                return
            before = len(token.content)
            _fill(token, variables, state.env.setdefault("unknown_variables", []))
            filled += len(token.content) - before


def _fill(token: Token, variables: Mapping[str, str], unknown: list[Unknown]) -> None:
    pieces: list[str] = []
    shifts: list[tuple[int, int, int]] = []
    content = token.content
    ticks = _Ticks(content)
    position = written = length = 0
    while match := _NEXT.search(content, position):
        position = match.end()
        name = match["name"]
        if match["ticks"]:
            position = ticks.end_of_code(match)
        elif name is not None and name not in variables:
            unknown.append(Unknown(token, match.start(), name))
        elif name is not None and length < MOST_FILLED:
            pieces += [content[written : match.start()], variables[name]]
            start = length + match.start() - written
            length = start + len(variables[name])
            shifts.append((start, length, match.end()))
            written = match.end()
    if shifts:
        token.meta["written"] = Written(content, tuple(shifts))
        token.content = "".join([*pieces, content[written:]])


class _Ticks:
    """The backticks of a text, by how many stand together."""

    def __init__(self, content: str) -> None:
        self._starts: dict[int, list[int]] = {}
        for run in re.finditer("`+", content):
            self._starts.setdefault(len(run[0]), []).append(run.start())

    def end_of_code(self, ticks: re.Match[str]) -> int:
        """Return the end of the code that starts with these backticks, or theirs if as many never follow."""
        length = len(ticks["ticks"])
        starts = self._starts[length]
        following = bisect_right(starts, ticks.start())
        return starts[following] + length if following < len(starts) else ticks.end()
