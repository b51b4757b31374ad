"""A question's key in words, for the author who wants to see it beside the question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from markupsafe import Markup

from course_builder.model import NumberAnswer, Written
from course_builder.package import QuestionText
from course_builder.scoring import Key


def key_in_words(text: QuestionText, key: Key) -> tuple[Markup, ...]:
    """List what is right, a line each; empty where a person judges, or nobody."""
    return tuple(Markup(line) for line in _lines(text, key))  # noqa: S704 - made of sanitised HTML and escaped text.


def _lines(text: QuestionText, key: Key) -> Iterator[str]:
    html = {each.id: each.html for each in (*text.options, *text.items)}
    for number, option in enumerate(key.correct, 1):
        yield f"{number}. {html[option]}" if key.type == "order" else html[option]
    for item, option in key.pairs.items():
        yield f"{html[item]} → {html[option]}"
    for gap, written in key.written.items():
        yield f"{escape(gap)}: {_written(written)}" if gap else _written(written)
    if key.number is not None:
        yield _number(key.number, text.unit)


def _written(written: Written) -> str:
    return _joined(f"<code>{escape(each.text)}</code>" for each in written.accepted)


def _joined(parts: Iterable[str]) -> str:
    return " or ".join(parts)


def _number(number: NumberAnswer, unit: str) -> str:
    if number.answer is not None:
        said = _exact(number.answer) + (f" ± {_exact(number.tolerance)}" if number.tolerance else "")
    else:
        ends = (("from", number.minimum), ("to", number.maximum))
        said = " ".join(f"{word} {_exact(end)}" for word, end in ends if end is not None)
    return escape(f"{said} {unit}".strip())


def _exact(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
