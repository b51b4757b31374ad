from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import LmsConfig, PracticeLms, Seed, create_lms, demo_seed, practice_lms_of
from lti_tool.practice_lms.database import connect, prepare
from lti_tool.practice_lms.signing import make_key
from tests.practice_lms.clock import Clock
from tests.practice_lms.moodle_seed import moodle_seed
from tests.practice_lms.recordings import Names
from tests.practice_lms.tool import TOOL_URL, Tool

LMS_URL = "http://127.0.0.1:8001"


@pytest.fixture(scope="session")
def tool() -> Tool:
    return Tool()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seed() -> Seed:
    return demo_seed(
        login_url=f"{TOOL_URL}/login",
        redirect_uris=(f"{TOOL_URL}/launch",),
        jwks_url=f"{TOOL_URL}/jwks",
        target_link_uri=f"{TOOL_URL}/launch?module=m1-readiness",
        content_url=f"{TOOL_URL}/dl",
        module_title="Readiness",
        custom={"course": "$Context.id", "unknown": "$Moon.phase"},
        maximum=8,
    )


@pytest.fixture(scope="session")
def database_with_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty LMS that has its key already, since making one takes long."""
    path = tmp_path_factory.mktemp("lms") / "key.db"
    prepare(path)
    with connect(path) as connection:
        make_key(connection, Clock()())
    return path


@pytest.fixture
def make_lms(tmp_path: Path, tool: Tool, clock: Clock, seed: Seed, database_with_key: Path) -> Callable[..., Flask]:
    def make(**changes: Any) -> Flask:
        database = tmp_path / "lms.db"
        if not database.exists():
            shutil.copy(database_with_key, database)
        values = {
            "database": database,
            "base_url": LMS_URL,
            "seed": seed,
            "clock": clock,
            "fetch_key_set": tool.key_set,
            **changes,
        }
        app = create_lms(LmsConfig(**values))
        app.testing = True
        return app

    return make


@pytest.fixture
def app(make_lms: Callable[..., Flask]) -> Flask:
    return make_lms()


@pytest.fixture
def lms(app: Flask) -> PracticeLms:
    return practice_lms_of(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return client_of(app)


class LmsClient(FlaskClient):
    """A test client that calls the LMS by its own address."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", practice_lms_of(self.application).issuer)
        return super().open(*args, **kwargs)


def client_of(app: Flask) -> FlaskClient:
    return LmsClient(app, app.response_class)


@pytest.fixture
def make_moodle(make_lms: Callable[..., Flask], clock: Clock) -> Callable[[Names], Flask]:
    def make(names: Names) -> Flask:
        clock.at = datetime.fromisoformat("2026-11-21T19:01:29Z") + timedelta(days=names.later.days)
        return make_lms(profile="moodle", base_url=f"https://{names.host}", seed=moodle_seed(names))

    return make
