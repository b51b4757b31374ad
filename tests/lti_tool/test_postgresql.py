"""A connection that its server gave up is found out before anybody works with it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from lti_tool import postgresql


@pytest.fixture
def engine(postgres_database):
    engine = create_engine(
        postgres_database.replace("postgresql://", "postgresql+psycopg://"), **postgresql.engine_options()
    )
    yield engine
    engine.dispose()


def end_what_waits(engine: Engine, url: str) -> None:
    """Let one connection wait in the pool, and let the server end it."""
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:number, 10000)"), {"number": number})
    other.dispose()


def test_one_that_was_idle_is_replaced(engine, postgres_database, monkeypatch):
    monkeypatch.setattr(postgresql, "TRUSTED_S", 0.0)
    end_what_waits(engine, postgres_database)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_one_that_was_used_just_now_is_trusted_and_fails_once(engine, postgres_database, monkeypatch):
    """This is what it costs not to ask each time, and what shows that the test above asks."""
    monkeypatch.setattr(postgresql, "TRUSTED_S", 600.0)
    end_what_waits(engine, postgres_database)
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.scalar(text("SELECT 1"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
