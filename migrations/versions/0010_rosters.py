"""rosters

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_tool.types import SortKey

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)


def upgrade() -> None:
    for column in ("memberships_url", "groups_url", "group_sets_url"):
        op.add_column("context", sa.Column(column, sa.String(length=2000), nullable=True))
    # The release before this one adds rows without it; they are sorted at the person's next launch.
    op.add_column("participation", sa.Column("sort_key", SortKey, server_default="", nullable=False))
    _sort_participations()
    op.create_index("ix_participation_order", "participation", ["placement_id", "is_trainer", "sort_key"])
    op.create_index("ix_score_of_person", "score", ["placement_id", "person_id", "scored_at"])
    op.create_index("ix_score_placement_state", "score", ["placement_id", "state"])
    op.drop_index(op.f("ix_score_placement_id"), table_name="score")

    op.create_table(
        "course_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("set_name", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_course_group_context_id_context")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_group")),
        sa.UniqueConstraint("context_id", "group_id", name=op.f("uq_course_group_context_id_group_id")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("sort_key", SortKey, nullable=False),
        sa.Column("kind", _words("memberkind", "learner", "trainer", "test", "other"), nullable=False),
        sa.Column("status", _words("memberstatus", "active", "left"), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_member_context_id_context")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_member_deployment_id_deployment")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_member_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("context_id", "sub", name=op.f("uq_member_context_id_sub")),
    )
    op.create_index("ix_member_order", "member", ["context_id", "kind", "status", "sort_key"])
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["course_group.id"], name=op.f("fk_group_member_group_id_course_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_group_member_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_member_id"), "group_member", ["member_id"])
    op.create_table(
        "roster",
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("state", _words("rosterstate", "waiting", "pulling"), nullable=False),
        sa.Column("next_pull_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("cursor_url", sa.String(length=2000), nullable=True),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("differences_url", sa.String(length=2000), nullable=True),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("full_pulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_roster_context_id_context")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_roster_deployment_id_deployment")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_roster_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("context_id", name=op.f("pk_roster")),
    )
    op.create_index(op.f("ix_roster_next_pull_at"), "roster", ["next_pull_at"])
    op.create_index(op.f("ix_roster_registration_id"), "roster", ["registration_id"])


def _sort_participations() -> None:
    """Sort people who were here before nearly as services/name_order.py does; their next launch does the rest."""
    letter = "chr" if op.get_bind().dialect.name == "postgresql" else "char"
    op.execute(
        "UPDATE participation SET sort_key = (SELECT coalesce(nullif(substr(lower(name), 1, 200), ''), LETTER(65535))"
        " || LETTER(31) || sub FROM person WHERE person.id = participation.person_id)".replace("LETTER", letter)
    )


def downgrade() -> None:
    for table in ("roster", "group_member", "member", "course_group"):
        op.drop_table(table)
    op.create_index(op.f("ix_score_placement_id"), "score", ["placement_id"])
    op.drop_index("ix_score_placement_state", table_name="score")
    op.drop_index("ix_score_of_person", table_name="score")
    op.drop_index("ix_participation_order", table_name="participation")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_column("sort_key")
    with op.batch_alter_table("context", schema=None) as batch_op:
        for column in ("group_sets_url", "groups_url", "memberships_url"):
            batch_op.drop_column(column)
