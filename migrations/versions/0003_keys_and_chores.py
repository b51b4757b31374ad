"""when a key begins to sign, and work that comes back

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import lti_tool.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("started_at", lti_tool.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", lti_tool.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    # The default is for the previous release, which knows nothing of this column.
    signs_from = sa.Column(
        "signs_from", lti_tool.types.UTCDateTime(timezone=True), server_default=sa.func.now(), nullable=False
    )
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.add_column(signs_from)
    op.execute("UPDATE signing_key SET signs_from = created_at")


def downgrade() -> None:
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.drop_column("signs_from")
    op.drop_table("chore")
