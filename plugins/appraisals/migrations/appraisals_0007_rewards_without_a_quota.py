"""Rewards of people without a quota

Revision ID: appraisals_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'appraisals_0007'
down_revision = 'appraisals_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; a line of rewards alone rests on no sheet."""
    with op.batch_alter_table('appraisals_bonus_line', schema=None) as batch_op:
        batch_op.alter_column('sheet_id', existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take back; lines without a sheet cannot stay."""
    op.execute("DELETE FROM appraisals_bonus_line WHERE sheet_id IS NULL")
    with op.batch_alter_table('appraisals_bonus_line', schema=None) as batch_op:
        batch_op.alter_column('sheet_id', existing_type=sa.Integer(), nullable=False)
