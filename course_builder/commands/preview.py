"""``course-builder preview``."""

from __future__ import annotations

from pathlib import Path

import click

from course_builder.commands.output import stop


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65_535), default=8010, show_default=True, help="The first port to try.")
@click.option("--open/--no-open", "opens_browser", default=True, show_default=True, help="Open the page in a browser.")
@click.option(
    "--editor",
    default="vscode",
    show_default=True,
    help="What opens a file at its line: vscode, vscodium, idea, sublime, zed, none, "
    "or an address with {path}, {line} and {column}.",
)
def preview(path: Path, port: int, opens_browser: bool, editor: str) -> None:
    """Show a course in a browser while you write it.

    Begins with the page that PATH names, or with the one that was saved last. Ctrl-C ends it.
    """
    from course_builder.preview.server import NoPortError, serve
    from course_builder.preview.start import find_start
    from course_builder.reader import NotACourseError

    try:
        serve(find_start(path), port, editor, opens_browser=opens_browser, say=click.echo)
    except (NotACourseError, NoPortError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or path}: {error.strerror or error}")
