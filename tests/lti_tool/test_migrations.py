"""The schema goes up and down on both databases, keeps what is stored, and matches the models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from lti_tool import create_app
from lti_tool.extensions import db
from lti_tool.schema import MIGRATIONS, current_revision, newest_revision, upgrade_schema
from tests.lti_tool.conftest import make_settings

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
OURS = set(db.metadata.tables)


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_models_and_migrations_do_not_drift(empty_app):
    with empty_app.app_context():
        upgrade_schema()
        assert current_revision() == newest_revision()
        check(directory=str(MIGRATIONS))


def test_goes_down_to_nothing_and_up_again(empty_app):
    with empty_app.app_context():
        upgrade_schema()
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert current_revision() is None
        assert not OURS & set(sa.inspect(db.engine).get_table_names())
        upgrade_schema()
        assert current_revision() == newest_revision()


def test_a_row_in_every_table_survives_each_step_up_and_down(empty_app):
    with empty_app.app_context():
        upgrade(directory=str(MIGRATIONS), revision=REVISIONS[0])
        _put_a_row_in_every_table()
        for revision, earlier in zip(REVISIONS[1:], REVISIONS, strict=False):
            for step, target in ((upgrade, revision), (downgrade, earlier), (upgrade, revision)):
                before = _rows()
                step(directory=str(MIGRATIONS), revision=target)
                after = _rows()
                in_both = before.keys() & after.keys()
                assert all(after[name] == before[name] for name in in_both), f"{earlier} → {revision}"
                _put_a_row_in_every_table()
        assert current_revision() == newest_revision()


def _tables() -> list[sa.Table]:
    """Read the tool's tables from the database as they are now, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine, only=lambda name, _metadata: name in OURS)
    return metadata.sorted_tables


def _put_a_row_in_every_table() -> None:
    rows: dict[str, dict[str, Any]] = {}
    tables = _tables()
    with db.engine.begin() as connection:
        for table in tables:
            found = connection.execute(sa.select(table)).mappings().first()
            if found is not None:
                rows[table.name] = dict(found)
                continue
            row = {}
            for column in table.columns:
                parent = next(iter(column.foreign_keys), None)
                row[column.name] = rows[parent.column.table.name][parent.column.name] if parent else _value(column)
            connection.execute(table.insert().values(row))
            rows[table.name] = row
    assert len(rows) == len(tables)


def _value(column: sa.Column[Any]) -> Any:
    """Make up a value that the column takes."""
    match column.type:
        case sa.Boolean():
            return True
        case sa.Integer() | sa.Float():
            return 1
        case sa.DateTime():
            return datetime(2026, 11, 23, tzinfo=UTC)
        case sa.JSON():
            return {"kept": "yes"}
        case sa.LargeBinary():
            return b"kept"
        case _:
            return "waiting" if column.name == "state" else "kept"


def _rows() -> dict[str, int]:
    tables = _tables()
    with db.engine.connect() as connection:
        return {table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}
