"""comparisons with the gradebook, and scores sent again

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import SortKey, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)


def upgrade() -> None:
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_constraint("uq_score_attempt_id", type_="unique")
        batch_op.add_column(sa.Column("is_again", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(op.f("ix_score_attempt_id"), ["attempt_id"])

    op.create_table(
        "comparison",
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("state", _words("comparisonstate", "waiting", "working"), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.Column("lease_token", sa.String(length=64), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("compared_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_comparison_context_id_context")),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_comparison_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_comparison_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("context_id", name=op.f("pk_comparison")),
    )
    op.create_index(op.f("ix_comparison_next_try_at"), "comparison", ["next_try_at"])
    op.create_index(op.f("ix_comparison_registration_id"), "comparison", ["registration_id"])
    op.create_table(
        "compared_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("line_item_url", sa.String(length=2000), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=True),
        sa.Column("quizzes", sa.JSON(), nullable=False),
        sa.Column("state", _words("columnstate", "waiting", "read", "failed"), nullable=False),
        sa.Column("can_send", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("cursor_url", sa.String(length=2000), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["comparison.context_id"],
            name=op.f("fk_compared_column_context_id_comparison"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_compared_column_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_column")),
        sa.UniqueConstraint("context_id", "line_item_url", name=op.f("uq_compared_column_context_id_line_item_url")),
    )
    verdicts = ("same", "missing", "other", "by-hand", "on-its-way", "nothing-here", "unknown")
    op.create_table(
        "compared_grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("label", sa.String(length=20), nullable=True),
        sa.Column("sort_key", SortKey, nullable=False),
        sa.Column("verdict", _words("verdict", *verdicts), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("points", sa.String(length=100), nullable=True),
        sa.Column("max_points", sa.String(length=100), nullable=True),
        sa.Column("theirs", sa.Double(), nullable=True),
        sa.Column("their_maximum", sa.Double(), nullable=True),
        sa.Column("is_advised", sa.Boolean(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["column_id"],
            ["compared_column.id"],
            name=op.f("fk_compared_grade_column_id_compared_column"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["comparison.context_id"],
            name=op.f("fk_compared_grade_context_id_comparison"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_compared_grade_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_compared_grade_person_id_person")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_compared_grade_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_grade")),
        sa.UniqueConstraint("column_id", "sub", name=op.f("uq_compared_grade_column_id_sub")),
    )
    op.create_index("ix_compared_grade_order", "compared_grade", ["context_id", "sort_key", "id"])
    op.create_index("ix_compared_grade_verdict", "compared_grade", ["context_id", "verdict"])
    op.create_index(op.f("ix_compared_grade_person_id"), "compared_grade", ["person_id"])


def downgrade() -> None:
    for table in ("compared_grade", "compared_column", "comparison"):
        op.drop_table(table)
    # Only the newest of those that were sent for an attempt can stay.
    op.execute("DELETE FROM score WHERE id NOT IN (SELECT max(id) FROM score GROUP BY attempt_id)")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_score_attempt_id"))
        batch_op.drop_column("is_again")
        batch_op.create_unique_constraint(op.f("uq_score_attempt_id"), ["attempt_id"])
