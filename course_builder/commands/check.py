"""``course-builder check``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from course_builder.commands.output import FORMAT, report, stop
from course_builder.commands.progress import progress

if TYPE_CHECKING:
    from course_builder.checks import Check
    from course_builder.results import Checked

_Found = TypeVar("_Found", bound="Checked")
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
@click.option(
    "--external",
    is_flag=True,
    help="Also ask for links to the web. It fails only where a page is gone, and not where there is no network.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0.1, 300),
    default=10,
    show_default=True,
    help="Seconds to wait for a server's answer.",
)
@click.option(
    "--cache", type=click.Path(path_type=Path), help="File for answers of servers; else one in the user's cache folder."
)
@FORMAT
def check(
    path: Path, watch: bool, due: str | None, external: bool, timeout_s: float, cache: Path | None, form: str
) -> None:
    """Report everything that is wrong in a course, a module or a page.

    \b
    course-builder check courses/my-course                   a course
    course-builder check courses/my-course/modules/m1        a module
    course-builder check courses/my-course/modules/m1/a.md   a page: its own problems only
    """  # noqa: D301 - click keeps the lines below this sign apart, and does not know it in a raw string.
    further = [*_due(due), *(_external(timeout_s, cache) if external else ())]
    look = partial(_checked, further=further)
    if watch:
        from course_builder.commands.watching import watch_and_report

        watch_and_report(path, lambda: run(path, look))
        return
    with progress("asking servers" if external else "checking"):
        checked = or_stop(path, look)
    report(checked, [], form)
    sys.exit(1 if checked.has_errors else 0)


def or_stop(path: Path, look: Callable[[Path], _Found]) -> _Found:
    """Do as :func:`run`; end the command if no course, module or page is there."""
    from course_builder.reader import NotACourseError

    try:
        return run(path, look)
    except NotACourseError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or path}: {error.strerror or error}")


def run(path: Path, look: Callable[[Path], _Found]) -> _Found:
    """Look at a course, a module, or the module of a page, of which only the page's problems are kept.

    Raises:
        NotACourseError: if it is neither.
        OSError: if a file that a page shows cannot be read.
    """
    from course_builder.reader import NotACourseError, find_page

    if path.suffix != ".md" or path.is_dir():
        return look(path)
    folder, page = find_page(path)
    checked = look(folder)
    if page not in checked.paths:
        raise NotACourseError(f"{path} is no page of a module: list it under `pages` in module.yaml")
    problems, silenced = (
        tuple(problem for problem in found if problem.place.path == page)
        for found in (checked.problems, checked.silenced)
    )
    return replace(checked, problems=problems, silenced=silenced, paths=(page,))


def _checked(folder: Path, further: Sequence[Check]) -> Checked:
    """Check module by module and believe records, as a build does; further checks look at the whole course."""
    if further:
        from course_builder.build import check as check_whole

        return check_whole(folder, further)
    from course_builder.cache import default_folder
    from course_builder.make import make

    return make(folder, None, cache=default_folder())[0]


def _due(text: str | None) -> list[Check]:
    from course_builder.checks.due import check_due

    if text is None:
        return []
    try:
        # The author's own calendar decides, not UTC's.
        by = date.today() if text == TODAY else date.fromisoformat(text)  # noqa: DTZ011 - an author's today.
        return [partial(check_due, by=by)]
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date such as 2027-01-31", param_hint="--due") from None


def _external(timeout_s: float, cache: Path | None) -> list[Check]:
    from course_builder.external import Cache, Manners, check_external

    answers = Cache(cache or _cache_folder() / "links.json", time.time())
    return [partial(check_external, cache=answers, manners=Manners(timeout_s))]


def _cache_folder() -> Path:
    """Return the folder for what can be thrown away; where a system has none, that for settings."""
    if sys.platform in {"win32", "darwin"}:
        return Path(click.get_app_dir("course-builder"))
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "course-builder"
