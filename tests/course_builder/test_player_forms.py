"""Answers as forms and scripts send them become the answers that are kept, and back again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from werkzeug.datastructures import MultiDict

from course_builder.package import OptionText, QuestionText
from course_builder.player.asked import draw_question
from course_builder.player.forms import NotOfferedError, is_untouched, read_form, read_sent, to_sent
from course_builder.scoring import Key

SEED = bytes(range(16))


def text(type_: str, options: str = "", items: str = "", **more) -> QuestionText:
    return QuestionText(
        id="q",
        type=type_,
        page="p",
        quiz=None,
        points=Fraction(1),
        tries=1,
        penalty=Fraction(0),
        partial="off",
        shuffle=True,
        graded=True,
        objective=None,
        stem="<p>Which?</p>",
        options=tuple(OptionText(each, each) for each in options.split()),
        hints=(),
        items=tuple(OptionText(each, each) for each in items.split()),
        **more,
    )


class Q:
    """A question of a type, drawn."""

    def __init__(self, type_: str, options: str = "", items: str = "", **more) -> None:
        self.text = text(type_, options, items, **more)
        self.drawn = draw_question(self.text, self._key(options.split(), items.split()), SEED)
        self.name = {id_: name for name, id_ in (self.drawn.to_id | self.drawn.to_item).items()}

    def _key(self, options: list[str], items: list[str]) -> Key:
        # Only what a draw asks for.
        if self.text.type == "order":
            return Key("order", tuple(options), tuple(options))
        if self.text.type == "match":
            pairs = dict(zip(items, options, strict=False))
            return Key("match", tuple(options), items=tuple(items), pairs=pairs, partial="each")
        return Key("single", ("a",), ("a",))

    def send(self, sent):
        return read_sent(self.text, self.drawn, sent)

    def fill(self, *fields: tuple[str, str]):
        return read_form(self.text, self.drawn, MultiDict(fields))


MULTIPLE = Q("multiple", "a b c")
MATCH = Q("match", "x y z", "a b")
TABLE = Q("table", "yes no", "r1 r2")
GAP = Q("gap", "", "g1 g2", choices={"g2": ("in", "on")})
HOTSPOT = Q("hotspot", "door roof")
n = MULTIPLE.name


@pytest.mark.parametrize(
    ("q", "sent", "kept"),
    [
        (Q("single", "a b"), lambda q: q.name["b"], "b"),
        (Q("truefalse", "true false"), lambda q: q.name["true"], "true"),
        (MULTIPLE, lambda q: [q.name["c"], q.name["a"]], ["a", "c"]),
        (Q("order", "a b"), lambda q: [q.name["b"], q.name["a"]], ["b", "a"]),
        (MATCH, lambda q: {q.name["b"]: q.name["x"]}, {"b": "x"}),
        (TABLE, lambda q: {q.name["r1"]: q.name["no"]}, {"r1": "no"}),
        (Q("survey", "yes no", "r1"), lambda q: {q.name["r1"]: q.name["no"]}, {"r1": "no"}),
        (GAP, lambda q: {q.name["g1"]: " once \0only ", q.name["g2"]: "on"}, {"g1": "once only", "g2": "on"}),
        (Q("number"), lambda _q: "1,5", "1,5"),
        (Q("text"), lambda _q: " once only\ud800 ", "once only"),
        (Q("essay"), lambda _q: "One.\r\nTwo.", "One.\nTwo."),
        (HOTSPOT, lambda q: ["12.5,40", q.name["door"], "12.5,40"], ["door", "12.5,40"]),
    ],
    ids=lambda value: value.text.type if isinstance(value, Q) else "",
)
def test_what_a_script_sends_is_kept_under_ids_and_goes_back_under_names(q, sent, kept):
    assert q.send(sent(q)) == kept
    assert q.send(to_sent(q.text, q.drawn, kept)) == kept


@pytest.mark.parametrize("q", [MULTIPLE, MATCH, TABLE, GAP, HOTSPOT, Q("number"), Q("essay"), Q("single", "a")])
def test_nothing_is_no_answer(q):
    assert q.send(None) is None
    assert q.send(to_sent(q.text, q.drawn, None)) is None
    assert q.fill() is None
    assert is_untouched(q.text, q.drawn, None)


def test_a_form_names_controls_by_question_and_item():
    assert MULTIPLE.fill(("q-q", n["c"]), ("q-q", n["a"])) == ["a", "c"]
    assert MATCH.fill((f"q-q.{MATCH.name['a']}", MATCH.name["z"]), (f"q-q.{MATCH.name['b']}", "")) == {"a": "z"}
    assert GAP.fill((f"q-q.{GAP.name['g2']}", "in")) == {"g2": "in"}
    assert HOTSPOT.fill(("q-q", "100,0.25")) == ["100,0.25"]
    assert Q("text").fill(("q-q", "  ")) is None


def test_an_order_as_it_was_drawn_is_no_answer():
    q = Q("order", "a b c")
    as_drawn = q.fill(*((f"q-q.{name}", str(place)) for place, name in enumerate(q.drawn.names, 1)))
    assert is_untouched(q.text, q.drawn, as_drawn)
    assert not is_untouched(q.text, q.drawn, list(reversed(as_drawn)))


@pytest.mark.parametrize(
    ("q", "sent"),
    [
        (Q("single", "a b"), "a"),
        (Q("single", "a b"), ["x"]),
        (MULTIPLE, "x"),
        (MULTIPLE, ["a"]),
        (MULTIPLE, [n["a"], n["a"]]),
        (MULTIPLE, [n["a"]] * 400),
        (MULTIPLE, [["x"]]),
        (Q("order", "a b"), [Q("order", "a b").name["a"]]),
        (MATCH, {"a": MATCH.name["x"]}),
        (MATCH, {MATCH.name["a"]: "x"}),
        (MATCH, {MATCH.name["a"]: MATCH.name["b"]}),
        (MATCH, [MATCH.name["a"]]),
        (MATCH, {MATCH.name["a"]: {"x": 1}}),
        (GAP, {GAP.name["g2"]: "at"}),
        (GAP, {GAP.name["g1"]: "x" * 1001}),
        (GAP, {GAP.name["g1"]: 7}),
        (HOTSPOT, ["101,40"]),
        (HOTSPOT, ["12.5,-4"]),
        (HOTSPOT, [f"1,{place}" for place in range(60)]),
        (Q("number"), "1" * 101),
        (Q("number"), 7),
        (Q("text"), ["x"]),
        (Q("essay"), "x" * 50_001),
        (Q("upload"), "x.pdf"),
    ],
)
def test_refuses_what_no_page_offers(q, sent):
    with pytest.raises(NotOfferedError):
        q.send(sent)
