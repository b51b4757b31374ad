"""A course whose list can be read, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lti_tool.extensions import db
from lti_tool.jobs.delivery import Outbox, open_outbox
from tests.lti_tool.outbox.grading import Clock
from tests.lti_tool.rosters.course_list import CourseList, open_course_list


@pytest.fixture
def clock() -> Clock:
    """The time of the tool and of the LMS."""
    return Clock()


@pytest.fixture
def outbox(app: Flask, clock: Clock) -> Outbox:
    """What work in the background needs."""
    with app.app_context():
        made = open_outbox(db.engine, app.config["SETTINGS"], clock)
    return replace(made, lease=timedelta(seconds=60))


@pytest.fixture
def make_course(app: Flask, outbox: Outbox, tmp_path: Path) -> Iterator[Callable[..., CourseList]]:
    """Start an LMS with a course."""
    with app.app_context():
        engine = db.engine
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(_opened(engine, tmp_path / "lms", outbox, more))


def _opened(engine: Any, folder: Path, outbox: Outbox, more: dict[str, Any]) -> Any:
    return open_course_list(engine, folder, outbox, **more)


@pytest.fixture
def course(make_course: Callable[..., CourseList]) -> CourseList:
    """A small course."""
    return make_course()
