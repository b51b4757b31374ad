"""What runs in processes that are killed. They are forked from one that has imported all of this already."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from lti_tool import crash_points
from lti_tool.config import Settings
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.loop import run_loop
from lti_tool.jobs.worker import run_worker
from lti_tool.lti.grades import GradeService
from tests.lti_tool.outbox.grading import Course

_sending = threading.local()


def submit(settings: Settings, course: Course, sub: str, points: int, point: str) -> None:
    """Submit an attempt, as a web process does."""
    _die_at(point)
    course = replace(course, sessions=sessionmaker(create_engine(settings.sqlalchemy_url)))
    course.submit(sub, points, 100, at=datetime.now(UTC))


def work(settings: Settings, point: str | None = None) -> None:
    """Deliver scores, as a worker does on this kind of database; without a point until told to end."""
    if point:
        _die_at(point)
    outbox = open_outbox(create_engine(settings.sqlalchemy_url), settings)
    if settings.is_sqlite:
        run_loop(outbox, settings)
    else:
        run_worker(outbox, settings, concurrency=2)


def _die_at(point: str) -> None:
    """End this process, with nothing cleaned up, when it comes to a point."""
    _notice_scores()

    def reach(name: str) -> None:
        # Requests for tokens and results leave, too; here it is the scores that count.
        if name == point and (name != "after-request-left" or getattr(_sending, "is_score", False)):
            os.kill(os.getpid(), signal.SIGKILL)

    crash_points.reach = reach


def _notice_scores() -> None:
    publish: Callable[..., None] = GradeService.publish

    def noticed(*arguments: Any, **options: Any) -> None:
        _sending.is_score = True
        try:
            publish(*arguments, **options)
        finally:
            _sending.is_score = False

    GradeService.publish = noticed  # type: ignore[method-assign]
