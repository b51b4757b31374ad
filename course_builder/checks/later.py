"""What the language has and this version of the builder has not: better an error than something else on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from course_builder.model import Course, Page, Problem
from course_builder.tokens import place_of, runs

_VARIABLE = re.compile(r"\{\{\s*[A-Za-z][\w.-]*\s*\}\}")
_ALERT = re.compile(r"\[!(\w+)\]")


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each variable and unknown alert."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for index, token in enumerate(run):
                    yield from _token(token, page)
                    if token.type == "inline" and index > 1 and run[index - 2].type == "blockquote_open":
                        yield from _alert(token, page)


def _token(token: Token, page: Page) -> Iterator[Problem]:
    place = place_of(page.path, token)
    children = token.children or [] if token.type == "inline" else []
    for child in children:
        if child.type == "text" and (variable := _VARIABLE.search(child.content)):
            message = f"variables such as {variable[0]} are not in this version of the builder"
            yield Problem(place, "error", "variable-later", message, "Write the value itself for now.")


def _alert(token: Token, page: Page) -> Iterator[Problem]:
    alert = _ALERT.match(token.content)
    if alert:
        message = f"`[!{alert[1]}]` opens no alert here"
        hint = "Write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION] alone on the first line of the quote."
        yield Problem(place_of(page.path, token), "error", "alert-unknown", message, hint)
