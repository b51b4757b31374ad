"""Canvas counts attempts: a score that may have arrived is sent again as the same one."""

from __future__ import annotations

import json

import pytest

from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.lti.egress import Answer
from lti_tool.models import ScoreReason, ScoreState
from lti_tool.practice_lms import Fault, gradebook
from tests.lti_tool.outbox.grading import Clock, Course


@pytest.fixture
def profile() -> str:
    return "canvas"


def attempts(course: Course, sub: str) -> list[bool]:
    """Which of the scores that the LMS stored were new attempts there."""
    with course.lms.connect() as connection:
        return [score.is_new_submission for score in gradebook.scores(connection, course.line_item_id, sub)]


def test_a_score_is_a_new_attempt(course: Course, outbox: Outbox, clock: Clock) -> None:
    for points in (4, 6):
        course.submit("learner-1", points, at=clock())
        deliver(outbox, course.cell("learner-1"))
        clock.advance(seconds=5)
    assert attempts(course, "learner-1") == [True, True]
    assert course.grade("learner-1") == 0.75


def test_what_may_have_arrived_is_no_new_attempt(course: Course, outbox: Outbox, clock: Clock) -> None:
    course.submit("learner-1", 6, at=clock())
    course.lms.config.faults.add(Fault(operation="scores", drops_connection=True))
    deliver(outbox, course.cell("learner-1"))
    assert attempts(course, "learner-1") == []
    clock.advance(hours=1)
    deliver(outbox, course.cell("learner-1"))
    assert attempts(course, "learner-1") == [False]
    assert course.grade("learner-1") == 0.75


def test_what_surely_did_not_arrive_still_is_one(course: Course, outbox: Outbox, clock: Clock) -> None:
    course.submit("learner-1", 6, at=clock())
    throttled = {"X-Rate-Limit-Remaining": "0.0"}
    course.lms.config.faults.add(Fault(operation="scores", status=403, headers=throttled))
    deliver(outbox, course.cell("learner-1"))
    [score] = course.scores()
    assert (score.state, score.reason) == (ScoreState.WAITING, ScoreReason.THROTTLED)
    clock.advance(hours=1)
    deliver(outbox, course.cell("learner-1"))
    assert attempts(course, "learner-1") == [True]


def test_the_time_of_the_submission_goes_along(course: Course, outbox: Outbox, clock: Clock, monkeypatch) -> None:
    sent: list[dict] = []
    request = outbox.egress.request

    def note(method: str, url: str, headers=None, body=None) -> Answer:
        if url.partition("?")[0].endswith("/scores"):
            sent.append(json.loads(body))
        return request(method, url, headers, body)

    monkeypatch.setattr(outbox.egress, "request", note)
    course.submit("learner-1", 6, at=clock())
    deliver(outbox, course.cell("learner-1"))
    [score] = sent
    submission = score["https://canvas.instructure.com/lti/submission"]
    assert submission == {"new_submission": True, "submitted_at": score["timestamp"]}


def test_an_older_score_is_set_aside(course: Course, outbox: Outbox, clock: Clock) -> None:
    course.submit("learner-1", 8, at=clock())
    deliver(outbox, course.cell("learner-1"))
    first = course.scores()[0]
    clock.advance(seconds=5)
    older = course.submit("learner-1", 4, at=clock())
    payload = json.loads(course.score(older).payload) | {"timestamp": first.scored_at.isoformat()}
    course.change(older, payload=json.dumps(payload))
    deliver(outbox, course.cell("learner-1"))
    assert course.score(older).reason == ScoreReason.LATER_IN_GRADEBOOK
    assert course.grade("learner-1") == 1
