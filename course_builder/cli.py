"""The command ``course-builder``: options and output, nothing else.

The rest of the builder is imported when a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from course_builder import __version__

if TYPE_CHECKING:
    from course_builder.build import Built, Checked
    from course_builder.sanitize import Engine

_FOLDER = click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to report."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="hybrid-training", message="course-builder %(version)s")
def main() -> None:
    r"""Compile Markdown courses into module packages.

    FOLDER is the folder of a course, with its course.yaml, or of one of its modules.

    \b
    Exit status: 0 no errors (there may be warnings), 1 errors in the course,
    2 the command could not run.
    """


@main.command()
@_FOLDER
@_FORMAT
def check(folder: Path, form: str) -> None:
    """Report everything that is wrong in a course or module."""
    _run(folder, None, form)


@main.command()
@_FOLDER
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the packages.")
@click.option(
    "--time",
    "epoch",
    type=click.IntRange(min=0, max=4_000_000_000),
    envvar="SOURCE_DATE_EPOCH",
    show_envvar=True,
    default=0,
    help="Time of all files in the packages, in seconds since 1970.",
)
@click.option(
    "--sanitiser",
    type=click.Choice(["nh3", "bleach"]),
    default="nh3",
    show_default=True,
    help="The engine that applies the allow-list for HTML.",
)
@_FORMAT
def build(folder: Path, output: Path, epoch: int, sanitiser: Engine, form: str) -> None:
    """Check a course or module and write its packages.

    Nothing is written where there are errors: what was built last stays.
    """
    _run(folder, output, form, epoch, sanitiser)


@main.command()
@click.argument("code", metavar="CODE")
def explain(code: str) -> None:
    """Say what a problem means, why it matters and how to mend it.

    CODE is the word after "error" or "warning" in a report, such as link-text.
    """
    from course_builder.problems import PROBLEMS
    from course_builder.problems.page import explain as explanation

    if code not in PROBLEMS:
        import difflib

        near = difflib.get_close_matches(code, PROBLEMS, n=3)
        said = f"did you mean {' or '.join(near)}?" if near else "docs/problems.md lists all."
        _stop(f"there is no problem {code!r}: {said}")
    click.echo(explanation(PROBLEMS[code]))


def _run(folder: Path, output: Path | None, form: str, epoch: int = 0, sanitiser: Engine = "nh3") -> None:
    from course_builder import build as pipeline
    from course_builder.reader import NotACourseError

    try:
        checked = pipeline.check(folder)
        built = [] if checked.has_errors or output is None else pipeline.build(checked, output, epoch, sanitiser)
    except NotACourseError as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename or output or folder}: {error.strerror or error}")
    _report(checked, built, form)
    sys.exit(1 if checked.has_errors else 0)


def _report(checked: Checked, built: Sequence[Built], form: str) -> None:
    from course_builder.report import json_report, text_report

    if form == "json":
        click.echo(json_report(checked, built))
    else:
        is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        click.echo(text_report(checked, built, click.style), color=is_coloured)


def _stop(reason: str) -> NoReturn:
    click.echo(f"course-builder: {reason}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
