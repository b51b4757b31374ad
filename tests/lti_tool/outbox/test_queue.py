"""Queueing a score: body, timestamp, what it supersedes, and when there is none."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from sqlalchemy import select, text

from lti_tool.models import Attempt, Person, Placement, Score, ScoreReason, ScoreState
from lti_tool.services.scores import Obstacle, hold, newest_scores, obstacle, queue_score

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def payload_of(course, score_id):
    return json.loads(course.score(score_id).payload)


def test_fixes_the_body_of_a_score_when_it_is_queued(course):
    score_id = course.submit("learner-1", 6, 8, at=AT)
    assert payload_of(course, score_id) == {
        "userId": "learner-1",
        "scoreGiven": 6,
        "scoreMaximum": 8,
        "timestamp": "2026-03-01T12:00:00.123+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    assert course.score(score_id).scored_at.isoformat(timespec="microseconds") == "2026-03-01T12:00:00.123000+00:00"


@pytest.mark.parametrize(
    ("points", "most", "given", "maximum"),
    [
        (Fraction(8), Fraction(8), 8, 8),
        (Fraction(16, 3), Fraction(8), 5.3333, 8),
        (Fraction(5, 4), Fraction(5, 2), 2.5, 5),
        (Fraction(1, 3), Fraction(1, 3), 1, 1),
        (Fraction(0), Fraction(3), 0, 3),
    ],
)
def test_sends_a_whole_maximum_and_rounds_once(course, points, most, given, maximum):
    body = payload_of(course, course.submit("learner-1", points, most, at=AT))
    assert (body["scoreGiven"], body["scoreMaximum"]) == (given, maximum)
    assert isinstance(body["scoreMaximum"], int)


@pytest.mark.parametrize(("points", "most"), [(9, 8), (-1, 8), (0, 0), (1, -1)])
def test_refuses_points_that_are_no_score(course, points, most):
    with pytest.raises(ValueError, match="is not a score"):
        course.submit("learner-1", points, most, at=AT)


def test_sets_timestamps_a_second_apart_and_no_further_than_needed(course):
    times = [AT, AT, AT + timedelta(seconds=1.5), AT + timedelta(seconds=60)]
    ids = [course.submit("learner-1", number, at=time) for number, time in enumerate(times)]
    base = AT.replace(microsecond=123000)
    assert [course.score(score_id).scored_at for score_id in ids] == [
        base,
        base + timedelta(seconds=1),
        base + timedelta(seconds=2),
        base + timedelta(seconds=60),
    ]


def test_does_not_send_a_score_before_its_own_timestamp(course):
    course.submit("learner-1", 1, at=AT)
    score = course.score(course.submit("learner-1", 2, at=AT))
    assert score.next_try_at == score.scored_at > AT


def test_people_do_not_push_each_others_timestamps(course):
    first = course.submit("learner-1", 1, at=AT)
    second = course.submit("learner-2", 1, at=AT)
    assert course.score(first).scored_at == course.score(second).scored_at


def test_the_newest_supersedes_what_waits(course):
    first, second = (course.submit("learner-1", number, at=AT) for number in (1, 2))
    assert course.score(first).state == ScoreState.SUPERSEDED
    assert course.score(first).reason == ScoreReason.NEWER_QUEUED
    assert course.score(second).state == ScoreState.WAITING


def test_the_newest_does_not_supersede_what_is_being_sent(course):
    first = course.submit("learner-1", 1, at=AT)
    course.change(first, state=ScoreState.SENDING, lease_token="t", lease_until=AT + timedelta(minutes=1))
    course.submit("learner-1", 2, at=AT)
    assert course.score(first).state == ScoreState.SENDING


def test_queueing_an_attempt_twice_makes_one_score(course):
    with course.sessions.begin() as session:
        attempt = course.add_attempt(session, "learner-1", AT)
        ids = {
            queue_score(
                session,
                attempt=attempt,
                launch_line_item_url=course.line_item_url,
                points=Fraction(1),
                max_points=Fraction(2),
                at=AT,
            ).id
            for _ in range(2)
        }
    assert len(ids) == 1


def test_attempts_submitted_at_the_same_moment_get_timestamps_of_their_own(course):
    barrier = threading.Barrier(4)
    queued = []

    # Attempts have numbers of their own, which would clash here: only the scores are at the same moment.
    with course.sessions.begin() as session:
        attempts = [course.add_attempt(session, "learner-1", AT).id for _ in range(4)]

    def queue(attempt_id):
        barrier.wait(10)
        with course.sessions.begin() as session:
            score = queue_score(
                session,
                attempt=session.get(Attempt, attempt_id),
                launch_line_item_url=course.line_item_url,
                points=Fraction(1),
                max_points=Fraction(2),
                at=AT,
            )
            queued.append(score.id)

    threads = [threading.Thread(target=queue, args=(attempt_id,)) for attempt_id in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(queued)) == 4
    times = [score.scored_at for score in course.scores("learner-1")]
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(seconds=1)}
    assert [score.state for score in course.scores("learner-1")].count(ScoreState.WAITING) == 1


def test_a_rollback_leaves_neither_score_nor_job(course):
    session = course.sessions()
    course.queue(session, "learner-1", 1, at=AT)
    session.rollback()
    session.close()
    assert course.scores() == []
    assert jobs_in(course) in ([], None)


def test_a_commit_leaves_score_and_job(course):
    course.submit("learner-1", 1, at=AT)
    assert len(course.scores()) == 1
    assert jobs_in(course) in ([(course.cell("learner-1").lock, "deliver_score")], None)


def jobs_in(course):
    """The jobs in the queue; ``None`` on SQLite, which has no queue."""
    with course.sessions() as session:
        if session.get_bind().dialect.name != "postgresql":
            return None
        return [tuple(row) for row in session.execute(text("SELECT lock, task_name FROM procrastinate_jobs"))]


@pytest.mark.parametrize(
    ("change", "line_item_url", "expected"),
    [
        ({}, "column", None),
        ({"is_anonymous": True}, "column", Obstacle.ANONYMOUS),
        ({"is_test": True}, "column", Obstacle.TEST_ACCOUNT),
        ({}, None, Obstacle.NO_COLUMN),
        ({}, "", Obstacle.NO_COLUMN),
        ({"scopes": []}, "column", Obstacle.NO_SCOPE),
    ],
)
def test_queues_nothing_where_something_stands_in_the_way(course, change, line_item_url, expected):
    with course.sessions.begin() as session:
        person = session.get(Person, course.people["learner-1"])
        placement = session.get(Placement, course.placement_id)
        for name, value in change.items():
            setattr(placement if name == "scopes" else person, name, value)
        score = queue_score(
            session,
            attempt=course.add_attempt(session, "learner-1", AT),
            launch_line_item_url=line_item_url,
            points=Fraction(1),
            max_points=Fraction(2),
            at=AT,
        )
        assert obstacle(person, placement, line_item_url) == expected
        assert (score is None) == (expected is not None)


def test_gives_the_newest_score_of_each_person(course):
    for sub, points in (("learner-1", 1), ("learner-1", 2), ("learner-2", 3)):
        course.submit(sub, points, at=AT)
    with course.sessions() as session:
        newest = newest_scores(session, course.placement_id, course.people.values())
        shown = {score.person.sub: json.loads(score.payload)["scoreGiven"] for score in newest.values()}
        assert shown == {"learner-1": 2, "learner-2": 3}
        assert list(newest_scores(session, course.placement_id, [course.people["learner-2"]])) == [
            course.people["learner-2"]
        ]


def test_who_holds_a_person_sees_what_the_one_before_wrote(course):
    waiting, done, counts = threading.Event(), threading.Event(), []

    def second():
        waiting.set()
        with course.sessions.begin() as session:
            hold(session, course.people["learner-1"])
            counts.append(len(session.scalars(select(Score)).all()))
        done.set()

    with course.sessions.begin() as session:
        hold(session, course.people["learner-1"])
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait(10)
        assert not done.wait(0.1)
        course.queue(session, "learner-1", 1, at=AT)
    thread.join(10)
    assert counts == [1]
