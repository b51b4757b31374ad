"""One problem of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from course_builder.model import Severity

Where = Literal["", "page.md", "module.yaml", "course.yaml", "assets/town.svg", "assets/film.vtt", "assets/film.md"]
"""What an example is: lines of a page below its title, a whole page, keys of a YAML file, or a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A kind of problem, as ``course-builder explain`` and ``docs/problems.md`` tell it.

    ``bad`` and ``good`` are tried by a test: the first yields the code, the second yields no problem at all.
    """

    code: str
    meaning: str
    """What is wrong, in a line without a full stop."""
    why: str
    """What it does to learners or authors."""
    mend: str
    """What to do, in a line."""
    severity: Severity = "error"
    at: Where = ""
    bad: str = ""
    good: str = ""
    is_silenceable: bool = False
    """Whether an author may silence this error; warnings always may be."""
    is_on_request: bool = False
    """Whether only an option of ``check`` looks for it, so that a silence of it may have nothing to silence."""

    @property
    def can_be_silenced(self) -> bool:
        """Whether an author may silence it at one place, with a reason."""
        return self.is_silenceable or self.severity == "warning"


@dataclass(frozen=True, slots=True)
class Subject:
    """Problems of one subject, sorted by code."""

    title: str
    entries: tuple[Entry, ...]
