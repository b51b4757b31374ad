"""private notes and ticked boxes

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "private_note",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_private_note_person_id_person")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_private_note_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("placement_id", "person_id", "page_id", "name", name=op.f("pk_private_note")),
    )
    op.create_index(op.f("ix_private_note_person_id"), "private_note", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_private_note_person_id"), table_name="private_note")
    op.drop_table("private_note")
