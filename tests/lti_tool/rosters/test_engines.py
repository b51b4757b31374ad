"""Both engines read a list that a trainer asked for: the loop on SQLite, procrastinate's workers on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from lti_tool.jobs.loop import DeliveryLoop
from lti_tool.jobs.rosters import announce_due
from lti_tool.models import Context, RosterReason
from lti_tool.practice_lms import Fault
from lti_tool.services import rosters
from tests.lti_tool.outbox.grading import wait_until


@pytest.fixture
def outbox(outbox):
    return replace(outbox, clock=lambda: datetime.now(UTC))


@pytest.fixture
def engine(outbox, tmp_path):
    """Work as the tool does on this database, until the test is over."""
    settings = outbox.settings
    if settings.is_sqlite:
        loop = DeliveryLoop(outbox, 0.05)
        loop.start()
        yield
        loop.stop()
        return
    environment = {
        **os.environ,
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
        "MASTER_KEYS": ",".join(settings.master_keys),
        "DATABASE_URL": settings.sqlalchemy_url,
        "DATA_DIR": str(tmp_path),
        "EGRESS_ALLOW": "127.0.0.0/8",
        "SCORE_POLL_S": "0.05",
    }
    with (tmp_path / "worker.log").open("w") as log:
        command = [sys.executable, "-m", "lti_tool.cli", "worker"]
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield
        worker.kill()
        worker.wait()


def test_a_list_that_is_asked_for_is_read_in_the_background(make_course, engine):
    course = make_course(learners=120)
    course.ask()
    wait_until(lambda: course.roster.pulled_at)
    assert course.roster.learners == 120


def test_a_list_is_read_again_after_a_failure_and_when_it_is_due(course, engine, outbox):
    course.lms.config.faults.add(Fault(operation="memberships", status=500))
    course.ask()
    wait_until(lambda: course.roster.reason)
    assert course.roster.reason == RosterReason.PLATFORM_ERROR
    course.change(next_pull_at=datetime.now(UTC))
    announce_due(outbox)
    wait_until(lambda: course.roster.pulled_at)
    assert course.roster.reason is None
    course.change(next_pull_at=datetime.now(UTC) - timedelta(days=1), pulled_at=None)
    announce_due(outbox)
    wait_until(lambda: course.roster.pulled_at)


def test_no_job_is_left_of_a_request_that_is_rolled_back(course, outbox):
    with course.sessions() as session:
        rosters.ask(session, session.get_one(Context, course.context_id), outbox.clock())
        session.rollback()
    with course.reading() as session:
        if not outbox.settings.is_sqlite:
            assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
        assert session.scalar(text("SELECT count(*) FROM roster")) == 0
