"""when attempts end by themselves, and what came after that

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_OPEN = sa.text("submitted_at IS NULL")


def upgrade() -> None:
    op.add_column("attempt", sa.Column("ends_at", UTCDateTime(), nullable=True))
    op.add_column("attempt", sa.Column("is_ended_by_tool", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_attempt_due", "attempt", ["ends_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "late_answer",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column("typed_at", UTCDateTime(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_late_answer_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "question_id", name=op.f("pk_late_answer")),
    )


def downgrade() -> None:
    op.drop_table("late_answer")
    op.drop_index("ix_attempt_due", table_name="attempt")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("is_ended_by_tool")
        batch_op.drop_column("ends_at")
