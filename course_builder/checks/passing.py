"""What passing a module takes is there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from course_builder.model import Course, Problem


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each worksheet or session that ``passing`` names and the module does not have."""
    for module in course.modules:
        known = {
            "worksheet": [worksheet.id for worksheet in module.workshop.worksheets],
            "session": [session.id for session in module.workshop.sessions],
        }
        for kind, ids in (("worksheet", module.passing.worksheets), ("session", module.passing.sessions)):
            for id_ in ids:
                if id_ not in known[kind]:
                    near = difflib.get_close_matches(id_, known[kind], n=1)
                    there = f"There are {', '.join(known[kind])}." if known[kind] else f"The module has no {kind} yet."
                    hint = f"Did you mean `{near[0]}`?" if near else there
                    message = f"the module has no {kind} `{id_}`"
                    yield Problem(module.passing.place, "error", "passing-unknown", message, hint)
