"""rules of the quizzes of a placement

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("placement", sa.Column("quiz_rules", sa.JSON(), nullable=True))
    op.add_column("attempt", sa.Column("is_shuffled", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("is_shuffled")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_column("quiz_rules")
