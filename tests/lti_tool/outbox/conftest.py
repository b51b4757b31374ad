"""A course with a gradebook, and the outbox that delivers to it, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from lti_tool.extensions import db
from lti_tool.jobs.delivery import Outbox, open_outbox
from tests.lti_tool.outbox.grading import Clock, Course, open_course


@pytest.fixture
def clock() -> Clock:
    """The time of the tool and of the LMS."""
    return Clock()


@pytest.fixture
def profile() -> str:
    """The LMS's behaviour; a test may choose another."""
    return "strict"


@pytest.fixture
def course(app: Flask, tmp_path: Path, clock: Clock, profile: str) -> Iterator[Course]:
    """A course in a running LMS."""
    with app.app_context():
        engine = db.engine
    with open_course(engine, tmp_path / "lms", clock=clock, profile=profile) as opened:
        yield opened


@pytest.fixture
def outbox(app: Flask, clock: Clock) -> Outbox:
    """The outbox, with a clock that stands still and pauses of a known length."""
    with app.app_context():
        made = open_outbox(db.engine, app.config["SETTINGS"], clock)
    return replace(made, lease=timedelta(seconds=60))
