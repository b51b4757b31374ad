"""line items

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("resource_id", sa.String(length=255), nullable=False),
        sa.Column("tag", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("maximum", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sending", "ready", "failed", name="lineitemstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=64), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_line_item_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item")),
        sa.UniqueConstraint("placement_id", "quiz_id", name=op.f("uq_line_item_placement_id_quiz_id")),
    )
    op.create_index(op.f("ix_line_item_state_line_item_next_try_at"), "line_item", ["state", "next_try_at"])
    with op.batch_alter_table("placement") as batch_op:
        batch_op.add_column(
            sa.Column(
                "columns",
                sa.Enum("given", "module", "quiz", name="columns", native_enum=False, length=20),
                nullable=False,
                # The release before this one adds rows without it.
                server_default="given",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("placement") as batch_op:
        batch_op.drop_column("columns")
    op.drop_index(op.f("ix_line_item_state_line_item_next_try_at"), table_name="line_item")
    op.drop_table("line_item")
