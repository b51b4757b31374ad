"""A score that waits for a trainer says so where the platform keeps the grade that is there."""

from __future__ import annotations

import json

import pytest

from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.models import Answer, Score, ScoreState
from lti_tool.practice_lms import Fault
from tests.lti_tool.outbox.grading import Clock, Course


def submit_waiting(course: Course, points: int, at) -> int:
    """Submit an attempt of which an answer waits for a person."""
    with course.sessions.begin() as session:
        attempt = course.add_attempt(session, "learner-1", at)
        session.add(Answer(attempt_id=attempt.id, question_id="q", response="x", saved_at=at, state="waiting"))
        session.flush()
        return course.queue_attempt(session, attempt, points, at=at).id


@pytest.mark.parametrize(("profile", "kept"), [("strict", True), ("moodle", False), ("canvas", True)])
def test_the_earlier_grade_stays_until_somebody_has_judged(course: Course, outbox: Outbox, clock: Clock, kept) -> None:
    course.submit("learner-1", 4, at=clock())
    assert deliver(outbox, course.cell("learner-1"))
    clock.advance(seconds=5)
    waiting = submit_waiting(course, 6, clock())
    progress = json.loads(course.score(waiting).payload)["gradingProgress"]
    assert progress == ("PendingManual" if kept else "FullyGraded")
    assert deliver(outbox, course.cell("learner-1"))
    assert course.score(waiting).state is ScoreState.DELIVERED
    grade = course.grade("learner-1")
    assert grade in {0.5, 0.75}
    assert grade is not None, "Moodle would clear it"


def test_an_unknown_outcome_is_sent_again_and_ends(course: Course, outbox: Outbox, clock: Clock) -> None:
    """The gradebook shows nothing of such a score, so that it is not asked."""
    waiting = submit_waiting(course, 6, clock())
    course.lms.config.faults.add(Fault(operation="scores", when="after", drops_connection=True))
    assert deliver(outbox, course.cell("learner-1"))
    assert course.score(waiting).state is ScoreState.WAITING
    clock.advance(hours=1)
    assert deliver(outbox, course.cell("learner-1"))
    assert course.score(waiting).state is ScoreState.DELIVERED
    assert len(course.received("learner-1")) == 1


def test_a_score_is_queued_for_an_attempt_once(course: Course, clock: Clock) -> None:
    first = course.submit("learner-1", 4, at=clock())
    with course.sessions.begin() as session:
        attempt = session.get_one(Score, first).attempt
        assert course.queue_attempt(session, attempt, 8, at=clock()).id == first
