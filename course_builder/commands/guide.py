"""``course-builder guide``: what facilitators need, as one document to print."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course_builder.commands.output import FORMAT, report, shown, stop


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The HTML file to write.")
@FORMAT
def guide(path: Path, output: Path, form: str) -> None:
    """Write the facilitator guide of a course or module: agendas, notes, materials, and the sheets to print.

    Nothing is written where there are errors: the last guide stays. Notes are for facilitators: keep it from learners.
    """
    from course_builder import build as pipeline
    from course_builder.reader import NotACourseError

    try:
        checked = pipeline.check(path)
        if not checked.has_errors:
            pipeline.write_guide(checked, output)
    except NotACourseError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or output}: {error.strerror or error}")
    report(checked, [], form)
    if form == "text" and not checked.has_errors:
        click.echo(f"wrote {shown(str(output))}")
    sys.exit(1 if checked.has_errors else 0)
