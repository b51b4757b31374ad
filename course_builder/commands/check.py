"""``course-builder check``."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_builder.commands.output import FORMAT, report, stop

if TYPE_CHECKING:
    from course_builder.build import Checked

TODAY = "today"


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--watch", is_flag=True, help="Check again on each save, and print what changed. Ctrl-C ends it.")
@click.option(
    "--due",
    metavar="[DATE]",
    is_flag=False,
    flag_value=TODAY,
    help="Also list questions whose verify= date has come, by today or by a DATE such as 2027-01-31.",
)
@FORMAT
def check(path: Path, watch: bool, due: str | None, form: str) -> None:
    r"""Report everything that is wrong in a course, a module or a page.

    \b
    course-builder check courses/my-course                   a course
    course-builder check courses/my-course/modules/m1        a module
    course-builder check courses/my-course/modules/m1/a.md   a page: its own problems only
    """
    by = _date(due)
    if watch:
        from course_builder.commands.watching import watch_and_report

        watch_and_report(path, lambda: run(path, by))
        return
    checked = checked_or_stop(path, by)
    report(checked, [], form)
    sys.exit(1 if checked.has_errors else 0)


def checked_or_stop(path: Path, by: date | None = None) -> Checked:
    """Check a course, module or page; end the command if there is none."""
    from course_builder.reader import NotACourseError

    try:
        return run(path, by)
    except NotACourseError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or path}: {error.strerror or error}")


def run(path: Path, by: date | None = None) -> Checked:
    """Check a course, a module, or the module of a page, of which only the page's problems are kept.

    Raises:
        NotACourseError: if it is neither.
        OSError: if a file that a page shows cannot be read.
    """
    from course_builder import build as pipeline
    from course_builder.reader import NotACourseError, find_page

    if path.suffix != ".md" or path.is_dir():
        return pipeline.check(path, by)
    folder, page = find_page(path)
    checked = pipeline.check(folder, by)
    if page not in checked.paths:
        raise NotACourseError(f"{path} is no page of a module: list it under `pages` in module.yaml")
    problems, silenced = (
        tuple(problem for problem in found if problem.place.path == page)
        for found in (checked.problems, checked.silenced)
    )
    return replace(checked, problems=problems, silenced=silenced, paths=(page,))


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    if text == TODAY:
        return date.today()  # noqa: DTZ011  The author's own calendar decides, not UTC's.
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date such as 2027-01-31", param_hint="--due") from None
