"""What the builder refuses and warns about, one subject a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from course_builder.checks import (
    alerts,
    assets,
    classes,
    code,
    competences,
    formulas,
    headings,
    hosts,
    ids,
    images,
    key_patterns,
    links,
    media,
    objectives,
    passing,
    pools,
    prefills,
    prose,
    questions,
    quizzes,
    raw_html,
    scenes,
    sessions,
    svg,
    tables,
    text_blocks,
    theme,
    verbs,
    worksheets,
)
from course_builder.model import Course, Problem

Check = Callable[[Course], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    ids.check,
    headings.check,
    links.check,
    images.check,
    assets.check,
    svg.check,
    tables.check,
    media.check,
    scenes.check,
    hosts.check,
    classes.check,
    raw_html.check,
    formulas.check,
    code.check,
    questions.check,
    quizzes.check,
    pools.check,
    objectives.check,
    competences.check,
    theme.check,
    text_blocks.check,
    sessions.check,
    worksheets.check,
    prefills.check,
    passing.check,
    alerts.check,
    prose.check,
    verbs.check,
    key_patterns.check,
)


def run_checks(course: Course, files: frozenset[str]) -> Iterator[Problem]:
    """Run all checks.

    Args:
        course: all that could be read; a broken file of it has been reported by the parser.
        files: paths of all files in the course folder.
    """
    for check in CHECKS:
        yield from check(course)
    yield from assets.check_unused(course, files)
