"""Processes that are killed at the worst moments lose nothing, send nothing twice, and lower no grade."""

from __future__ import annotations

import json
import multiprocessing
import signal
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text

from lti_tool.extensions import db
from lti_tool.jobs.delivery import deliver, open_outbox
from lti_tool.models import Attempt, Score, ScoreState
from tests.lti_tool.outbox import victims
from tests.lti_tool.outbox.grading import open_course, wait_until

KILLS = 50
LEARNERS = 40
AT_A_TIME = 2
TIMEOUT_S = 60

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.lti_tool.outbox.victims"])


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings(make_app):
    app = make_app(score_lease_s=0.5, score_poll_s=0.05)
    with app.app_context():
        yield app.config["SETTINGS"]


@pytest.fixture
def course(settings, tmp_path):
    with open_course(db.engine, tmp_path / "lms", clock=now, learners=LEARNERS) as opened:
        yield opened


class Term:
    """A term in which learners earn a point with each attempt."""

    def __init__(self, settings, course):
        self.settings = settings
        self.course = course
        self.points = dict.fromkeys([f"learner-{number}" for number in range(1, LEARNERS + 1)], 0)
        self._turn = 0

    def next_attempt(self) -> tuple[str, int]:
        """Choose who submits next; learners take turns, so that timestamps need not be pushed."""
        sub = f"learner-{self._turn % LEARNERS + 1}"
        self._turn += 1
        self.points[sub] += 1
        return sub, self.points[sub]

    def submit(self) -> None:
        sub, points = self.next_attempt()
        self.course.submit(sub, points, 100, at=now())

    def begin(self, target, *arguments):
        process = processes.Process(target=target, args=(self.settings, *arguments))
        process.start()
        return process

    def begin_to_submit(self):
        sub, points = self.next_attempt()
        return self.begin(victims.submit, self.course.detached(), sub, points, "after-commit")

    def begin_to_work(self, point):
        # What those before left behind is work enough for those who die while they take it over.
        if point != "lease-expiry":
            self.submit()
        return self.begin(victims.work, point)


def kill(begin) -> int:
    """Let processes run into their deaths, two at a time; gives the number of deaths."""
    deaths = 0
    while deaths < KILLS:
        running = [begin() for _ in range(AT_A_TIME)]
        for process in running:
            process.join(TIMEOUT_S)
            assert process.exitcode == -signal.SIGKILL, f"the process never came to the point: {process.exitcode}"
            deaths += 1
    return deaths


@pytest.mark.xdist_group("kills")
def test_nothing_is_lost_wherever_processes_die(settings, course):
    term = Term(settings, course)
    # With an access token at hand, a worker's first request is the score.
    term.submit()
    assert deliver(open_outbox(db.engine, settings), course.cell("learner-1"))

    assert kill(term.begin_to_submit) >= KILLS
    for point in ("after-request-left", "before-result-written", "lease-expiry"):
        assert kill(lambda point=point: term.begin_to_work(point)) >= KILLS

    survivor = term.begin(victims.work)
    try:
        wait_until(lambda: states(course) <= {ScoreState.DELIVERED, ScoreState.SUPERSEDED}, TIMEOUT_S)
    finally:
        survivor.terminate()
        survivor.join(TIMEOUT_S)
    assert survivor.exitcode == 0
    for sub, points in term.points.items():
        assert_right(course, sub, points)


@pytest.mark.xdist_group("kills")
@pytest.mark.parametrize("make_app", ["postgresql"], indirect=True)
def test_a_worker_that_was_taken_for_dead_goes_on(settings, course):
    term = Term(settings, course)
    worker = term.begin(victims.work)
    try:
        term.submit()
        wait_until(lambda: states(course) == {ScoreState.DELIVERED}, TIMEOUT_S)
        for _ in range(2):
            with db.engine.begin() as connection:
                assert connection.execute(text("DELETE FROM procrastinate_workers")).rowcount == 1
            term.submit()
            wait_until(lambda: states(course) == {ScoreState.DELIVERED}, TIMEOUT_S)
    finally:
        worker.terminate()
        worker.join(TIMEOUT_S)
    assert worker.exitcode == 0


def states(course) -> set[ScoreState]:
    with course.sessions() as session:
        return set(session.scalars(select(Score.state).distinct()))


def assert_right(course, sub, points) -> None:
    """The gradebook shows the last score; none came twice or too late; each attempt has one score."""
    scores = course.scores(sub)
    received = course.received(sub)
    assert course.grade(sub) == points / 100
    assert scores[-1].state == ScoreState.DELIVERED
    assert all(earlier < later for earlier, later in pairwise(received)), received
    assert [json.loads(score.payload)["scoreGiven"] for score in scores] == list(range(1, points + 1))
    with course.sessions() as session:
        attempts = session.scalar(select(func.count()).where(Attempt.person_id == course.people[sub]))
    assert attempts == len(scores) == points
