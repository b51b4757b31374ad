"""Numbers that read in two ways, or are none: they are asked back whatever the key is, so that nothing is learned."""

from __future__ import annotations

from course_builder.package import QuestionText
from course_builder.scoring import Response, UnclearError
from course_builder.scoring.numbers import read_number


def find_readings(text: QuestionText, response: Response) -> tuple[str, ...] | None:
    """Give the ways in which an answer can be read if there is not exactly one: two, or none where it is no number."""
    if text.type != "number" or not isinstance(response, str) or not response.strip():
        return None
    try:
        readings = tuple(read_number(response, text.unit))
    except UnclearError:
        return ()
    return readings if len(readings) > 1 else None
