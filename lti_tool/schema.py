"""The database's schema: where the migrations lie, and bringing a database up to date."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from lti_tool.extensions import db

_INSTALLED = Path(__file__).parent / "_migrations"
_CHECKOUT = Path(__file__).parent.parent / "migrations"
MIGRATIONS = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


@contextmanager
def only_one_upgrades() -> Iterator[None]:
    """Let one process at a time bring the database up to date, on whatever host; the others wait, and find it done."""
    url = db.engine.url
    if db.engine.dialect.name == "sqlite":
        with Path(f"{url.database}.upgrade").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect() as connection:
        # Held by the connection, not by a transaction, which would have to stay open all the time.
        driver: Any = connection.connection.driver_connection
        driver.autocommit = True
        driver.execute("SELECT pg_advisory_lock(hashtext('lti-tool upgrade'))")
        try:
            yield
        finally:
            driver.execute("SELECT pg_advisory_unlock(hashtext('lti-tool upgrade'))")
            driver.autocommit = False


def upgrade_schema() -> None:
    """Run all migrations that the database does not have yet; needs an application context."""
    upgrade(directory=str(MIGRATIONS))


def current_revision() -> str | None:
    """Give the revision that the database is at, or ``None`` for an empty one."""
    with db.engine.execution_options(only_reads=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Give the revision that this version of the tool wants."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
