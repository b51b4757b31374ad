"""The database's schema: where the migrations lie, and bringing a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from lti_tool.extensions import db

_INSTALLED = Path(__file__).parent / "_migrations"
_CHECKOUT = Path(__file__).parent.parent / "migrations"
MIGRATIONS = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


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
