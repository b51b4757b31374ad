"""how somebody wants pages shown

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The release before this one adds rows without these.
    text_size = sa.Enum("normal", "large", "largest", name="textsize", native_enum=False, length=20)
    contrast = sa.Enum("auto", "more", "standard", name="contrast", native_enum=False, length=20)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_size", text_size, nullable=False, server_default="normal"))
        batch_op.add_column(sa.Column("contrast", contrast, nullable=False, server_default="auto"))
    with op.batch_alter_table("launch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prefers_contrast", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("launch", schema=None) as batch_op:
        batch_op.drop_column("prefers_contrast")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("contrast")
        batch_op.drop_column("text_size")
