"""``course-builder explain``."""

from __future__ import annotations

import click

from course_builder.commands.output import stop


@click.command()
@click.argument("code", metavar="CODE")
def explain(code: str) -> None:
    """Say what a problem means, why it matters and how to mend it.

    CODE is the word after "error" or "warning" in a report, such as link-text.
    """
    import difflib

    from course_builder.problems import PROBLEMS
    from course_builder.problems.page import explain as explanation

    if code not in PROBLEMS:
        near = difflib.get_close_matches(code, PROBLEMS, n=3)
        said = f"did you mean {' or '.join(near)}?" if near else "docs/problems.md lists all."
        stop(f"there is no problem {code!r}: {said}")
    click.echo(explanation(PROBLEMS[code]))
