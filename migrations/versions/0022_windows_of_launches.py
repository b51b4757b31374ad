"""launches that go on in a window of their own

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("launch") as table:
        table.add_column(sa.Column("window_ticket_hash", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("window_until", UTCDateTime(), nullable=True))
        table.create_unique_constraint(op.f("uq_launch_window_ticket_hash"), ["window_ticket_hash"])


def downgrade() -> None:
    with op.batch_alter_table("launch") as table:
        table.drop_constraint(op.f("uq_launch_window_ticket_hash"), type_="unique")
        table.drop_column("window_until")
        table.drop_column("window_ticket_hash")
