"""``check --watch``: the first report whole, then what each save changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_builder.commands.output import is_coloured, stop
from course_builder.reader import NotACourseError, find_course, find_page

if TYPE_CHECKING:
    from course_builder.results import Checked

_CLEAR = "\x1b[2J\x1b[H"
"""Clears what is on the screen and leaves what was scrolled away."""
_WAIT_MS = 200


def watch_and_report(path: Path, run: Callable[[], Checked]) -> None:
    """Report, wait for a save in the course, report what changed; until Ctrl-C."""
    from watchfiles import watch

    try:
        root, _ = find_course(find_page(path)[0] if path.suffix == ".md" else path)
    except NotACourseError as error:
        stop(str(error))
    last: Checked | None = None
    try:
        # The watch begins before the first check, so that no save falls between the two: it comes as an empty change.
        for number, changes in enumerate(watch(root, debounce=_WAIT_MS, rust_timeout=_WAIT_MS, yield_on_timeout=True)):
            if changes or number == 0:
                last = _report(last, run)
    except KeyboardInterrupt:
        click.echo()


def _report(last: Checked | None, run: Callable[[], Checked]) -> Checked | None:
    from course_builder.report import change_report, text_report

    try:
        checked = run()
    except (NotACourseError, OSError) as error:
        click.echo(f"course-builder: {error}", err=True)
        return last
    if last is not None and last.problems == checked.problems:
        return checked
    if is_coloured():
        click.echo(_CLEAR, nl=False)
    said = text_report(checked, [], click.style) if last is None else change_report(last, checked, click.style)
    click.echo(said, color=is_coloured())
    return checked
