"""launches at shared computers

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("launch") as table:
        table.add_column(sa.Column("shared_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("launch") as table:
        table.drop_column("shared_at")
