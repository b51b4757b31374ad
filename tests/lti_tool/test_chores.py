"""Work that comes back: done by one of many, again after its time, and not lost with the process that began it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lti_tool.extensions import db
from lti_tool.jobs import chores as jobs
from lti_tool.jobs.delivery import open_outbox
from lti_tool.models import Chore
from lti_tool.services import chores
from lti_tool.services.chores import STUCK_AFTER, begin_chore, finish_chore, last_heartbeat

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def outbox(app):
    with app.app_context():
        yield open_outbox(db.engine, app.config["SETTINGS"], lambda: START)


def test_one_of_several_takes_a_chore_and_again_when_it_is_due(outbox):
    with outbox.sessions.begin() as session:
        assert begin_chore(session, "sweep", DAY, START)
    with outbox.sessions.begin() as session:
        assert not begin_chore(session, "sweep", DAY, START)
        finish_chore(session, "sweep", {"swept": 3}, START + SECOND)
        assert session.get_one(Chore, "sweep").report == {"swept": 3}
        assert not begin_chore(session, "sweep", DAY, START + DAY - SECOND)
        assert begin_chore(session, "sweep", DAY, START + DAY)


def test_a_chore_whose_process_died_is_begun_again(outbox):
    with outbox.sessions.begin() as session:
        begin_chore(session, "sweep", DAY, START)
        assert not begin_chore(session, "sweep", DAY, START + STUCK_AFTER - SECOND)
        assert begin_chore(session, "sweep", DAY, START + STUCK_AFTER)


def test_a_chore_that_fails_leaves_the_others_alone(outbox, monkeypatch):
    done = []

    def fail(_outbox):
        raise RuntimeError("no broom")

    def work(_outbox):
        done.append(1)
        return {"swept": 1}

    monkeypatch.setattr(jobs, "CHORES", (jobs.Chore("broken", DAY, fail), jobs.Chore("sweep", DAY, work)))
    jobs.do_chores(outbox)
    jobs.do_chores(outbox)
    assert done == [1]
    with outbox.sessions() as session:
        assert last_heartbeat(session) == START
        assert session.get_one(Chore, "broken").finished_at is None
        assert session.get_one(Chore, "sweep").report == {"swept": 1}


def test_every_chore_has_a_name_of_its_own():
    names = [chore.name for chore in jobs.CHORES] + [chores.HEARTBEAT]
    assert len(set(names)) == len(names)
