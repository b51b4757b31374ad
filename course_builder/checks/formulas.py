"""Formulas: each can be translated to MathML."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token

from course_builder.formulas import FormulaError, to_mathml
from course_builder.model import Course, Page, Place, Problem
from course_builder.tokens import MATH, place_of, runs, telling


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each formula that cannot be shown."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token in telling(run):
                    if token.type in MATH:
                        yield from _formula(token, page)


def _formula(token: Token, page: Page) -> Iterator[Problem]:
    try:
        to_mathml(token.content, is_display=token.type != "math_inline")
    except FormulaError as error:
        yield Problem(_place(token, error.offset, page), "error", error.code, str(error), error.hint)


def _place(token: Token, offset: int, page: Page) -> Place:
    start = place_of(page.path, token)
    before = token.content[:offset]
    if "\n" in before:
        return Place(start.path, start.line + before.count("\n"), len(before) - before.rfind("\n"))
    return Place(start.path, start.line, start.column + len(token.markup) + offset)
