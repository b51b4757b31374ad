"""Blocks of code: in a language that can be highlighted, or in none."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.highlight import is_known, language_of, nearest
from course_builder.model import Course, Problem
from course_builder.tokens import place_of, runs, telling


def check(course: Course) -> Iterator[Problem]:
    """Yield a warning for each block of code in a language that is not known."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token in telling(run):
                    language = language_of(token.info) if token.type == "fence" else ""
                    if language and not is_known(language):
                        near = nearest(language)
                        hint = f"Did you mean `{near}`?" if near else "Write `text` for code without colours."
                        message = f"there is no language `{language}` to highlight code in"
                        yield Problem(place_of(page.path, token), "warning", "code-language", message, hint)
