"""What is found wrong, and where: all that a report needs of the model, which takes a while to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file and a position in it.

    ``path`` is relative to the course folder with ``/``; ``line`` and ``column`` count from 1, the column in
    characters.
    """

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing an author should mend, with where it is and how."""

    place: Place
    severity: Severity
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A comment with which an author silences a problem at one place."""

    place: Place
    code: str
    reason: str
    line: int
    """The line that it speaks of."""
    is_alone: bool
    """Whether it has its line to itself: then it speaks of the whole block of text that follows."""
