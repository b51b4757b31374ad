"""The course's accent: links, buttons and progress have to be seen, on light pages and on dark ones."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.accent import GROUNDS, LEAST, too_faint
from course_builder.model import Course, Problem


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each ground on which the accent has too little contrast."""
    if course.theme is None:
        return
    for scheme, key, colour in (
        ("light", "accent", course.theme.accent),
        ("dark", "accent_dark", course.theme.accent_dark),
    ):
        for ground, ratio in too_faint(colour, scheme):
            # Rounded down, so that 4.49 does not read as the 4.5 that is asked for.
            message = (
                f"`{colour}` on the {ground} of {scheme} pages ({GROUNDS[scheme][ground]}) "
                f"has a contrast of {int(ratio * 10) / 10}:1; text needs {LEAST}:1"
            )
            hint = f"Choose a {'darker' if scheme == 'light' else 'lighter'} colour for `{key}`."
            yield Problem(course.theme.place, "error", "accent-contrast", message, hint)
