"""A platform that is down is left alone until a trial succeeds, and is not overrun when it is back."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from lti_tool.extensions import db
from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.models import Outage, Registration, ScoreReason, ScoreState
from lti_tool.practice_lms import Fault
from lti_tool.services import deliveries, outages
from lti_tool.services.scores import Cell
from tests.lti_tool.outbox.grading import Clock, Course, open_course

MANY = 40


@pytest.fixture
def course(app, tmp_path, clock):
    with app.app_context():
        engine = db.engine
    with open_course(engine, tmp_path / "lms", clock=clock, learners=MANY) as opened:
        yield opened


def submit_all(course: Course, clock: Clock) -> None:
    for number in range(1, MANY + 1):
        course.submit(f"learner-{number}", 6, at=clock())


def due(course: Course, clock: Clock) -> list[Cell]:
    with course.sessions() as session:
        return deliveries.due_cells(session, clock(), limit=1000)


def work(course: Course, outbox: Outbox, clock: Clock) -> int:
    """Deliver what is due, as workers do that have taken it all at once; says how many were tried."""
    return sum(deliver(outbox, cell) for cell in due(course, clock))


def break_lms(course: Course, **fault: object) -> None:
    course.lms.config.faults.add(Fault(operation="scores", times=-1, **fault))


def outage(course: Course) -> Outage | None:
    with course.sessions() as session:
        found = outages.find(session, course.registration_id)
        if found is not None:
            session.expunge(found)
        return found


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"drops_connection": True}], ids=str)
def test_three_failures_pause_the_platform(course, outbox, clock, fault):
    submit_all(course, clock)
    break_lms(course, **fault)
    assert work(course, outbox, clock) == outages.PAUSED_AFTER
    assert outage(course).is_paused
    assert not due(course, clock), "the others are not even looked at"


def test_one_trial_at_a_time_and_longer_and_longer_between_them(course, outbox, clock):
    submit_all(course, clock)
    break_lms(course, status=503)
    work(course, outbox, clock)
    pauses = []
    for _ in range(12):
        wait = outage(course).next_trial_at - clock()
        pauses.append(wait)
        clock.at += wait
        assert work(course, outbox, clock) == 1
    assert pauses[6] > 8 * pauses[0]
    assert max(pauses) <= outbox.patience.first_pause * 2**outages.MOST_DOUBLINGS
    tries = [score.tries for score in course.scores()]
    assert sum(tries) == outages.PAUSED_AFTER + 12, "of forty scores, most were never sent in vain"


def test_it_starts_slowly_when_it_is_back_and_loses_nothing(course, outbox, clock):
    submit_all(course, clock)
    break_lms(course, status=503)
    work(course, outbox, clock)
    clock.advance(hours=2)
    course.lms.config.faults.clear()
    rounds = []
    while outage(course) is not None:
        started = [claim(course, outbox, clock, cell) for cell in due(course, clock)]
        under_way = [delivery for delivery in started if delivery is not None]
        rounds.append(len(under_way))
        for delivery in under_way:
            finish(course, outbox, clock, delivery)
    assert rounds[0] == 1, "a trial"
    assert all(later <= 2 * earlier for earlier, later in itertools.pairwise(rounds)), rounds
    while work(course, outbox, clock):
        pass
    assert all(course.received(f"learner-{number}") == [0.75] for number in range(1, MANY + 1))


def claim(course, outbox, clock, cell):
    with course.sessions.begin() as session:
        return deliveries.claim(session, outbox.vault, cell, at=clock(), lease=outbox.lease)


def finish(course, outbox, clock, delivery):
    outcome = deliveries.send(delivery, outbox.egress, clock)
    with course.sessions.begin() as session:
        deliveries.record(session, outbox.vault, delivery, outcome, at=clock(), patience=outbox.patience)


def test_a_trial_that_is_not_heard_of_again_is_followed_by_another(course, outbox, clock):
    submit_all(course, clock)
    break_lms(course, status=503)
    work(course, outbox, clock)
    clock.advance(hours=2)
    first, second, *_ = due(course, clock)
    assert claim(course, outbox, clock, first) is not None, "its process dies now"
    assert claim(course, outbox, clock, second) is None
    clock.at += outbox.lease + timedelta(seconds=1)
    assert claim(course, outbox, clock, second) is not None


def test_one_column_that_fails_again_and_again_pauses_nobody(course, outbox, clock):
    course.submit("learner-1", 6, at=clock())
    for _ in range(8):
        course.lms.config.faults.add(Fault(operation="scores", status=500))
        work(course, outbox, clock)
        clock.advance(hours=2)
    assert outage(course) is None
    work(course, outbox, clock)
    assert course.grade("learner-1") == 0.75


def test_a_platform_that_says_no_is_well(course, outbox, clock):
    for _ in range(4):
        for sub in ("trainer-1", "nobody"):
            course.submit(sub, 6, at=clock())
        work(course, outbox, clock)
        clock.advance(seconds=5)
    assert {score.state for score in course.scores()} == {ScoreState.FAILED}
    assert outage(course) is None


def test_another_platform_is_not_held_up(course, outbox, clock):
    submit_all(course, clock)
    break_lms(course, status=503)
    work(course, outbox, clock)
    with course.sessions.begin() as session:
        known = session.get_one(Registration, course.registration_id)
        other = Registration(
            issuer="https://other.test",
            client_id="other",
            title="Other",
            auth_url=known.auth_url,
            token_url=known.token_url,
            key_set_url=known.key_set_url,
            created_at=clock(),
        )
        session.add(other)
        session.flush()
        assert outages.enter(session, other.id, clock(), outbox.lease)
        assert not outages.enter(session, known.id, clock(), outbox.lease)
        assert session.get_one(Outage, known.id).reason == ScoreReason.PLATFORM_ERROR
