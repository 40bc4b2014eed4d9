"""Overdue steps

Revision ID: appraisals_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0005'
down_revision = 'appraisals_0004'
branch_labels = None
depends_on = None
STANDSTILL = "New sheets name since when they wait."


def upgrade() -> None:
    """Apply; the step at which a sheet stands has waited since the sheet was last changed."""
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waits_since', app.database.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('closed_at', app.database.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('words_passed_at', app.database.UTCDateTime(), nullable=True))
    op.execute("UPDATE appraisals_sheet SET waits_since = updated_at")
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.alter_column('waits_since', existing_type=app.database.UTCDateTime(), nullable=False)
    with op.batch_alter_table('appraisals_signature', schema=None) as batch_op:
        batch_op.add_column(sa.Column('passed_at', app.database.UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Take back; what was passed over waits again."""
    with op.batch_alter_table('appraisals_signature', schema=None) as batch_op:
        batch_op.drop_column('passed_at')
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.drop_column('words_passed_at')
        batch_op.drop_column('closed_at')
        batch_op.drop_column('waits_since')
