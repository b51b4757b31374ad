"""The schema goes up and down on both databases and matches the models."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import check, downgrade

from lti_tool import create_app
from lti_tool.extensions import db
from lti_tool.schema import MIGRATIONS, current_revision, newest_revision, upgrade_schema
from tests.lti_tool.conftest import make_settings


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path):
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
        upgrade_schema()
        assert current_revision() == newest_revision()
