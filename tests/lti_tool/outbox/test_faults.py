"""All that an LMS may do wrong, at each place that a score needs: it waits with the right reason, and arrives once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from lti_tool.extensions import db
from lti_tool.jobs.delivery import Outbox, deliver, open_outbox
from lti_tool.lti.egress import Egress
from lti_tool.models import AccessToken, Outage, Score, ScoreReason, ScoreState
from lti_tool.practice_lms import Fault
from lti_tool.views.delivery_words import describe_delivery
from tests.lti_tool.outbox.grading import Clock, Course, open_course

LEARNERS = 20
SLOW = "slow"
PAGE = "<!doctype html><html><h1>Down for maintenance</h1></html>"
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
FAULTS: dict[str, tuple[dict[str, Any], ScoreReason]] = {
    SLOW: ({"delay_s": 2.0}, ScoreReason.UNREACHABLE),
    "dropped": ({"drops_connection": True}, ScoreReason.UNREACHABLE),
    "cut": ({"status": 200, "body": '{"access_token": "abc"}', "cuts_answer": True}, ScoreReason.UNREACHABLE),
    "500": ({"status": 500}, ScoreReason.PLATFORM_ERROR),
    "503": ({"status": 503, "headers": {"Retry-After": "90"}}, ScoreReason.PLATFORM_ERROR),
    "html": ({"status": 200, "body": PAGE, "headers": HTML}, ScoreReason.PLATFORM_ERROR),
    "huge": ({"status": 200, "body": "x" * 1000, "repeats": 2000, "headers": JSON}, ScoreReason.PLATFORM_ERROR),
    "429": ({"status": 429}, ScoreReason.THROTTLED),
    "429-after": ({"status": 429, "headers": {"Retry-After": "90"}}, ScoreReason.THROTTLED),
    "403-after": ({"status": 403, "headers": {"Retry-After": "90"}}, ScoreReason.THROTTLED),
    "403-nothing-left": ({"status": 403, "headers": {"X-Rate-Limit-Remaining": "0.0"}}, ScoreReason.THROTTLED),
}
BROKEN_JSON = {"status": 200, "body": '[{"userId": "learner-1", "resultSc', "headers": JSON}


@pytest.fixture
def tool_clock() -> Clock:
    return Clock()


@pytest.fixture
def lms_clock(tool_clock: Clock) -> Callable[[], datetime]:
    """The LMS's clock; ``off`` is what it differs by."""

    class Off:
        off = timedelta(0)

        def __call__(self) -> datetime:
            return tool_clock() + self.off

    return Off()


@pytest.fixture
def course(app: Flask, tmp_path: Path, lms_clock: Callable[[], datetime]) -> Iterator[Course]:
    with app.app_context():
        engine = db.engine
    with ExitStack() as stack:
        yield stack.enter_context(open_course(engine, tmp_path / "lms", clock=lms_clock, learners=LEARNERS))


@pytest.fixture
def outbox(app: Flask, tool_clock: Clock) -> Outbox:
    with app.app_context():
        return open_outbox(db.engine, app.config["SETTINGS"], tool_clock)


def impatient(outbox: Outbox) -> Outbox:
    """The same for an LMS that is slow on purpose; all else may take its time on a busy machine."""
    settings = outbox.settings
    return replace(outbox, egress=Egress(settings.egress_allow, 0.5, settings.egress_max_bytes))


def forget(course: Course, *kept: Any) -> None:
    """Begin each fault anew: without a token, and with no pause of the platform."""
    with course.sessions.begin() as session:
        for model in kept:
            session.execute(delete(model))


def go_on(course: Course, outbox: Outbox, sub: str) -> Score:
    """Try again when it is time, until the score has arrived."""
    for _try in range(5):
        (score,) = course.scores(sub)
        if score.state is not ScoreState.WAITING:
            break
        outbox.clock.at = max(outbox.clock(), score.next_try_at)
        forget(course, Outage)
        deliver(outbox, course.cell(sub))
    return score


def words(app: Flask, score: Score) -> str:
    with app.test_request_context("/"):
        return describe_delivery(score).sentence


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["token", "scores"])
def test_a_score_waits_with_its_reason_and_arrives_once(
    app: Flask, course: Course, outbox: Outbox, operation: Any, when: Any
) -> None:
    for number, (name, (fault, reason)) in enumerate(FAULTS.items(), start=1):
        sub = f"learner-{number}"
        forget(course, Outage, AccessToken)
        course.lms.config.faults.add(Fault(operation=operation, when=when, **fault))
        course.submit(sub, 4, at=outbox.clock())
        began = outbox.clock()
        deliver(impatient(outbox) if name == SLOW else outbox, course.cell(sub))
        (score,) = course.scores(sub)
        assert (score.state, score.reason) == (ScoreState.WAITING, reason), name
        if "Retry-After" in fault.get("headers", {}):
            assert (score.next_try_at - began).total_seconds() >= 90, name
        assert "Nothing is lost; it is tried again by itself." in words(app, score), name
        # What failed at the token endpoint has surely not arrived; elsewhere only an answer to the call says so.
        is_sure = operation == "token" or reason is ScoreReason.THROTTLED
        assert score.may_have_arrived is not is_sure, name
        assert go_on(course, outbox, sub).state is ScoreState.DELIVERED, name
        assert course.received(sub) == [0.5], name


