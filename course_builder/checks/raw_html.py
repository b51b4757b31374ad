"""Raw HTML passes the sanitiser's allow-list; what Markdown can write is written in Markdown, where it is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from course_builder.html_comments import blank_comments
from course_builder.html_depth import MOST_OPEN, first_too_deep
from course_builder.model import Course, Page, Place, Problem, Tokens
from course_builder.sanitize import disallowed, tags
from course_builder.tokens import place_of, runs, telling

_MARKDOWN = {
    "a": "Write [text](address).",
    "img": "Write ![what it shows](assets/file.svg).",
    "table": "Write a table with | and a row of |---|.",
    "details": "Write a ::: details block.",
    **{f"h{level}": f"Write {'#' * level} and the heading." for level in range(1, 7)},
}
_ID = re.compile(r"\sid\s*=", re.IGNORECASE)


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each piece of raw HTML that is not allowed."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token in telling(run):
                    if token.type in {"html_block", "html_inline"}:
                        yield from _html(token, page)
                yield from _nesting(run, page)


def _html(token: Token, page: Page) -> Iterator[Problem]:
    refused: set[int] = set()
    for tag in tags(blank_comments(token.content)):
        name = tag["name"].lower()
        if tag["end"] or not tag[0].endswith(">"):
            continue
        if name in _MARKDOWN:
            refused.add(tag.start())
            message = f"<{name}> is written in Markdown, where the checks see it"
            yield Problem(_place(token, tag.start(), page), "error", "raw-html", message, _MARKDOWN[name])
        elif _ID.search(tag["attributes"]):
            message = f"an id on <{name}> is not checked for being there once"
            hint = "Write [text]{#id}, or give the id to a heading or a block."
            yield Problem(_place(token, tag.start(), page), "error", "raw-html", message, hint)
    for offset, what in disallowed(token.content):
        # A closing tag is named by its opening one.
        if offset not in refused and not what.startswith("the element </"):
            hint = "Take it away; docs/authoring.md lists what HTML may hold."
            yield Problem(_place(token, offset, page), "error", "raw-html", f"{what} is not allowed", hint)


def _nesting(run: Tokens, page: Page) -> Iterator[Problem]:
    """Yield a problem where too many elements of a run are open at once."""
    if (found := first_too_deep(run)) is not None:
        message = f"more than {MOST_OPEN} HTML elements are open here"
        hint = "Close each with its own tag, as <div> with </div>."
        yield Problem(_place(*found, page), "error", "raw-html", message, hint)


def _place(token: Token, offset: int, page: Page) -> Place:
    """Return where an offset in a piece of raw HTML stands in its file."""
    start = place_of(page.path, token)
    before = token.content[:offset]
    line = start.line + before.count("\n")
    column = offset - before.rfind("\n") if "\n" in before else start.column + offset
    return Place(start.path, line, column)
