"""the block that was last in view

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("participation") as table:
        table.add_column(sa.Column("last_block", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("participation") as table:
        table.drop_column("last_block")
