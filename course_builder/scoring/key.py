"""All that decides what an answer to a question is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from fractions import Fraction

from course_builder.model import Area, NumberAnswer, Partial, Written
from course_builder.scoring.regex import RegexError, compiled

PARTIAL: Mapping[str, tuple[Partial, ...]] = {
    "single": ("off",),
    "truefalse": ("off",),
    "number": ("off",),
    "text": ("off",),
    "survey": ("off",),
    "essay": ("off",),
    "upload": ("off",),
    "multiple": ("off", "each", "net"),
    "order": ("off", "each"),
    "match": ("each", "off"),
    "gap": ("each", "off"),
    "table": ("each", "off"),
    "hotspot": ("each", "off", "net"),
}
"""All question types, and how the parts of an answer may count; the first way is the default."""

CHOSEN = frozenset({"single", "truefalse", "multiple", "hotspot"})
PAIRED = frozenset({"match", "table"})
BY_PERSON = frozenset({"essay", "upload"})

_MISFIT = "the answer is not one for a question of type {}"


@dataclass(frozen=True, slots=True)
class Key:
    """A question's key.

    ``options`` are all that can be chosen, ``items`` all that is answered by itself. ``correct`` holds the right
    options; of an ``order`` question all of them, in the right order. ``pairs`` gives the right option of each item of
    a ``match`` or ``table``, ``written`` what each gap takes (``""``: a ``text`` question), ``choices`` what a gap's
    drop-down list offers, ``areas`` where a ``hotspot``'s options are. ``penalty`` and ``hint_costs`` are shares of
    ``points``, lost for each further try and for each opened hint. A number may have ``unit`` behind it. ``language``
    decides which letters are its own.

    Raises:
        ValueError: if the parts contradict each other, so that no answer could be judged.
    """

    type: str
    options: tuple[str, ...] = ()
    correct: tuple[str, ...] = ()
    _: KW_ONLY
    items: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    number: NumberAnswer | None = None
    areas: Mapping[str, Area] = field(default_factory=dict)
    points: Fraction = Fraction(1)
    tries: int | None = 1
    penalty: Fraction = Fraction(0)
    partial: Partial = "off"
    hint_costs: tuple[Fraction, ...] = ()
    language: str = "en"
    unit: str = ""

    def __post_init__(self) -> None:
        if self.type not in PARTIAL:
            raise ValueError(f"the question type {self.type!r} is not known")
        for what in _contradictions(self):
            raise ValueError(what)


def _contradictions(key: Key) -> Iterator[str]:
    for ids in (key.options, key.correct, key.items):
        if len(set(ids)) != len(ids):
            yield "an option or item is listed twice"
    if key.partial not in PARTIAL[key.type]:
        yield f"{key.partial!r} scoring is not for questions of type {key.type}"
    if key.tries is not None and key.tries < 1:
        yield "tries are one or more"
    if key.points < 0 or any(not 0 <= share <= 1 for share in (key.penalty, *key.hint_costs)):
        yield "points, penalty or the cost of a hint is out of range"
    if bool(key.correct) != (key.type in CHOSEN or key.type == "order"):
        yield "the right options are missing, or are none of this type"
    if not set(key.correct) <= set(key.options):
        yield "the right options are not among the options"
    yield from _contradictions_of_type(key)


def _contradictions_of_type(key: Key) -> Iterator[str]:
    if key.type in {"single", "truefalse"} and len(key.correct) != 1:
        yield f"a {key.type} question has exactly one right option"
    if key.type == "order" and len(key.correct) != len(key.options):
        yield "an order question's key names each item once"
    if bool(key.pairs) != (key.type in PAIRED) or not _maps(key.pairs, key.items, key.options):
        yield _MISFIT.format(key.type)
    if key.type == "match" and len(set(key.pairs.values())) != len(key.pairs):
        yield "two items of a match question have the same right-hand side"
    fields = {"text": [""], "gap": list(key.items)}.get(key.type, [])
    if sorted(key.written) != sorted(fields) or not all(each.accepted for each in key.written.values()):
        yield _MISFIT.format(key.type)
    if key.type == "survey" and not (key.items and key.options):
        yield _MISFIT.format(key.type)
    if not set(key.choices) <= set(key.items):
        yield "a drop-down list belongs to no gap"
    if (key.number is not None) != (key.type == "number") or (key.number is not None and _is_empty(key.number)):
        yield _MISFIT.format(key.type)
    if sorted(key.areas) != (sorted(key.options) if key.type == "hotspot" else []):
        yield _MISFIT.format(key.type)
    if not all(_has_inside(area) for area in key.areas.values()):
        yield "an area has no inside"
    for pattern in (each for written in key.written.values() for each in (*written.accepted, *written.foreseen)):
        if pattern.is_regex:
            yield from _mistakes(pattern.text)


def _maps(pairs: Mapping[str, str], items: Collection[str], options: Collection[str]) -> bool:
    return not pairs or (set(pairs) == set(items) and set(pairs.values()) <= set(options))


def _has_inside(area: Area) -> bool:
    if area.shape == "polygon":
        return len(area.numbers) >= 6 and len(area.numbers) % 2 == 0
    return len(area.numbers) == 4 and min(area.numbers[2:]) > 0


def _mistakes(pattern: str) -> Iterator[str]:
    try:
        compiled(pattern, is_exact=False)
    except RegexError as error:
        yield f"the expression {pattern[:60]!r} {error}"


def _is_empty(number: NumberAnswer) -> bool:
    """Whether no number, or no certain one, is right."""
    has_range = number.minimum is not None or number.maximum is not None
    if (number.answer is not None) == has_range or number.tolerance < 0:
        return True
    return number.minimum is not None and number.maximum is not None and number.minimum > number.maximum
