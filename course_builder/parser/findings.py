"""The problems found while one file is parsed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from course_builder.model import Place, Problem, Severity, Silence

_MOST_LOOKS = 100


class Findings:
    """Collects problems of one file; each step of the parser adds to it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.silences: list[Silence] = []
        self._looks = 0

    def error(self, place: Place | tuple[int, int], code: str, message: str, hint: str = "") -> None:
        """Note an error at a place, or at a ``(line, column)`` of this file."""
        self._add("error", place, code, message, hint)

    def warning(self, place: Place | tuple[int, int], code: str, message: str, hint: str = "") -> None:
        """Note a warning at a place, or at a ``(line, column)`` of this file."""
        self._add("warning", place, code, message, hint)

    def place(self, place: Place | tuple[int, int]) -> Place:
        """Return the place of a ``(line, column)`` of this file."""
        return place if isinstance(place, Place) else Place(self.path, *place)

    def near(self, word: str, known: Iterable[str], otherwise: str) -> str:
        """Do as :func:`did_you_mean`, for the first problems of a file: each look goes through all that is known."""
        self._looks += 1
        return did_you_mean(word, known, otherwise) if self._looks <= _MOST_LOOKS else otherwise

    def extend(self, other: Findings) -> None:
        """Take over what was found in another look at this file."""
        self.problems += other.problems
        self.silences += other.silences

    def _add(self, severity: Severity, place: Place | tuple[int, int], code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.place(place), severity, code, message, hint))


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a hint that names the nearest known word, or else the given one."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.7)
    return f"Did you mean `{near[0]}`?" if near else otherwise
