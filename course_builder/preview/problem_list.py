"""Problems as the preview lists them: by file, this page's first, each with a way to its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from course_builder.model import Place, Problem
from course_builder.plurals import counted
from course_builder.problems import PROBLEMS, Entry

EDITORS: Mapping[str, str] = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "sublime": "subl://open?url=file:///{path}&line={line}&column={column}",
    "zed": "zed://file/{path}:{line}:{column}",
    "none": "",
}
"""The addresses under which editors open a file at a place."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A problem with what leads to it."""

    problem: Problem
    where: str
    """``path:line:column``, to copy."""
    href: str
    """Opens the editor; empty if there is none."""
    explanation: Entry | None
    """What ``course-builder explain`` says of it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its problems."""

    path: str
    is_here: bool
    problems: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class ProblemList:
    """All problems, the shown page's first."""

    files: tuple[File, ...]
    here: str
    """How many there are on the page that is shown, in words."""
    elsewhere: str
    """How many there are in other files, in words."""
    has_errors_here: bool


class Editor:
    """Writes the addresses that open a file in a person's editor."""

    def __init__(self, root: Path, template: str) -> None:
        self._root = root
        self._template = EDITORS.get(template, template)

    def href(self, place: Place) -> str:
        """Give the address of a place; empty if no editor was named."""
        path = quote((self._root / place.path).as_posix().lstrip("/"), safe="/:")
        fields = {"{path}": path, "{line}": str(place.line), "{column}": str(place.column)}
        address = self._template
        for name, value in fields.items():
            address = address.replace(name, value)
        return address


def list_problems(problems: Iterable[Problem], here: str, editor: Editor) -> ProblemList:
    """Group problems by file.

    Args:
        problems: in the order of files and lines.
        here: path of the page that is shown.
        editor: opens files.
    """
    ordered = sorted(problems, key=lambda problem: (problem.place.path != here, problem))
    files = tuple(
        File(path, path == here, tuple(_listed(problem, editor) for problem in found))
        for path, found in groupby(ordered, key=lambda problem: problem.place.path)
    )
    on_page = [problem for problem in ordered if problem.place.path == here]
    return ProblemList(
        files=files,
        here=in_words(on_page),
        elsewhere=in_words(problem for problem in ordered if problem.place.path != here),
        has_errors_here=any(problem.severity == "error" for problem in on_page),
    )


def in_words(problems: Iterable[Problem]) -> str:
    """Count problems: ``2 errors and 1 warning``; empty if there are none."""
    counts = Counter(problem.severity for problem in problems)
    said = [counted(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    return " and ".join(said)


def _listed(problem: Problem, editor: Editor) -> Listed:
    place = problem.place
    return Listed(problem, f"{place.path}:{place.line}:{place.column}", editor.href(place), PROBLEMS.get(problem.code))
