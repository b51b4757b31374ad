"""The tool on a real, migrated database of each kind."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import Rule

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.vault import new_master_key
from lti_tool.schema import upgrade_schema
from lti_tool.views.egress import egress_of

MASTER_KEY = new_master_key()
PUBLIC_URL = "https://tool.test"


def make_settings(data_dir: Path, **overrides: Any) -> Settings:
    """Settings as an administrator would set them, for a tool at :data:`PUBLIC_URL`."""
    values: dict[str, Any] = {
        "lti_tool_env": "development",
        "public_url": PUBLIC_URL,
        "secret_key": "tests-" + "s" * 32,
        "master_keys": (MASTER_KEY,),
        "data_dir": data_dir,
        "egress_allow": ("127.0.0.0/8", "localhost"),
        "runs_worker": False,
    }
    return Settings.from_environment({}, **(values | overrides))


_open_transactions = threading.local()


def _note_begin(_connection: Connection) -> None:
    _open_transactions.count = getattr(_open_transactions, "count", 0) + 1


def _note_end(_connection: Connection) -> None:
    _open_transactions.count = getattr(_open_transactions, "count", 0) - 1


for _name, _listener in (("begin", _note_begin), ("commit", _note_end), ("rollback", _note_end)):
    event.listen(Engine, _name, _listener)


@pytest.fixture(autouse=True)
def no_call_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail each call to a platform that is made while its thread holds a transaction open."""
    request = Egress.request

    def watched(self: Egress, *arguments: Any, **options: Any) -> Answer:
        assert not getattr(_open_transactions, "count", 0), "a platform is called inside an open transaction"
        return request(self, *arguments, **options)

    monkeypatch.setattr(Egress, "request", watched)


@pytest.fixture(scope="session", autouse=True)
def _routes_are_compiled_once() -> Iterator[None]:
    """Let Werkzeug write the function that builds an address once for each rule: it is the same in each test's tool."""
    compile_builder, kept = Rule._compile_builder, {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, rule.merge_slashes, repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates that were compiled for an earlier test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy: faster than migrating anew for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(make_settings(folder))
    with app.app_context():
        upgrade_schema()
        db.session.remove()
        # SQLite writes all of its log into the file when the last connection closes.
        db.engine.dispose()
    return folder / "lti-tool.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated PostgreSQL database; tests share it and empty its tables."""
    name = postgres_database.rsplit("/", 1)[1]
    url = postgres_database.rsplit("/", 1)[0] + f"/{name}_app"
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}_app"')
        # What was committed survives a process that dies all the same; machines that lose power are not tried here.
        server.execute(f'ALTER DATABASE "{name}_app" SET synchronous_commit TO off')
    app = create_app(make_settings(tmp_path_factory.mktemp("postgres"), database_url=url))
    with app.app_context():
        upgrade_schema()
        db.session.remove()
        db.engine.dispose()
    yield url
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}_app" WITH (FORCE)')


_EMPTY_TABLES = """
DO $$
DECLARE
  each record;
  is_filled boolean;
BEGIN
  -- Foreign keys wait for nothing here: all goes.
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each.tablename) INTO is_filled;
    IF is_filled THEN
      EXECUTE format('DELETE FROM %I', each.tablename);
    END IF;
  END LOOP;
  FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', each.sequencename);
  END LOOP;
END $$
"""


def _empty_tables(url: str) -> None:
    """Delete all rows of the tool and of the job queue, and keep the schema.

    TRUNCATE would make new files for some hundred tables and indexes, most of which are empty anyway.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_EMPTY_TABLES)


@pytest.fixture(params=["sqlite", "postgresql"])
def make_app(
    request: pytest.FixtureRequest, tmp_path: Path, templates: FileSystemBytecodeCache
) -> Iterator[Callable[..., Flask]]:
    """Make the tool on one migrated, empty database; called twice it gives a second process's view of the same one."""
    apps: list[Flask] = []
    if request.param == "sqlite":
        database = tmp_path / "lti-tool.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), database)
        url = f"sqlite:///{database}"
    else:
        url = request.getfixturevalue("migrated_postgres")
        _empty_tables(url)

    def make(**overrides: Any) -> Flask:
        app = create_app(make_settings(tmp_path, database_url=url, **overrides))
        app.config["TESTING"] = True
        app.jinja_env.bytecode_cache = templates
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        egress_of(app).close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The tool, on both kinds of database."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, speaking to the tool at its public address."""
    return app.test_client()
