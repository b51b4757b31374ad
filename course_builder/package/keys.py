"""Keys as the package holds them ⇄ keys as the model has them and ``scoring`` takes them."""

from __future__ import annotations

from course_builder.model import Area, NumberAnswer, Pattern, Question, Written
from course_builder.package.manifest import (
    AreaEntry,
    KeyEntry,
    NumberEntry,
    PatternEntry,
    QuestionText,
    WrittenEntry,
)
from course_builder.scoring import Key


def make_key(entry: KeyEntry, text: QuestionText, language: str) -> Key:
    """Put together what ``scoring`` needs.

    Raises:
        ValueError: if the parts contradict each other.
    """
    return Key(
        type=entry.type,
        options=tuple(option.id for option in text.options),
        correct=entry.correct,
        items=tuple(item.id for item in text.items),
        pairs=entry.pairs,
        written={gap: _written(each) for gap, each in entry.written.get(language, {}).items()},
        choices=text.choices,
        number=_number(entry.number),
        areas={option: Area(area.shape, area.numbers) for option, area in entry.areas.items()},
        points=entry.points,
        tries=entry.tries,
        penalty=entry.penalty,
        partial=entry.partial,
        hint_costs=tuple(hint.cost for hint in text.hints),
        language=language,
        unit=text.unit,
    )


def _written(entry: WrittenEntry) -> Written:
    return Written(
        tuple(Pattern(each.text, each.regex) for each in entry.accepted),
        tuple(Pattern(each.text, each.regex) for each in entry.foreseen),
        entry.exact,
    )


def _number(entry: NumberEntry | None) -> NumberAnswer | None:
    if entry is None:
        return None
    return NumberAnswer(entry.answer, entry.tolerance, entry.minimum, entry.maximum)


def correct_of(question: Question) -> tuple[str, ...]:
    """Name a question's right options; those of an ``order`` question in their order."""
    return tuple(option.id for option in question.options if question.type == "order" or option.is_correct)


def pairs_of(question: Question) -> dict[str, str]:
    """Give the right option of each item that has one."""
    return {item.id: item.pair for item in question.items if item.pair is not None}


def written_of(question: Question) -> dict[str, WrittenEntry]:
    """Give what a question's gaps, or its one field, take; the field's name is empty."""
    fields = {item.id: item.written for item in question.items} | {"": question.written}
    return {name: _written_entry(written) for name, written in fields.items() if written is not None}


def number_of(question: Question) -> NumberEntry | None:
    """Give the right number."""
    number = question.number
    if number is None:
        return None
    return NumberEntry(number.answer, number.tolerance, number.minimum, number.maximum)


def areas_of(question: Question) -> dict[str, AreaEntry]:
    """Give the areas of a hotspot."""
    return {
        option.id: AreaEntry(option.area.shape, option.area.numbers)
        for option in question.options
        if option.area is not None
    }


def _written_entry(written: Written) -> WrittenEntry:
    return WrittenEntry(
        tuple(PatternEntry(each.text, each.is_regex) for each in written.accepted),
        tuple(PatternEntry(each.text, each.is_regex) for each in written.foreseen),
        written.is_exact,
    )