def test_a_gradebook_that_cannot_be_read_after_an_unknown_outcome_loses_and_doubles_nothing(
    course: Course, outbox: Outbox
) -> None:
    faults = FAULTS | {"truncated": (BROKEN_JSON, ScoreReason.PLATFORM_ERROR)}
    for number, (name, (fault, reason)) in enumerate(faults.items(), start=1):
        sub = f"learner-{number}"
        forget(course, Outage, AccessToken)
        course.lms.config.faults.add(Fault(operation="scores", when="after", status=502))
        course.submit(sub, 4, at=outbox.clock())
        deliver(outbox, course.cell(sub))
        course.lms.config.faults.add(Fault(operation="results", **fault))
        (score,) = course.scores(sub)
        outbox.clock.at = score.next_try_at
        deliver(impatient(outbox) if name == SLOW else outbox, course.cell(sub))
        (score,) = course.scores(sub)
        assert (score.state, score.reason, score.may_have_arrived) == (ScoreState.WAITING, reason, True), name
        assert go_on(course, outbox, sub).state is ScoreState.DELIVERED, name
        assert course.received(sub) == [0.5], name


def test_a_key_that_the_lms_does_not_know_is_no_loss(app: Flask, course: Course, outbox: Outbox) -> None:
    """The tool's key set cannot be read from there, or its key was revoked."""
    known = course.lms.tool_keys._fetch  # the LMS fetches each unknown key anew
    course.lms.tool_keys._fetch = lambda _url: b'{"keys": []}'
    course.submit("learner-1", 4, at=outbox.clock())
    deliver(outbox, course.cell("learner-1"))
    (score,) = course.scores("learner-1")
    assert (score.state, score.reason, score.may_have_arrived) == (ScoreState.WAITING, ScoreReason.TOKEN_REFUSED, False)
    assert "administrator can check the registration" in words(app, score)
    course.lms.tool_keys._fetch = known
    assert go_on(course, outbox, "learner-1").state is ScoreState.DELIVERED
    assert course.received("learner-1") == [0.5]


@pytest.mark.parametrize("off_min", [-14, -7, -1, 1, 4, 7, 14])
def test_clocks_that_differ_by_minutes_keep_no_token_back(
    course: Course, outbox: Outbox, lms_clock: Any, off_min: int
) -> None:
    lms_clock.off = timedelta(minutes=off_min)
    course.submit("learner-1", 4, at=outbox.clock())
    score = go_on(course, outbox, "learner-1")
    assert (score.state, score.reason) == (ScoreState.DELIVERED, None)
    assert course.received("learner-1") == [0.5]


def test_a_score_from_the_future_of_the_lms_waits_for_its_clock(
    app: Flask, course: Course, outbox: Outbox, lms_clock: Any
) -> None:
    lms_clock.off = timedelta(minutes=-10)
    course.submit("learner-1", 4, at=outbox.clock())
    began = outbox.clock()
    deliver(outbox, course.cell("learner-1"))
    (score,) = course.scores("learner-1")
    assert (score.state, score.reason) == (ScoreState.WAITING, ScoreReason.CLOCK_BEHIND)
    assert timedelta(minutes=10) <= score.next_try_at - began <= timedelta(minutes=11)
    assert "clock is behind ours" in words(app, score)
    assert not score.may_have_arrived
    assert go_on(course, outbox, "learner-1").state is ScoreState.DELIVERED
    assert score.tries == 1


def test_clocks_that_differ_by_hours_are_for_administrators(course: Course, outbox: Outbox, lms_clock: Any) -> None:
    lms_clock.off = timedelta(hours=-3)
    course.submit("learner-1", 4, at=outbox.clock())
    deliver(outbox, course.cell("learner-1"))
    (score,) = course.scores("learner-1")
    assert (score.state, score.reason) == (ScoreState.WAITING, ScoreReason.TOKEN_REFUSED)
    lms_clock.off = timedelta(0)
    assert go_on(course, outbox, "learner-1").state is ScoreState.DELIVERED


def test_a_score_that_is_wrong_is_refused_at_once_where_the_clocks_agree(course: Course, outbox: Outbox) -> None:
    course.lms.config.faults.add(Fault(operation="scores", status=400, body="no"))
    course.submit("learner-1", 4, at=outbox.clock())
    deliver(outbox, course.cell("learner-1"))
    (score,) = course.scores("learner-1")
    assert (score.state, score.reason) == (ScoreState.FAILED, ScoreReason.SCORE_REFUSED)
