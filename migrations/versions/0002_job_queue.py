"""job queue on PostgreSQL

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from importlib.resources import files

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEWEST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The last of procrastinate's own migrations that this one runs; a later one of ours runs those after it.

Its ``schema.sql`` would be shorter, but is another one in each version of procrastinate.
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    folder = files("procrastinate.sql") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql") and item.name <= NEWEST)
    if NEWEST not in names:
        raise RuntimeError(f"the installed procrastinate lacks its migration {NEWEST}")
    # Each is committed by itself, because PostgreSQL lets nobody use an enum's new value before that. Should one fail,
    # the next upgrade begins anew.
    with op.get_context().autocommit_block():
        _run(DROP_ALL)
        for name in names:
            _run((folder / name).read_text(encoding="utf-8"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(DROP_ALL)


def _run(script: str) -> None:
    """Run statements as they stand, with their percent signs and colons."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(script)


DROP_ALL = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT 1 AS place, format('FUNCTION %s', oid::regprocedure) AS what FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%'
        UNION ALL
        SELECT 2, format('TABLE %I', tablename) FROM pg_tables
            WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
        UNION ALL
        SELECT 3, format('TYPE %I', typname) FROM pg_type
            WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\\_%'
            AND (typtype = 'e' OR EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
        ORDER BY place
    LOOP
        EXECUTE format('DROP %s CASCADE', found.what);
    END LOOP;
END;
$$;
"""
