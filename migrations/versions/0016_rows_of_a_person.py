"""the rows of a person are found by an index

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEXES = (
    ("launch", ("person_id",)),
    ("participation", ("person_id",)),
    ("page_visit", ("person_id",)),
    ("score", ("person_id",)),
    ("member", ("registration_id", "sub")),
)


def upgrade() -> None:
    for table, columns in _INDEXES:
        op.create_index(op.f(_name(table, columns)), table, list(columns))


def downgrade() -> None:
    for table, columns in reversed(_INDEXES):
        op.drop_index(op.f(_name(table, columns)), table_name=table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return "_".join(("ix", *(f"{table}_{column}" for column in columns)))
