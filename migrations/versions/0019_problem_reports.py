"""problems that people report

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_KINDS = ("content", "broken", "access")


def upgrade() -> None:
    op.create_table(
        "problem_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("release_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=50), nullable=False),
        sa.Column("page_id", sa.String(length=100), nullable=True),
        sa.Column("question_id", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.Enum(*_KINDS, name="problemkind", native_enum=False, length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_problem_report_person_id_person")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_problem_report_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["release_digest"], ["release.digest"], name=op.f("fk_problem_report_release_digest_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_report")),
    )
    op.create_index(op.f("ix_problem_report_person_id"), "problem_report", ["person_id"])
    op.create_index("ix_problem_report_state", "problem_report", ["placement_id", "done_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_problem_report_state", table_name="problem_report")
    op.drop_index(op.f("ix_problem_report_person_id"), table_name="problem_report")
    op.drop_table("problem_report")
