"""The two engines: the loop on SQLite, procrastinate's workers on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.extensions import db
from lti_tool.jobs import start_loop
from lti_tool.jobs.delivery import deliver, open_outbox
from lti_tool.jobs.loop import DeliveryLoop
from lti_tool.jobs.worker import add_missing_jobs
from lti_tool.models import ScoreReason, ScoreState
from lti_tool.practice_lms import Fault
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.outbox.grading import open_course, wait_until

LEARNER = "learner-1"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings(make_app):
    app = make_app(score_poll_s=0.05, score_lease_s=2)
    with app.app_context():
        yield app.config["SETTINGS"]


@pytest.fixture
def course(settings, tmp_path):
    with open_course(db.engine, tmp_path / "lms", clock=now) as opened:
        yield opened


@pytest.fixture
def outbox(settings):
    return open_outbox(db.engine, settings)


@pytest.fixture
def begin_loop(outbox):
    begun = []

    def begin(poll_s=0.05, outbox=outbox):
        loop = DeliveryLoop(outbox, poll_s)
        loop.start()
        begun.append(loop)
        return loop

    yield begin
    for loop in begun:
        loop.stop()


@pytest.fixture
def begin_worker(settings, tmp_path):
    """Run ``lti-tool worker`` as a process."""
    begun = []

    def begin():
        environment = {
            **os.environ,
            "LTI_TOOL_ENV": "development",
            "PUBLIC_URL": PUBLIC_URL,
            "SECRET_KEY": settings.secret_key,
            "MASTER_KEYS": MASTER_KEY,
            "DATABASE_URL": settings.sqlalchemy_url,
            "DATA_DIR": str(tmp_path),
            "EGRESS_ALLOW": "127.0.0.0/8",
            "SCORE_POLL_S": "0.05",
            "SCORE_LEASE_S": "2",
        }
        log = (tmp_path / f"worker-{len(begun)}.log").open("w")
        worker = subprocess.Popen(
            [sys.executable, "-m", "lti_tool.cli", "worker"], env=environment, stdout=log, stderr=log
        )
        begun.append((worker, log))
        return worker

    yield begin
    for worker, log in begun:
        worker.kill()
        worker.wait()
        log.close()


def is_delivered(course, *score_ids):
    return lambda: all(course.score(score_id).state == ScoreState.DELIVERED for score_id in score_ids)


def test_a_commit_wakes_the_loop_of_its_process(course, begin_loop):
    begin_loop(poll_s=600)
    time.sleep(0.1)
    started = time.monotonic()
    score_id = course.submit(LEARNER, 4, at=now())
    wait_until(is_delivered(course, score_id))
    assert time.monotonic() - started < 10


def test_a_rollback_wakes_nobody_and_the_next_look_finds_what_others_committed(course, begin_loop, settings):
    begin_loop(poll_s=0.05)
    other = sessionmaker(create_engine(settings.sqlalchemy_url))
    with other() as session:
        course.queue(session, LEARNER, 2, at=now())
        session.rollback()
    assert course.scores() == []
    with other.begin() as session:
        course.queue(session, LEARNER, 4, at=now())
    wait_until(lambda: course.grade(LEARNER) == 0.5)
    other.kw["bind"].dispose()


def test_two_loops_deliver_each_score_once(course, begin_loop):
    for _ in range(2):
        begin_loop()
    for points in (2, 4, 6):
        ids = [course.submit(sub, points, at=now()) for sub in ("learner-1", "learner-2", "learner-3")]
        wait_until(is_delivered(course, *ids))
    for sub in ("learner-1", "learner-2", "learner-3"):
        assert course.received(sub) == [0.25, 0.5, 0.75]


def test_an_lms_that_does_not_answer_does_not_hold_up_the_others(course, begin_loop):
    course.lms.config.faults.add(Fault(operation="scores", delay_s=1.0))
    slow = course.submit("learner-1", 4, at=now())
    quick = course.submit("learner-2", 4, at=now())
    begin_loop()
    wait_until(lambda: {course.score(slow).state, course.score(quick).state} & {ScoreState.DELIVERED})
    assert {course.score(slow).state, course.score(quick).state} == {ScoreState.SENDING, ScoreState.DELIVERED}


def test_stopping_the_loop_finishes_what_is_being_sent(course, begin_loop):
    course.lms.config.faults.add(Fault(operation="scores", when="after", delay_s=0.5))
    score_id = course.submit(LEARNER, 4, at=now())
    loop = begin_loop()
    wait_until(lambda: course.received(LEARNER))
    loop.stop()
    assert course.score(score_id).state == ScoreState.DELIVERED


def test_the_loop_outlives_what_it_did_not_expect(course, begin_loop, outbox):
    calls = []

    def clock():
        # The first delivery's first question for the time.
        if threading.current_thread().name not in {"score-delivery", "chores"} and not calls:
            calls.append(None)
            raise RuntimeError("no time to be had")
        return now()

    score_id = course.submit(LEARNER, 4, at=now())
    begin_loop(outbox=replace(outbox, clock=clock))
    wait_until(is_delivered(course, score_id))


def test_the_loop_outlives_a_database_that_is_away(course, begin_loop, outbox):
    away = create_engine("sqlite:////nowhere/at/all.db")
    calls = []

    def sessions():
        calls.append(None)
        return Session(away if len(calls) < 3 else course.sessions.kw["bind"])

    sessions.begin = course.sessions.begin
    score_id = course.submit(LEARNER, 4, at=now())
    begin_loop(outbox=replace(outbox, sessions=sessions))
    wait_until(is_delivered(course, score_id))
    assert len(calls) >= 3


def test_the_web_process_delivers_on_sqlite_only_and_where_the_settings_want_it(make_app):
    wanted = make_app(runs_worker=True, score_poll_s=60)
    loop = start_loop(wanted)
    assert (loop is not None) == wanted.config["SETTINGS"].is_sqlite
    if loop:
        loop.stop()
    assert start_loop(make_app(runs_worker=False)) is None


# `lti-tool worker` ----------------------------------------------------------------------------------------------------


def test_the_worker_delivers_and_retries_until_it_is_told_to_end(course, begin_worker):
    course.lms.config.faults.add(Fault(operation="scores", status=503))
    first = course.submit("learner-1", 4, at=now())
    worker = begin_worker()
    second = course.submit("learner-2", 4, at=now())
    wait_until(is_delivered(course, first, second))
    assert sorted(course.score(score_id).tries for score_id in (first, second)) == [1, 2]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0


def test_the_worker_finishes_what_it_is_sending_when_told_to_end(course, begin_worker):
    worker = begin_worker()
    course.lms.config.faults.add(Fault(operation="scores", when="after", delay_s=0.7))
    score_id = course.submit(LEARNER, 4, at=now())
    wait_until(lambda: course.received(LEARNER))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert course.score(score_id).state == ScoreState.DELIVERED


# Jobs on PostgreSQL ---------------------------------------------------------------------------------------------------


def jobs(course):
    with course.sessions() as session:
        return list(session.scalars(text("SELECT lock FROM procrastinate_jobs WHERE task_name = 'deliver_score'")))


on_postgresql = pytest.mark.parametrize("make_app", ["postgresql"], indirect=True)


@on_postgresql
def test_a_score_that_waits_without_a_job_gets_one(course, outbox):
    course.submit(LEARNER, 4, at=now() - timedelta(seconds=5))
    with course.sessions.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    for _ in range(2):
        add_missing_jobs(outbox)
        assert jobs(course) == [course.cell(LEARNER).lock]


@on_postgresql
def test_a_score_that_pauses_gets_its_job_when_it_is_due(course, outbox):
    score_id = course.submit(LEARNER, 4, at=now() - timedelta(seconds=5))
    with course.sessions.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    course.change(score_id, next_try_at=now() + timedelta(minutes=1))
    add_missing_jobs(outbox)
    assert jobs(course) == []


@on_postgresql
def test_one_job_delivers_and_the_other_finds_nothing(course, outbox):
    for points in (2, 4):
        course.submit(LEARNER, points, at=now() - timedelta(seconds=5))
    assert len(jobs(course)) == 2
    assert [deliver(outbox, course.cell(LEARNER)) for _ in range(2)] == [True, False]
    assert course.received(LEARNER) == [0.5]


def test_a_reason_that_passes_is_forgotten(course, outbox):
    course.lms.config.faults.add(Fault(operation="scores", status=429))
    score_id = course.submit(LEARNER, 4, at=now())
    deliver(outbox, course.cell(LEARNER))
    assert course.score(score_id).reason == ScoreReason.THROTTLED
    wait_until(lambda: deliver(outbox, course.cell(LEARNER)))
    assert course.score(score_id).reason is None
