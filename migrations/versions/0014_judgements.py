"""judgements of what waits for a person

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("comment", sa.Text(), nullable=True))
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("points", sa.String(length=100), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_judgement_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    op.create_index(
        op.f("ix_judgement_attempt_id_judgement_question_id_judgement_id"),
        "judgement",
        ["attempt_id", "question_id", "id"],
    )
    op.create_index(op.f("ix_judgement_trainer_id"), "judgement", ["trainer_id"])


def downgrade() -> None:
    op.drop_table("judgement")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("comment")
