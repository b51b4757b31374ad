"""health

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_check",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", UTCDateTime(), nullable=False),
        sa.Column("findings", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_platform_check_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_platform_check")),
    )
    op.create_table(
        "launch_problem",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_launch_problem_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "code", name=op.f("pk_launch_problem")),
    )
    op.create_index(op.f("ix_launch_problem_last_at"), "launch_problem", ["last_at"])
    op.create_table(
        "test_launch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("keeps_cookie", sa.Boolean(), nullable=True),
        sa.Column("problem", sa.String(length=50), nullable=True),
        sa.Column("claims", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_test_launch_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_launch")),
    )
    op.create_index(op.f("ix_test_launch_at"), "test_launch", ["at"])
    op.create_index(op.f("ix_test_launch_registration_id"), "test_launch", ["registration_id"])
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("watched_until", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_column("watched_until")
    for table in ("test_launch", "launch_problem", "platform_check"):
        op.drop_table(table)
