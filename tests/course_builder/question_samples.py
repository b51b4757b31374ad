"""A question of each type, made by hand, with one key and with another."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from markdown_it.token import Token

from course_builder.model import (
    Area,
    Criterion,
    Item,
    Limits,
    NumberAnswer,
    Option,
    Pattern,
    Question,
    Tokens,
    Written,
)
from tests.course_builder.samples import HERE, question, text

TRUE_OR_FALSE = ("true", "false")
SIDES = ("decides", "writes", "sings")
COLUMNS = ("yes", "no")
AREAS = {
    "door": Area("rect", (Fraction(0), Fraction(0), Fraction(10), Fraction(20))),
    "counter": Area("ellipse", (Fraction(50), Fraction(50), Fraction(10), Fraction(10))),
    "bench": Area("polygon", (Fraction(80), Fraction(80), Fraction(90), Fraction(80), Fraction(90), Fraction(90))),
}


def chosen(type_: str, right: str, order: str = "reuse copies nothing") -> Question:
    """Make a question whose options are right, or stand in an order."""
    asked = question("q", type_, right)
    by_id = {option.id: option for option in asked.options}
    return replace(asked, options=tuple(by_id[option] for option in order.split()))


def bare(type_: str, **parts: object) -> Question:
    """Make a question without options, tries or hints."""
    return question("q", type_, options=(), hints=(), **parts)


def option(id_: str, *, is_correct: bool = False, area: Area | None = None) -> Option:
    return Option(id_, text(f"The {id_}."), (), is_correct, HERE, area)


def item(id_: str, pair: str | None = None) -> Item:
    return Item(id_, text(f"Row {id_}."), HERE, pair=pair)


def true_or_false(right: str) -> Question:
    options = tuple(option(each, is_correct=each == right) for each in TRUE_OR_FALSE)
    return replace(bare("truefalse"), options=options)


def number(answer: str, **parts: object) -> Question:
    return bare("number", number=NumberAnswer(Fraction(answer)), unit="km", **parts)


def written(accepted: str, foreseen: str = "data minimisation") -> Question:
    answer = Written((Pattern(accepted), Pattern("once.?only", is_regex=True)), (Pattern(foreseen),))
    return bare("text", written=answer, answer_feedback={"foreseen-1": text("That is another principle.")})


def matched(**pairs: str) -> Question:
    items = tuple(item(id_, pair) for id_, pair in pairs.items())
    return replace(bare("match", partial="each", items=items), options=tuple(option(each) for each in SIDES))


def in_rows(type_: str, **pairs: str | None) -> Question:
    items = tuple(item(id_, pair) for id_, pair in pairs.items())
    partial = "each" if type_ == "table" else "off"
    return replace(bare(type_), partial=partial, items=items, options=tuple(option(each) for each in COLUMNS))


def with_gaps(typed: str, listed: str) -> Question:
    stem: Tokens = tuple(
        token.copy(children=[*(token.children or []), gap("how-often"), gap("what")])
        if token.type == "inline"
        else token
        for token in text("Ask")
    )
    items = (
        Item("how-often", (), HERE, written=Written((Pattern(typed),))),
        Item("what", (), HERE, written=Written((Pattern(listed),)), choices=("law", "principle", "rule")),
    )
    return bare("gap", partial="each", stem=stem, items=items)


def gap(id_: str) -> Token:
    return Token("gap", "", 0, meta={"id": id_})


def hotspot(right: str, **areas: Area) -> Question:
    options = tuple(option(id_, is_correct=id_ in right.split(), area=area) for id_, area in (AREAS | areas).items())
    image = text("![A map](asset:modules/m1/assets/map.svg)")
    return replace(bare("hotspot"), partial="each", options=options, image=image)


def handed_in(type_: str, solution: str) -> Question:
    limits = Limits(words=200) if type_ == "essay" else Limits(accept=(".pdf",), files=2, size=10_000_000)
    rubric = (Criterion("clear", text("Is clear."), Fraction(1), HERE),)
    return bare(type_, rubric=rubric, limits=limits, solution=text(solution))


DIFFERENT_KEYS = {
    "single": (chosen("single", "reuse"), chosen("single", "nothing")),
    "multiple": (chosen("multiple", "reuse"), chosen("multiple", "reuse copies nothing")),
    "truefalse": (true_or_false("true"), true_or_false("false")),
    "number": (number("5"), number("-7/2")),
    "text": (written("once-only"), written("ask once", "ask twice")),
    "order": (
        chosen("order", "reuse copies nothing"),
        chosen("order", "reuse copies nothing", "nothing copies reuse"),
    ),
    "match": (matched(owner="decides", clerk="writes"), matched(owner="writes", clerk="sings")),
    "gap": (with_gaps("once", "principle"), with_gaps("twice", "law")),
    "table": (in_rows("table", permit="yes", building="no"), in_rows("table", permit="no", building="no")),
    "hotspot": (hotspot("door"), hotspot("counter bench", door=AREAS["bench"])),
}
"""Pairs of questions that differ in what is right, and in nothing else."""

WITHOUT_KEY = {
    "survey": in_rows("survey", once=None, twice=None),
    "essay": handed_in("essay", "A model answer."),
    "upload": handed_in("upload", "A model plan."),
}
"""Questions that nothing answers rightly or wrongly."""

ALL = {**{type_: one for type_, (one, _) in DIFFERENT_KEYS.items()}, **WITHOUT_KEY}
"""A question of each type."""
