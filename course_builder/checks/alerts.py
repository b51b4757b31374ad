"""Quotes that were meant as alerts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_builder.model import Course, Problem
from course_builder.tokens import place_of, runs

_ALERT = re.compile(r"\[!(\w+)\]")


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each quote that starts as an alert and is none."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for index, token in enumerate(run):
                    is_first = token.type == "inline" and index > 1 and run[index - 2].type == "blockquote_open"
                    if is_first and (alert := _ALERT.match(token.content)):
                        message = f"`[!{alert[1]}]` opens no alert here"
                        hint = (
                            "Write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION] alone on the first line of "
                            "the quote."
                        )
                        yield Problem(place_of(page.path, token), "error", "alert-unknown", message, hint)
