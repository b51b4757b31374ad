"""What holds for every key and every answer."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from course_builder.model import Area
from course_builder.scoring import ResponseError, UnclearError, score, score_unasked
from course_builder.scoring.areas import contains
from course_builder.scoring.key import BY_PERSON
from course_builder.scoring.letters import OWN
from course_builder.scoring.numbers import read_number
from course_builder.scoring.regex import matches
from course_builder.scoring.score import JUDGES
from course_builder.scoring.text import fold, tidy
from tests.course_builder.scoring.expressions import expression
from tests.course_builder.scoring.keys import TYPES, any_json, any_key, likely_response, right_response

chances = st.randoms(use_true_random=False)
types = st.sampled_from(TYPES)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["i1", "i2", "a"]), inner),
    max_leaves=8,
)


def share(key, response):
    """Give an answer's share; one that is asked back has none."""
    try:
        return JUDGES[key.type](key, response).share
    except UnclearError:
        return None


@given(chances, types)
def test_a_share_is_from_nothing_to_all(random, type_):
    key = any_key(random, type_)
    found = share(key, likely_response(random, key))
    assert found is None or 0 <= found <= 1


@given(chances, types, json_values)
def test_any_value_is_scored_or_refused_with_a_sentence(random, type_, value):
    key = any_key(random, type_)
    for response in (value, any_json(random)):
        try:
            result = score_unasked(key, response)
        except ResponseError as error:
            refusal = str(error)
        else:
            refusal = "The answer was scored."
            assert 0 <= result.points <= result.max_points
        assert re.fullmatch(r"The answer .*\.", refusal)


@given(chances, types)
def test_the_right_answer_is_worth_all(random, type_):
    key = any_key(random, type_)
    result = score(key, right_response(key))
    if type_ in BY_PERSON:
        assert (result.points, result.state) == (0, "unanswered")
    else:
        assert result.points == key.points
        assert result.state == ("given" if type_ == "survey" else "right")


@given(chances, types, st.integers(1, 3), st.integers(0, 3))
def test_more_tries_and_more_hints_never_earn_more(random, type_, tries, hints):
    key = any_key(random, type_)
    response = likely_response(random, key)
    tries, hints = min(tries, key.tries or tries), min(hints, len(key.hint_costs))
    assert score_unasked(key, response, tries, range(hints)).points <= score_unasked(key, response).points


@given(chances, st.sampled_from(["match", "table", "gap"]))
def test_one_more_right_item_never_earns_less(random, type_):
    key = any_key(random, type_)
    response = likely_response(random, key) or {}
    item = random.choice(key.items)
    assert share(key, {**response, item: right_response(key)[item]}) >= share(key, response)


@given(chances, st.sampled_from(["multiple", "hotspot"]))
def test_one_more_right_tick_never_earns_less_and_one_more_wrong_one_never_more(random, type_):
    key = any_key(random, type_)
    ticked = [option for option in key.options if random.random() < 0.5]
    for option in set(key.options) - set(ticked):
        before, after = share(key, ticked), share(key, [*ticked, option])
        if not ticked:
            # No answer at all earns nothing, whatever the ticks left out would be worth.
            continue
        assert after >= before if option in key.correct else after <= before


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([*OWN, "xx"]))
def test_how_a_text_is_composed_and_spaced_does_not_count(text, language):
    folded = fold(text, language)
    assert fold(unicodedata.normalize("NFD", text), language) == folded
    assert fold(unicodedata.normalize("NFC", text), language) == folded
    assert fold(f"\u00a0 {text}\n", language) == folded
    assert fold(text.replace(" ", " \u200b\t"), language) == folded
    assert fold(folded, language) == folded


@pytest.mark.parametrize("language", OWN)
def test_a_languages_own_letters_differ_from_all_others(language):
    own = set(OWN[language])
    for letter in own:
        capital = "ẞ" if letter == "ß" else letter.upper()
        assert fold(letter, language) == fold(capital, language) == letter
    others = set("".join(OWN.values())) - own
    assert own.isdisjoint(fold(letter, language) for letter in others)


@given(st.text("0123456789.,  eE+-−\u00a0 km", max_size=12))
@example(".0")
@example("-,00e2")
def test_each_reading_of_a_number_is_written_so_that_it_reads_in_one_way(text):
    try:
        readings = read_number(text, "km")
    except UnclearError:
        return
    assert 1 <= len(readings) <= 2
    for written, value in readings.items():
        assert list(read_number(written).values()) == [value]


@given(
    st.sampled_from(["", "-", "+", "−"]),
    st.integers(0, 10**12),
    st.sampled_from(["", " ", "\u00a0", "\u202f", ",", "."]),
    st.text("0123456789", max_size=6),
)
def test_reads_numbers_as_they_are_commonly_written(sign, whole, thousands, decimals):
    separator = "," if thousands == "." else "."
    text = sign + f"{whole:,}".replace(",", thousands) + (separator + decimals if decimals else "")
    value = Fraction(f"{whole}.{decimals}" if decimals else whole) * (-1 if sign in {"-", "−"} else 1)
    assert value in read_number(text).values()


@given(chances)
def test_expressions_match_as_they_do_elsewhere(random):
    source, answer = expression(random, 1)
    text = tidy(answer() + random.choice(["", "", "x"]))
    # Python's own engine has other classes, and no categories.
    assume("[" not in source.replace(r"\[", "") and r"\p" not in source.lower())
    assert matches(source, text, is_exact=True) == (re.fullmatch(source, text) is not None)


numbers = st.integers(0, 40).map(lambda quarter: Fraction(quarter, 4) * 10)


@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=7), st.tuples(numbers, numbers), st.integers(1, 6))
def test_an_area_does_not_depend_on_where_its_polygon_begins_and_which_way_it_goes(corners, point, shift):
    def inside(points):
        return contains(Area("polygon", tuple(number for each in points for number in each)), point)

    turned = [*corners[shift % len(corners) :], *corners[: shift % len(corners)]]
    assert inside(corners) == inside(turned) == inside(corners[::-1])


@given(numbers, numbers, numbers, numbers, st.tuples(numbers, numbers))
def test_a_rectangle_is_the_polygon_of_its_corners(left, top, width, height, point):
    corners = (left, top, left + width, top, left + width, top + height, left, top + height)
    assert contains(Area("rect", (left, top, width, height)), point) == contains(Area("polygon", corners), point)
