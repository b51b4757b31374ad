"""The pipeline on one screen, for one module: read → parse → check → render → package.

What it gives depends on its arguments alone: on the sources that it reads of them, on the course's header and on the
options. ``make.py`` says which modules of a course need it, and runs it in several processes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from course_builder.checks import Check, run_checks
from course_builder.model import Course, Place, Problem
from course_builder.package import PackageError
from course_builder.package.read import refuse_too_large
from course_builder.package.write import package_members, package_name, write_package
from course_builder.parser import Header, parse_course, parse_one
from course_builder.reader import find_course, read_folder
from course_builder.render import render_module
from course_builder.results import Checked, Made, Options
from course_builder.silencing import silence
from course_builder.sources import MODULE_FILE, Sources


@dataclass(frozen=True, slots=True)
class CheckedCourse(Checked):
    """What was found in a course, with the course itself, all of it in memory."""

    course: Course = field(kw_only=True)


def check(folder: Path, further: Iterable[Check] = ()) -> CheckedCourse:
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
    return CheckedCourse(root, heard.problems, parsed.paths, heard.silenced, course=parsed.course)


def make_module(header: Header, folder: str, sources: Sources, options: Options, staging: Path | None) -> Made:
    """Check a module, and write its package if it has no errors.

    Args:
        header: what ``course.yaml`` says.
        folder: path of the module in the course.
        sources: the course folder.
        options: how packages are written.
        staging: the folder to write into; without one the module is only checked.

    Raises:
        OSError: if a file that a page shows cannot be read, or the package cannot be written.
    """
    parsed = parse_one(header, folder, sources)
    [module] = parsed.course.modules
    problems = tuple(sorted({*parsed.problems, *run_checks(parsed.course, sources.files)}))
    heard = silence(problems, (*header.silences, *parsed.silences), sources.texts, is_whole=False)
    package = digest = None
    if staging is not None and not any(problem.severity == "error" for problem in heard.problems):
        package = package_name(module)
        members = package_members(parsed.course, module, render_module(module, options.sanitiser))
        digest = write_package(members, staging / package, options.epoch)
        try:
            refuse_too_large(staging / package)
        except PackageError as error:
            (staging / package).unlink()
            place, hint = Place(f"{folder}/{MODULE_FILE}"), "Make several modules of this one."
            problems = (*problems, Problem(place, "error", "package-size", str(error).rstrip("."), hint))
            package = digest = None
    return Made(module.id, module.version, problems, parsed.silences, parsed.paths, package, digest)


def write_guide(checked: CheckedCourse, output: Path) -> None:
    """Write the facilitator guide of a course without errors, in one step: the new guide, or what was there before.

    Raises:
        OSError: if the output cannot be written.
    """
    from course_builder.render.guide import guide_html

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
