"""Whoever holds a lease has stopped calling the platform before anybody else may begin, however slow it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lti_tool.jobs import delivery as delivering
from lti_tool.jobs.delivery import Outbox, now
from lti_tool.models import ScoreState
from lti_tool.practice_lms import Fault
from lti_tool.practice_lms.faults import Operation
from tests.lti_tool.outbox.grading import Course, wait_until

LEARNER = "learner-1"
LEASE_S = 3.0


@pytest.fixture
def real(outbox: Outbox) -> Outbox:
    """The outbox with a clock that goes, and short leases."""
    return replace(outbox, clock=now, lease=timedelta(seconds=LEASE_S))


@pytest.fixture
def slow(course: Course) -> Callable[..., None]:
    """Let the LMS answer an operation slowly, but before a call ends by itself."""

    def make_slow(*operations: Operation, seconds: float) -> None:
        for operation in operations:
            course.lms.config.faults.add(Fault(operation=operation, delay_s=seconds, when="after", times=-1))

    return make_slow


def test_a_delivery_of_many_slow_calls_ends_before_its_lease(course, real, slow):
    """Each of its calls is in time, and all of them together are not."""
    score_id = course.submit(LEARNER, 4, at=now())
    course.change(score_id, may_have_arrived=True)
    slow("token", "results", "scores", seconds=LEASE_S * 0.36)
    (first,) = delivering.claim(real, [course.cell(LEARNER)])
    ended: list[delivering.Sent | None] = []
    sender = threading.Thread(target=lambda: ended.append(delivering.send(real, first)))
    sender.start()
    taken: list[delivering.Claimed] = []
    wait_until(lambda: taken.extend(delivering.claim(real, [course.cell(LEARNER)])) or taken)
    assert ended, "two workers sent the same score at a time"
    sender.join()
    (sent,) = ended
    assert sent is not None
    assert sent[1].may_have_arrived


def test_a_delivery_that_waited_too_long_is_left_to_the_next(course, real):
    score_id = course.submit(LEARNER, 4, at=now())
    (claimed,) = delivering.claim(replace(real, lease=timedelta(seconds=0.2)), [course.cell(LEARNER)])
    time.sleep(0.15)
    assert delivering.send(real, claimed) is None
    assert course.received(LEARNER) == []
    assert course.score(score_id).state == ScoreState.SENDING
    time.sleep(0.1)
    assert delivering.deliver(real, course.cell(LEARNER))
    assert course.score(score_id).state == ScoreState.DELIVERED
    assert course.received(LEARNER) == [0.5]
