from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_builder.scoring import Key, ResponseError, score
from course_builder.scoring.key import PARTIAL

OPTIONS = ("a", "b", "c", "d")
SINGLE = Key("single", OPTIONS, ("b",))
MULTIPLE = Key("multiple", OPTIONS, ("a", "b"), points=Fraction(2))
ORDER = Key("order", OPTIONS, ("c", "a", "d", "b"))


def multiple(partial):
    return Key("multiple", OPTIONS, ("a", "b"), points=Fraction(2), partial=partial)


def test_gives_all_points_for_the_right_option():
    result = score(SINGLE, "b")
    assert (result.points, result.max_points, result.state) == (1, 1, "right")
    assert result.parts == {"b": "right"}


def test_says_which_option_was_right_where_another_was_chosen():
    result = score(SINGLE, "a")
    assert (result.points, result.state) == (0, "wrong")
    assert result.parts == {"a": "wrong", "b": "missed"}


@pytest.mark.parametrize(
    ("key", "nothing"), [(SINGLE, None), (MULTIPLE, []), (MULTIPLE, None), (ORDER, []), (ORDER, None)]
)
def test_gives_no_points_for_no_answer(key, nothing):
    result = score(key, nothing)
    assert (result.points, result.state) == (0, "unanswered")


@pytest.mark.parametrize(
    ("partial", "ticked", "points", "state"),
    [
        ("off", ["b", "a"], 2, "right"),
        ("off", ["a"], 0, "wrong"),
        ("off", ["a", "b", "c"], 0, "wrong"),
        ("each", ["a"], Fraction(3, 2), "partly"),
        ("each", ["a", "b", "c"], Fraction(3, 2), "partly"),
        ("each", ["c", "d"], 0, "wrong"),
        ("each", OPTIONS, 1, "partly"),
        ("net", ["a"], 1, "partly"),
        ("net", ["a", "b", "c"], 1, "partly"),
        ("net", OPTIONS, 0, "wrong"),
        ("net", ["a", "c", "d"], 0, "wrong"),
    ],
)
def test_scores_multiple_answers_as_the_author_chose(partial, ticked, points, state):
    result = score(multiple(partial), ticked)
    assert (result.points, result.state) == (points, state)


def test_marks_chosen_and_missed_options_of_a_multiple_question():
    assert score(MULTIPLE, ["a", "c"]).parts == {"a": "right", "b": "missed", "c": "wrong"}


@pytest.mark.parametrize(
    ("partial", "placed", "points"),
    [
        ("off", ["c", "a", "d", "b"], 1),
        ("off", ["c", "a", "b", "d"], 0),
        ("each", ["c", "a", "b", "d"], Fraction(1, 2)),
        ("each", ["b", "d", "a", "c"], 0),
    ],
)
def test_scores_positions_in_an_order(partial, placed, points):
    key = Key("order", OPTIONS, ("c", "a", "d", "b"), partial=partial)
    assert score(key, placed).points == points


def test_takes_a_share_of_the_points_for_each_further_try_and_each_hint():
    key = Key(
        "single",
        OPTIONS,
        ("a",),
        points=Fraction(3),
        tries=None,
        penalty=Fraction(1, 3),
        hint_costs=(Fraction(1, 4), Fraction(1, 2)),
    )
    assert score(key, "a", tries_used=2).points == 2
    assert score(key, "a", hints_opened=[0]).points == Fraction(9, 4)
    assert score(key, "a", hints_opened=[0, 0]).points == Fraction(9, 4)
    assert score(key, "a", tries_used=2, hints_opened=[0]).points == Fraction(5, 4)
    assert score(key, "a", tries_used=9, hints_opened=[0, 1]).points == 0
    assert score(key, "a", tries_used=9).state == "right"


@pytest.mark.parametrize(
    ("key", "response"),
    [
        (SINGLE, "z"),
        (SINGLE, ""),
        (SINGLE, ["b"]),
        (SINGLE, 3),
        (SINGLE, True),
        (SINGLE, {"b": 1}),
        (MULTIPLE, "a"),
        (MULTIPLE, ["a", "a"]),
        (MULTIPLE, ["a", None]),
        (MULTIPLE, [["a"]]),
        (MULTIPLE, [{}]),
        (MULTIPLE, ["a"] * 1_000_000),
        (MULTIPLE, {"a": 1}),
        (ORDER, ["c"]),
        (ORDER, ["c", "a", "d", "d"]),
        (ORDER, ["c", "a", "d", "x"]),
        (ORDER, "cadb"),
    ],
)
def test_refuses_a_response_that_no_form_sends(key, response):
    with pytest.raises(ResponseError, match=r"^The answer .*\.$"):
        score(key, response)


@pytest.mark.parametrize(("tries_used", "hints"), [(0, []), (2, []), (1, [0]), (1, [-1])])
def test_refuses_tries_and_hints_that_the_question_does_not_have(tries_used, hints):
    with pytest.raises(ValueError, match="question"):
        score(SINGLE, "a", tries_used, hints)


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "essay"},
        {"correct": ()},
        {"correct": ("x",)},
        {"correct": ("a", "b")},
        {"options": ("a", "a")},
        {"type": "order"},
        {"type": "order", "correct": ("a", "b", "c", "a")},
        {"partial": "net"},
        {"tries": 0},
        {"points": Fraction(-1)},
        {"penalty": Fraction(2)},
        {"hint_costs": (Fraction(3, 2),)},
    ],
)
def test_refuses_a_key_by_which_no_answer_can_be_judged(parts):
    with pytest.raises(ValueError, match=r"\w"):
        Key(**{"type": "single", "options": OPTIONS, "correct": ("a",), **parts})


@st.composite
def keys(draw):
    options = tuple(draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True)))
    kind = draw(st.sampled_from(["single", "multiple", "order"]))
    correct = draw(st.permutations(options))
    if kind == "single":
        correct = correct[:1]
    elif kind == "multiple":
        correct = correct[: draw(st.integers(1, len(options)))]
    shares = st.fractions(0, 1, max_denominator=12)
    return Key(
        kind,
        options,
        tuple(correct),
        points=draw(st.fractions(0, 20, max_denominator=12)),
        tries=None,
        penalty=draw(shares),
        partial=draw(st.sampled_from(PARTIAL[kind])),
        hint_costs=tuple(draw(st.lists(shares, max_size=3))),
    )


@st.composite
def answers(draw):
    key = draw(keys())
    if key.type == "single":
        return key, draw(st.none() | st.sampled_from(key.options))
    if key.type == "multiple":
        return key, draw(st.lists(st.sampled_from(key.options), unique=True))
    return key, draw(st.permutations(key.options))


def right_answer(key):
    return key.correct[0] if key.type == "single" else list(key.correct)


@given(answers(), st.integers(1, 5))
def test_never_leaves_the_range_of_the_points(answer, tries_used):
    key, response = answer
    result = score(key, response, tries_used, range(len(key.hint_costs)))
    assert 0 <= result.points <= result.max_points == key.points
    assert score(key, response).points >= result.points


@given(answers())
def test_only_the_right_answer_is_right(answer):
    key, response = answer
    is_same = response == right_answer(key) or (key.type == "multiple" and set(response) == set(key.correct))
    assert (score(key, response).state == "right") == is_same


@given(keys())
def test_the_right_answer_earns_all_points(key):
    assert score(key, right_answer(key)).points == key.points


@given(keys(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_scores_any_other_value_or_refuses_it_with_a_sentence(key, response):
    with suppress(ResponseError):
        assert score(key, response).points >= 0
