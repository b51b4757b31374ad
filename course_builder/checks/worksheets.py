"""Worksheets and polls: something to fill in, and options that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_builder.model import Course, Place, Problem
from course_builder.model.workshop import Named
from course_builder.tokens import plain_text


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each worksheet without a field and each choice that leaves none."""
    for module in course.modules:
        for worksheet in module.workshop.worksheets:
            if not worksheet.fields:
                hint = "Put ::: field {#id type=text} blocks into it."
                message = "there is no field in this worksheet"
                yield Problem(worksheet.place, "error", "worksheet-empty", message, hint)
            for field in worksheet.fields:
                yield from _options(field.options, field.place)
                yield from _names(field.columns, "column")
                yield from _names(field.rows, "row")
        for poll in module.workshop.polls:
            yield from _options(poll.options, poll.place)


def _options(options: Sequence[Named], place: Place) -> Iterator[Problem]:
    # A list that could not be read at all was reported.
    if len(options) == 1:
        hint = "Add another one, or ask differently."
        yield Problem(place, "error", "options-too-few", "one option leaves no choice", hint)
    yield from _names(options, "option")


def _names(items: Sequence[Named], kind: str) -> Iterator[Problem]:
    seen: dict[str, Named] = {}
    for item in items:
        words = plain_text(item.text).casefold()
        has_image = any(child.type == "image" for token in item.text for child in token.children or ())
        if not words and not has_image:
            yield Problem(item.place, "error", "item-empty", f"this {kind} has no text", "Write it, or delete it.")
        elif words in seen:
            message = f"two of the {kind}s say the same, first on line {seen[words].place.line}"
            yield Problem(item.place, "error", "item-twice", message, "Reword or delete one of them.")
        else:
            seen[words] = item
