"""What each LMS says when it refuses a score for good, and what people are told; asking for patience is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.models import ScoreReason, ScoreState
from lti_tool.platforms import PRODUCTS, differences_of
from lti_tool.practice_lms import Fault
from lti_tool.views.delivery_words import describe_reason
from tests.lti_tool.outbox.grading import Clock, Course

LEARNER = "learner-1"
NO_ATTEMPTS = '{"errors": [{"message": "The maximum number of allowed attempts has been reached for this submission"}]}'


def send(course: Course, outbox: Outbox, clock: Clock, sub: str = LEARNER) -> tuple[ScoreState, str | None]:
    score_id = course.submit(sub, 4, at=clock())
    assert deliver(outbox, course.cell(sub))
    score = course.score(score_id)
    return score.state, score.reason


@pytest.mark.parametrize(
    ("profile", "sub", "reason"),
    [
        ("d2l", "trainer-1", ScoreReason.ROLE_NOT_GRADED),
        ("d2l", "outsider", ScoreReason.PERSON_REFUSED),
        ("d2l", "nobody", ScoreReason.PERSON_REFUSED),
        ("blackboard", "trainer-1", ScoreReason.PERSON_REFUSED),
        ("blackboard", "outsider", ScoreReason.PERSON_REFUSED),
        ("blackboard", "nobody", ScoreReason.PERSON_REFUSED),
        ("canvas", "nobody", ScoreReason.PERSON_REFUSED),
        ("sakai", "nobody", ScoreReason.PERSON_REFUSED),
    ],
)
def test_a_person_who_is_not_graded_ends_the_tries(
    course: Course, outbox: Outbox, clock: Clock, sub: str, reason: ScoreReason
) -> None:
    assert send(course, outbox, clock, sub) == (ScoreState.FAILED, reason)
    clock.advance(days=1)
    assert not deliver(outbox, course.cell(sub))
    # The others' scores go on.
    assert send(course, outbox, clock) == (ScoreState.DELIVERED, None)


@pytest.mark.parametrize(
    ("profile", "fault", "reason"),
    [
        # The same statuses without the words that mean a person.
        ("d2l", {"status": 403, "body": "Forbidden"}, ScoreReason.ACCESS_REFUSED),
        ("d2l", {"status": 404, "body": "No such line item"}, ScoreReason.COLUMN_GONE),
        ("blackboard", {"status": 400, "body": "scoreMaximum is missing"}, ScoreReason.SCORE_REFUSED),
        ("blackboard", {"status": 422}, ScoreReason.PERSON_REFUSED),
        ("canvas", {"status": 422, "body": NO_ATTEMPTS}, ScoreReason.ATTEMPTS_USED_UP),
    ],
)
def test_a_status_means_what_its_words_say(
    course: Course, outbox: Outbox, clock: Clock, fault: dict[str, Any], reason: ScoreReason
) -> None:
    course.lms.config.faults.add(Fault(operation="scores", **fault))
    assert send(course, outbox, clock) == (ScoreState.FAILED, reason)


@pytest.mark.parametrize("profile", ["d2l", "blackboard", "canvas", "sakai", "moodle"])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403, "headers": {"Retry-After": "60"}, "body": "User in requested score is not enrolled"},
        {"status": 403, "headers": {"X-Rate-Limit-Remaining": "0"}},
        {"status": 429},
        # Source of the header: D2L, "Rate limiting and API response headers".
        {"status": 429, "headers": {"Retry-After": "60"}},
    ],
    ids=["403", "403-remaining", "429", "429-retry-after"],
)
def test_who_asks_for_patience_refuses_nobody(
    course: Course, outbox: Outbox, clock: Clock, fault: dict[str, Any]
) -> None:
    course.lms.config.faults.add(Fault(operation="scores", **fault))
    assert send(course, outbox, clock) == (ScoreState.WAITING, ScoreReason.THROTTLED)
    clock.at = course.scores(LEARNER)[0].next_try_at
    assert deliver(outbox, course.cell(LEARNER))
    assert course.received(LEARNER) == [0.5]


@pytest.fixture
def words(app: Flask) -> Iterator[Any]:
    with app.test_request_context("/"):
        yield describe_reason


def test_every_refusal_of_every_lms_has_words_of_its_own(words: Any) -> None:
    reasons = {refusal.reason for product in PRODUCTS for refusal in differences_of(product).refusals}
    assert reasons == {ScoreReason.PERSON_REFUSED, ScoreReason.ROLE_NOT_GRADED, ScoreReason.ATTEMPTS_USED_UP}
    assert len({words(reason) for reason in reasons}) == len(reasons)
    assert "Can be graded in Grades" in words(ScoreReason.ROLE_NOT_GRADED)
    assert "trainer can allow more" in words(ScoreReason.ATTEMPTS_USED_UP)
    assert all(words(reason) for reason in ScoreReason)
