"""What is due: questions whose ``verify=`` date has come. Asked for with a date, since no build depends on today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from course_builder.model import Course, Problem


def check_due(course: Course, by: date) -> Iterator[Problem]:
    """Yield a warning for each question that was to be looked at again by a date."""
    for module in course.modules:
        for question in module.questions:
            if question.verify is not None and date.fromisoformat(question.verify) <= by:
                message = f"`{question.id}` was to be verified by {question.verify}"
                hint = f"Compare it with its source{_source(question.source)}, then set a new verify= date."
                yield Problem(question.place, "warning", "question-due", message, hint)


def _source(source: str | None) -> str:
    return f" ({source})" if source else ""
