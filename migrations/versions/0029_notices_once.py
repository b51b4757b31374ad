"""notices are good once, and administrators see how it stands with them

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_notice",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_used_notice_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "nonce_hash", name=op.f("pk_used_notice")),
    )
    op.create_index(op.f("ix_used_notice_expires_at"), "used_notice", ["expires_at"], unique=False)
    op.add_column("deployment", sa.Column("notices_refusal", sa.String(length=500), nullable=True))
    op.add_column("deployment", sa.Column("notices_received_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_column("notices_received_at")
        batch_op.drop_column("notices_refusal")
    op.drop_index(op.f("ix_used_notice_expires_at"), table_name="used_notice")
    op.drop_table("used_notice")
