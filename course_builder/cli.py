"""The command ``course-builder``: options and output, nothing else.

The rest of the builder is imported when a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course_builder import __version__
from course_builder.commands import preview
from course_builder.commands.check import check
from course_builder.commands.explain import explain
from course_builder.commands.guide import guide
from course_builder.commands.ids import ids
from course_builder.commands.new import new
from course_builder.commands.output import FORMAT, report, stop
from course_builder.commands.packages import inspect, verify
from course_builder.commands.progress import progress
from course_builder.commands.schema import schema
from course_builder.interrupts import ending_in_order

if TYPE_CHECKING:
    from course_builder.sanitize import Engine


class _Commands(click.Group):
    """Ctrl-C ends each command with one line, and not with the status of a course that has errors."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            with ending_in_order():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("course-builder: stopped", err=True)
            sys.exit(130)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="hybrid-training", message="course-builder %(version)s")
def main() -> None:
    """Compile Markdown courses into module packages.

    PATH is the folder of a course, with its course.yaml, of one of its modules, or a page.

    \b
    Exit status: 0 no errors (there may be warnings), 1 errors in the course,
    2 the command could not run.
    """  # noqa: D301 - click keeps the lines below this sign apart, and does not know it in a raw string.


@main.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
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
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="COURSE_BUILDER_CACHE",
    show_envvar=True,
    help="Folder where results are kept for the next build; yours for caches if it is not said.",
)
@click.option("--no-cache", is_flag=True, help="Make everything anew and keep nothing.")
@FORMAT
def build(
    path: Path, output: Path, epoch: int, sanitiser: Engine, cache: Path | None, no_cache: bool, form: str
) -> None:
    """Check a course or module and write its packages; for a page, that of its module.

    Nothing is written where there are errors: what was built last stays.
    """
    from course_builder.reader import NotACourseError, find_page

    try:
        from course_builder.cache import default_folder
        from course_builder.make import make
        from course_builder.results import Options

        folder = find_page(path)[0] if path.suffix == ".md" else path
        records = None if no_cache else cache or default_folder()
        with progress("building"):
            checked, built = make(folder, output, Options(epoch, sanitiser), cache=records)
    except KeyboardInterrupt:
        click.echo("course-builder: stopped; what was built last is still there", err=True)
        sys.exit(130)
    except NotACourseError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or output or path}: {error.strerror or error}")
    report(checked, built, form)
    sys.exit(1 if checked.has_errors else 0)


for _command in (check, explain, guide, ids, inspect, new, schema, verify):
    main.add_command(_command)
main.add_command(preview.preview)


if __name__ == "__main__":
    main()
