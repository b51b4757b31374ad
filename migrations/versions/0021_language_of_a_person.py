"""the language that a person chose

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("language", sa.String(length=50), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("language")
