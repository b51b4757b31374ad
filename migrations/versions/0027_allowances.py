"""what people are given beyond the rules of a quiz

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KINDS = sa.Enum("attempts", "minutes", "closing", "reset", name="allowancekind", native_enum=False, length=20)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("set_aside_at", UTCDateTime(), nullable=True))
    op.add_column("placement", sa.Column("has_allowances", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("group_name", sa.String(length=255), nullable=True),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["course_group.id"], name=op.f("fk_allowance_group_id_course_group"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_allowance_person_id_person")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_allowance_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
    )
    op.create_index(
        op.f("ix_allowance_placement_id_allowance_quiz_id_allowance_id"), "allowance", ["placement_id", "quiz_id", "id"]
    )
    for column in ("group_id", "person_id", "trainer_id"):
        op.create_index(op.f(f"ix_allowance_{column}"), "allowance", [column])


def downgrade() -> None:
    op.drop_table("allowance")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_column("has_allowances")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("set_aside_at")
