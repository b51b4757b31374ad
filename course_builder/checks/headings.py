"""Headings: one of the first level opens a page, and no level is left out below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from course_builder.model import Course, Page, Place, Problem
from course_builder.tokens import place_of, plain_text, question_runs


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each heading that is missing, doubled, empty or out of order."""
    for module in course.modules:
        for page in module.pages:
            yield from _title(page)
            yield from _order(page)
            for question in page.questions:
                for run in question_runs(question):
                    yield from _in_question(run, page.path)


def _title(page: Page) -> Iterator[Problem]:
    firsts = [token for token in page.tokens if token.type == "heading_open" and token.tag == "h1"]
    if page.title:
        for token in firsts:
            hint = "Write ## for a section, or make this a page of its own."
            message = "a second first-level heading on this page"
            yield Problem(place_of(page.path, token), "error", "heading-second-title", message, hint)
    elif firsts:
        message = "something stands before the first-level heading"
        hint = "The first-level heading is the page's title and comes first, with some text in it."
        yield Problem(place_of(page.path, firsts[0]), "error", "heading-not-first", message, hint)
    else:
        hint = "Begin the page with # and its title."
        yield Problem(Place(page.path), "error", "heading-missing", "this page has no first-level heading", hint)


def _order(page: Page) -> Iterator[Problem]:
    level = 1
    for token, text in _headings(page.tokens):
        found = int(token.tag[1])
        if found > level + 1:
            message = f"a heading of level {found} follows one of level {level}"
            hint = f"Write {'#' * (level + 1)} here: no level may be left out."
            yield Problem(place_of(page.path, token), "error", "heading-order", message, hint)
        level = found
        if not plain_text(text.children or ()):
            hint = "Write its text, or delete it."
            yield Problem(place_of(page.path, token), "error", "heading-empty", "this heading is empty", hint)


def _headings(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the headings that learners see, each with its text."""
    facilitator = 0
    opening: Token | None = None
    for token in tokens:
        if token.type in {"block_open", "block_close"} and token.meta["block"].name == "facilitator":
            facilitator += token.nesting
        elif opening is not None:
            yield opening, token
            opening = None
        elif token.type == "heading_open" and not facilitator:
            opening = token


def _in_question(run: Iterable[Token], path: str) -> Iterator[Problem]:
    for token, _ in _headings(run):
        hint = "Use **bold** for a label; headings divide pages."
        yield Problem(place_of(path, token), "error", "heading-in-question", "a heading in a question", hint)
