"""How Alembic reaches the tool's database."""

from __future__ import annotations

from alembic import context
from flask import current_app

from lti_tool import models  # noqa: F401  (fills the metadata)
from lti_tool.extensions import db


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's tables out of the comparison: procrastinate's own migrations make them."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


def run_migrations() -> None:
    """Run the migrations on the application's own engine.

    SQLite rebuilds a table to change it, and dropping the old one would delete its children through their foreign
    keys: these are off for the time of the migration and checked at its end.
    """
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Outside a transaction, where the pragma is heard. The driver's connection is in autocommit mode.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        configure_args = current_app.extensions["migrate"].configure_args
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            include_name=is_ours,
            **configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} rows whose parent is gone, first: {broken[0]}")


run_migrations()
