"""The rules of a quiz by themselves: what is kept, what counts, what may be seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_builder.draw import shuffled_questions
from lti_tool.services.quiz_rules import (
    GRACE,
    Counting,
    Feedback,
    Hindrance,
    Rules,
    allow,
    counted,
    ends_at,
    hindrance,
    is_over,
    keep_rules,
    may_check,
    read_rules,
    share,
    shows_results,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)

DATES = st.integers(-10_000, 10_000).map(lambda hours: AT + timedelta(hours=hours))
RULES = st.builds(
    Rules,
    attempts=st.none() | st.integers(1, 100),
    counting=st.sampled_from(Counting),
    passing=st.none() | st.integers(1, 100),
    is_shuffled=st.booleans(),
    feedback=st.sampled_from(Feedback),
    opens_at=st.none() | DATES,
    closes_at=st.none() | DATES,
    zone=st.sampled_from(["UTC", "Europe/Helsinki"]),
    minutes=st.none() | st.integers(1, 1440),
    asks_how_sure=st.booleans(),
)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Tried:
    number: int
    points: str | None
    max_points: str | None = "4"
    submitted_at: datetime | None = AT
    set_aside_at: datetime | None = None


@dataclass(frozen=True)
class More:
    kind: str
    amount: int | None = None
    closes_at: datetime | None = None


def tried(*points: int | None) -> list[Tried]:
    """Attempts with these points of four; ``None`` is one that is open."""
    return [
        Tried(number, str(each)) if each is not None else Tried(number, None, None, None)
        for number, each in enumerate(points, 1)
    ]


@given(RULES)
def test_what_is_kept_is_read_back(rules):
    assert read_rules(json.loads(json.dumps(keep_rules(rules)))) == rules


MORE = st.builds(More, st.sampled_from(["attempts", "minutes"]), st.integers(1, 50)) | st.builds(
    More, st.just("closing"), st.none(), DATES
)


@given(RULES, st.lists(MORE, max_size=5))
def test_what_is_given_never_takes_anything_away(rules, given_more):
    wider = allow(rules, given_more)
    for name in ("attempts", "minutes", "closes_at"):
        before, after = getattr(rules, name), getattr(wider, name)
        assert (before is None) == (after is None)
        assert before is None or after >= before
    assert (wider.counting, wider.passing, wider.feedback) == (rules.counting, rules.passing, rules.feedback)
    assert allow(rules, []) == rules


def test_what_was_given_adds_up_and_the_latest_date_holds():
    rules = Rules(attempts=1, minutes=10, closes_at=AT)
    given_more = [More("attempts", 1), More("attempts", 2), More("minutes", 5), More("reset")]
    given_more += [More("closing", closes_at=AT + 2 * MINUTE), More("closing", closes_at=AT + MINUTE)]
    wider = allow(rules, given_more)
    assert (wider.attempts, wider.minutes, wider.closes_at) == (4, 15, AT + 2 * MINUTE)


def test_what_was_set_aside_counts_for_nothing():
    first, second = tried(4, 1)
    assert share(Rules(), [replace(first, set_aside_at=AT), second]) == Fraction(1, 4)
    assert share(Rules(), [replace(first, set_aside_at=AT)]) == 0


def test_what_was_right_is_shown_when_the_last_one_is_done():
    rules = Rules(feedback=Feedback.CLOSED, closes_at=AT, last_closes_at=AT + MINUTE)
    assert not shows_results(rules, AT, is_submitted=True)
    assert shows_results(rules, AT + MINUTE, is_submitted=True)


def test_nothing_is_kept_of_what_the_author_says():
    assert keep_rules(Rules()) == {}
    assert read_rules(None) == Rules()


@pytest.mark.parametrize(
    ("counting", "points", "numbers", "expected"),
    [
        (Counting.BEST, (1, 4, 2), [2], Fraction(1)),
        (Counting.BEST, (3, 3), [2], Fraction(3, 4)),
        (Counting.LAST, (4, 1), [2], Fraction(1, 4)),
        (Counting.LAST, (4, 1, None), [2], Fraction(1, 4)),
        (Counting.FIRST, (1, 4), [1], Fraction(1, 4)),
        (Counting.AVERAGE, (1, 2, 4), [1, 2, 3], Fraction(7, 12)),
        (Counting.AVERAGE, (None,), [], Fraction(0)),
        (Counting.BEST, (), [], Fraction(0)),
    ],
)
def test_what_counts(counting, points, numbers, expected):
    rules = Rules(counting=counting)
    assert [each.number for each in counted(rules, tried(*points))] == numbers
    assert share(rules, tried(*points)) == expected


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_the_best_is_never_less_than_any_other_way_and_all_lie_within_the_points(points):
    shares = {counting: share(Rules(counting=counting), tried(*points)) for counting in Counting}
    assert all(0 <= each <= shares[Counting.BEST] <= 1 for each in shares.values())
    assert min(points) <= 4 * shares[Counting.AVERAGE] <= max(points)


@pytest.mark.parametrize(
    ("rules", "begun", "expected"),
    [
        (Rules(), 1000, None),
        (Rules(attempts=2), 1, None),
        (Rules(attempts=2), 2, Hindrance.NONE_LEFT),
        (Rules(attempts=2), 3, Hindrance.NONE_LEFT),
        (Rules(opens_at=AT), 0, None),
        (Rules(opens_at=AT + MINUTE), 0, Hindrance.NOT_YET),
        (Rules(closes_at=AT + MINUTE), 0, None),
        (Rules(closes_at=AT), 0, Hindrance.CLOSED),
        (Rules(attempts=1, closes_at=AT), 1, Hindrance.NONE_LEFT),
    ],
)
def test_what_lets_no_attempt_begin(rules, begun, expected):
    assert hindrance(rules, begun, AT) is expected


@given(RULES)
def test_an_attempt_ends_with_its_time_or_with_the_quiz_whichever_is_first(rules):
    end = ends_at(rules, AT)
    if rules.minutes is None and rules.closes_at is None:
        assert end is None
        assert not is_over(rules, AT, AT + 3000 * MINUTE)
        return
    assert end is not None
    assert end <= (rules.closes_at or end)
    assert rules.minutes is None or end <= AT + rules.minutes * MINUTE
    assert not is_over(rules, AT, end + GRACE)
    assert is_over(rules, AT, end + GRACE + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("feedback", "checks", "while_open", "submitted", "closed"),
    [
        (Feedback.AT_ONCE, True, True, True, True),
        (Feedback.SUBMITTED, False, False, True, True),
        (Feedback.CLOSED, False, False, False, True),
        (Feedback.HELD, False, False, False, False),
    ],
)
def test_when_results_are_seen(feedback, checks, while_open, submitted, closed):
    rules = Rules(feedback=feedback, closes_at=AT)
    assert may_check(rules) is checks
    assert shows_results(rules, AT - MINUTE, is_submitted=False) is while_open
    assert shows_results(rules, AT - MINUTE, is_submitted=True) is submitted
    assert shows_results(rules, AT, is_submitted=True) is closed


@given(st.binary(min_size=16, max_size=16), st.lists(st.text("abc", min_size=1), unique=True))
def test_an_order_of_its_own_has_the_same_questions_and_stays(seed, questions):
    mixed = shuffled_questions(seed, questions)
    assert sorted(mixed) == sorted(questions)
    assert mixed == shuffled_questions(seed, mixed)
