"""launches without a resource link, and placements that show a part of a module

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("launch") as table:
        table.add_column(
            sa.Column("message", sa.String(50), nullable=False, server_default="LtiResourceLinkRequest"),
        )
        table.add_column(sa.Column("context_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("request", sa.JSON(), nullable=True))
        table.add_column(sa.Column("picked", sa.JSON(), nullable=True))
        table.alter_column("placement_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key("fk_launch_context_id_context", "context", ["context_id"], ["id"])
    with op.batch_alter_table("placement") as table:
        table.add_column(sa.Column("page_id", sa.String(100), nullable=True))
        table.add_column(sa.Column("quiz_id", sa.String(100), nullable=True))
        table.add_column(sa.Column("is_version_fixed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("placement") as table:
        table.drop_column("is_version_fixed")
        table.drop_column("quiz_id")
        table.drop_column("page_id")
    # The earlier version has no use for the sessions of other messages; launches last hours.
    op.execute("DELETE FROM launch WHERE placement_id IS NULL")
    with op.batch_alter_table("launch") as table:
        table.drop_constraint("fk_launch_context_id_context", type_="foreignkey")
        table.alter_column("placement_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("picked")
        table.drop_column("request")
        table.drop_column("context_id")
        table.drop_column("message")
