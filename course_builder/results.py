"""What the builder is asked for, finds and makes; nothing of the parser is needed to hold it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course_builder.found import Problem, Silence

if TYPE_CHECKING:
    from course_builder.sanitize import Engine


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that is wrong with a course, in the order in which an author reads it."""

    root: Path
    problems: tuple[Problem, ...]
    paths: tuple[str, ...]
    """The files that were looked at."""
    silenced: tuple[Problem, ...] = ()
    """What the author silenced, with a reason at its place."""

    @property
    def has_errors(self) -> bool:
        """Whether anything keeps the course from being built."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Built:
    """The package of a module."""

    module: str
    version: str
    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Options:
    """How packages are written: the time of their members in seconds since 1970, and what sanitises."""

    epoch: int = 0
    sanitiser: Engine = "nh3"


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one module; ``package`` names the file in the staging folder, if there was one and no errors."""

    id: str
    version: str
    problems: tuple[Problem, ...]
    """Those that the author silenced are among them."""
    silences: tuple[Silence, ...]
    paths: tuple[str, ...]
    package: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """What came of ``course.yaml``: the folders of the modules to make, and what is wrong with it."""

    folders: tuple[str, ...]
    problems: tuple[Problem, ...]
    silences: tuple[Silence, ...]
    paths: tuple[str, ...]
    digest: str
    """Of all that the modules get from it."""
