"""Objectives that questions name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from course_builder.model import Course, Problem


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each question that names an objective its module does not have."""
    for module in course.modules:
        known = {objective.id for objective in module.objectives}
        for question in module.questions:
            # Without objectives module.yaml could not be read, which was reported.
            if known and question.objective is not None and question.objective not in known:
                near = difflib.get_close_matches(question.objective, sorted(known), n=1)
                hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(sorted(known))}."
                message = f"the module has no objective `{question.objective}`"
                yield Problem(question.place, "error", "objective-unknown", message, hint)
