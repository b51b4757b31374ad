"""Competences that objectives name: of a framework that the course lists, if it lists any."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from course_builder.model import Course, Problem


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each competence of a framework, or an edition of it, that the course does not list."""
    known = sorted({f"{framework.id} {framework.version}" for framework in course.frameworks})
    if not known:
        return
    for module in course.modules:
        for objective in module.objectives:
            for competence in objective.competences:
                named = f"{competence.framework} {competence.version}"
                if named not in known:
                    near = difflib.get_close_matches(named, known, n=1)
                    hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(known)}."
                    message = f"`frameworks` in course.yaml has no `{named}`"
                    yield Problem(objective.place, "error", "framework-unknown", message, hint)
