"""copies of courses, and where a platform tells of them

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "context_copy",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=False),
        sa.Column("origin_id", sa.String(length=255), nullable=False),
        sa.Column("noticed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_context_copy_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "context_id", "origin_id", name=op.f("pk_context_copy")),
    )
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notices_url", sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column("notices_handler", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("notices_next_at", UTCDateTime(), nullable=True))
        # The release before this one adds rows without it.
        batch_op.add_column(sa.Column("notices_tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_column("notices_tries")
        batch_op.drop_column("notices_next_at")
        batch_op.drop_column("notices_handler")
        batch_op.drop_column("notices_url")
    op.drop_table("context_copy")
