"""The job queue's schema, made by our migrations, is the one its own library wants."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import psycopg
from flask_migrate import downgrade

from lti_tool import create_app
from lti_tool.extensions import db
from lti_tool.schema import MIGRATIONS, upgrade_schema
from tests.lti_tool.conftest import make_settings

QUERIES = {
    "columns": """SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name LIKE 'procrastinate%'""",
    "indexes": """SELECT indexdef FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%'""",
    "functions": """SELECT oid::regprocedure::text, regexp_replace(prosrc, '\\s+', ' ', 'g') FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "enums": """SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumlabel) FROM pg_enum e JOIN pg_type t
        ON t.oid = e.enumtypid WHERE t.typnamespace = current_schema()::regnamespace GROUP BY t.typname""",
}


def describe(connection: psycopg.Connection) -> dict[str, set]:
    return {name: {tuple(map(str, row)) for row in connection.execute(query)} for name, query in QUERIES.items()}


def test_migrations_make_what_the_installed_library_wants(postgres_database: str, tmp_path: Path):
    app = create_app(make_settings(tmp_path, database_url=postgres_database))
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        try:
            with app.app_context():
                upgrade_schema()
                migrated = describe(connection)
                downgrade(directory=str(MIGRATIONS), revision="base")
                left = describe(connection)
                db.engine.dispose()
            connection.execute((files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"))
            wanted = describe(connection)
        finally:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    for name in QUERIES:
        assert left[name] == set()
        assert migrated[name] == wanted[name], f"{name}: run procrastinate's newer migrations in one of ours"
