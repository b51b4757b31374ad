"""Both engines compare a course that a trainer asked for: the loop on SQLite, procrastinate's workers on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lti_tool.jobs.comparisons import announce_due
from lti_tool.jobs.loop import DeliveryLoop
from lti_tool.models import Comparison, Verdict
from lti_tool.practice_lms import Fault
from lti_tool.services import comparisons
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


def test_a_course_is_compared_in_the_background_and_what_is_chosen_arrives(course, engine, outbox):
    course.lms.config.faults.add(Fault(operation="results", status=500))
    course.earn("learner-1", 4, is_delivered=False)
    wait_until(lambda: course.course.grade("learner-1") == 0.5)
    course.write_by_hand("learner-1", None)
    course.ask()
    wait_until(lambda: course.column.reason)
    # In seconds it is tried again; a job that was lost is found by the regular look.
    with course.course.sessions.begin() as session:
        session.get_one(Comparison, course.context_id).next_try_at = datetime.now(UTC)
    announce_due(outbox)
    wait_until(lambda: course.comparison.compared_at)
    assert course.verdicts == {"learner-1": Verdict.MISSING}
    with course.course.sessions.begin() as session:
        assert comparisons.choose(session, session.get_one(Comparison, course.context_id), None, outbox.clock()) == 1
    wait_until(lambda: course.course.grade("learner-1") == 0.5)
