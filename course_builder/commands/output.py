"""How all commands report: the choice of a format, one line for what could not run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from course_builder.results import Built, Checked

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to report: for people, for programs, or as annotations in GitHub Actions.",
)


def report(checked: Checked, built: Sequence[Built], form: str) -> None:
    """Print what came of a check or build."""
    from course_builder.report import github_report, json_report, text_report

    if form == "json":
        click.echo(json_report(checked, built))
    elif form == "github":
        click.echo(github_report(checked, built))
    else:
        click.echo(text_report(checked, built, click.style), color=is_coloured())


def is_coloured() -> bool:
    """Tell whether the standard output is a terminal that takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def shown(text: str) -> str:
    """Show control characters as �: a name that was read must not steer the terminal; line ends of ours stay."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "�", text)


def stop(reason: str) -> NoReturn:
    """End the command: it could not run."""
    click.echo(f"course-builder: {reason}", err=True)
    sys.exit(2)
