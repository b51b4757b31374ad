"""The pipeline on one screen: read → parse → check → render → package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_builder.checks import Check, run_checks
from course_builder.model import Course, Module, Problem
from course_builder.package.write import package_members, package_name, write_package
from course_builder.parser import parse_course
from course_builder.reader import find_course, read_folder
from course_builder.render import render_module
from course_builder.render.guide import guide_html
from course_builder.sanitize import Engine
from course_builder.silencing import silence


@dataclass(frozen=True, slots=True)
class Checked:
    """A course with everything that is wrong with it, in the order in which an author reads it."""

    root: Path
    course: Course
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
    """A package that was written."""

    module: Module
    path: Path
    digest: str


def check(folder: Path, further: Iterable[Check] = ()) -> Checked:
    """Read, parse and check a course, or the module whose folder is given, with further checks on request.

    Raises:
        NotACourseError: if the folder is neither.
        OSError: if a file that a page shows cannot be read.
    """
    root, only = find_course(folder)
    sources = read_folder(root)
    parsed = parse_course(sources, only)
    problems = [*parsed.problems, *run_checks(parsed.course, sources.files)]
    problems += [problem for each in further for problem in each(parsed.course)]
    heard = silence(problems, parsed.silences, sources.texts, is_whole=only is None)
    return Checked(root, parsed.course, heard.problems, parsed.paths, heard.silenced)


def build(checked: Checked, output: Path, epoch: int, sanitiser: Engine = "nh3") -> list[Built]:
    """Write a package for each module of a course without errors.

    All modules are made before the first is written, and each file is replaced in one step, so that a failure leaves
    the last good output.

    Args:
        checked: has no errors.
        output: the folder for the packages; it is made if it is not there.
        epoch: the time that all members get, in seconds since 1970.
        sanitiser: the engine behind the one allow-list; both give the same pages.

    Raises:
        OSError: if the output cannot be written.
    """
    course = checked.course
    made = [(module, package_members(course, module, render_module(module, sanitiser))) for module in course.modules]
    output.mkdir(parents=True, exist_ok=True)
    return [_write(module, members, output, epoch) for module, members in made]


def write_guide(checked: Checked, output: Path) -> None:
    """Write the facilitator guide of a course without errors, in one step: the new guide, or what was there before.

    Raises:
        OSError: if the output cannot be written.
    """
    course = checked.course
    html = guide_html(course, {module.id: render_module(module) for module in course.modules})
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}-unfinished")
    try:
        unfinished.write_text(html, encoding="utf-8", newline="\n")
        unfinished.replace(output)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _write(module: Module, members: Mapping[str, bytes], output: Path, epoch: int) -> Built:
    path = output / package_name(module)
    return Built(module, path, write_package(members, path, epoch))
