from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_builder.draw import draw, drawn_questions

SEED = b"\x01" * 32
OPTIONS = ("reuse", "copies", "nothing", "later")


def order_of(drawn):
    return [drawn.to_id[name] for name in drawn.names]


def test_draws_the_same_again_from_the_same_seed():
    assert draw(SEED, "q", OPTIONS, True, "single") == draw(SEED, "q", OPTIONS, True, "single")


def test_names_differ_between_attempts_questions_and_options():
    drawn = [
        draw(SEED, "q", OPTIONS, True, "single"),
        draw(b"\x02" * 32, "q", OPTIONS, True, "single"),
        draw(SEED, "r", OPTIONS, True, "single"),
    ]
    assert len({name for each in drawn for name in each.names}) == 12


def test_keeps_the_order_of_the_source_where_shuffling_is_off():
    assert order_of(draw(SEED, "q", OPTIONS, False, "multiple")) == list(OPTIONS)


def test_orders_do_not_follow_the_source():
    orders = {tuple(order_of(draw(bytes([n]) * 16, "q", OPTIONS, True, "single"))) for n in range(200)}
    assert len(orders) == 24


def test_never_serves_the_items_of_an_order_question_in_the_right_order():
    key = ("copies", "nothing", "reuse")
    orders = {
        tuple(order_of(draw(bytes([n]) * 16, "q", sorted(key), shuffle, "order", key)))
        for n in range(100)
        for shuffle in (True, False)
    }
    assert orders == set(permutations(key)) - {key}


def test_what_is_served_does_not_depend_on_the_order_the_options_are_given_in():
    assert draw(SEED, "q", OPTIONS, True, "single").names == draw(SEED, "q", OPTIONS[::-1], True, "single").names


def test_serves_the_only_item_of_an_order_question():
    assert order_of(draw(SEED, "q", ["a"], True, "order", ["a"])) == ["a"]


def test_refuses_an_order_question_without_its_key():
    with pytest.raises(ValueError, match="key of q"):
        draw(SEED, "q", OPTIONS, True, "order")


def test_refuses_a_seed_that_can_be_guessed():
    with pytest.raises(ValueError, match="seed"):
        draw(b"1", "q", OPTIONS, True, "single")


@given(
    st.binary(min_size=16, max_size=32),
    st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), unique=True, max_size=30),
)
def test_names_lead_back_to_each_option_once(seed, options):
    drawn = draw(seed, "q", options, True, "multiple")
    assert sorted(order_of(drawn)) == sorted(options)
    assert len(set(drawn.names)) == len(options)
    assert not set(drawn.names) & set(options)


def test_names_items_apart_from_options_and_keeps_their_order():
    drawn = draw(SEED, "q", ("yes", "no"), True, "table", item_ids=("permit", "building", "yes"))
    assert [drawn.to_item[name] for name in drawn.items] == ["permit", "building", "yes"]
    assert order_of(drawn) == ["yes", "no"]
    assert not set(drawn.items) & set(drawn.names)


def test_never_serves_right_hand_sides_in_the_order_of_their_left_hand_sides():
    key = ("writes", "decides")
    orders = {
        tuple(
            each
            for each in order_of(draw(bytes([n]) * 16, "q", ("decides", "sings", "writes"), True, "match", key))
            if each in key
        )
        for n in range(100)
    }
    assert orders == {("decides", "writes")}


def test_draws_the_order_of_a_drop_down_list():
    offers = {"g": ("law", "principle", "rule")}
    orders = {draw(bytes([n]) * 16, "q", (), True, "gap", choices=offers).choices["g"] for n in range(60)}
    assert orders == set(permutations(offers["g"]))
    assert draw(SEED, "q", (), False, "gap", choices=offers).choices == offers


def test_draws_from_each_pool_the_same_again_and_others_for_others():
    questions, pools = ("a", "b", "c", "d", "e", "f"), [(("b", "c", "d"), 1), (("e", "f"), 2)]
    drawn = {tuple(drawn_questions(bytes([n]) * 16, questions, pools)) for n in range(60)}
    assert drawn == {("a", "b", "e", "f"), ("a", "c", "e", "f"), ("a", "d", "e", "f")}
    assert drawn_questions(SEED, questions, pools) == drawn_questions(SEED, questions, pools)
