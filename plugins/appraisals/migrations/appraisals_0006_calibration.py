"""Calibration before the release

Revision ID: appraisals_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0006'
down_revision = 'appraisals_0005'
branch_labels = None
depends_on = None
STANDSTILL = "New sheets name final score and grade."


def upgrade() -> None:
    """Apply; the final scores and grades of what is there are those that were signed."""
    op.create_table('appraisals_calibration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('lines', app.database.Json(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', app.database.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisals_cycle.id'], name=op.f('fk_appraisals_calibration_cycle_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_calibration_made_by_id')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_calibration_undone_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_calibration'))
    )
    with op.batch_alter_table('appraisals_calibration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_calibration_cycle_id'), ['cycle_id'], unique=False)
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('final_score', sa.Numeric(precision=7, scale=2), nullable=True))
        batch_op.add_column(sa.Column('final_grade', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('calibrated_points', sa.Numeric(precision=5, scale=2), nullable=True))
        batch_op.add_column(sa.Column('calibration_reason', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('calibrated_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('calibrated_at', app.database.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('calibration_noted_at', app.database.UTCDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_appraisals_sheet_calibrated_by_id'), 'ab_user', ['calibrated_by_id'], ['id'])
    op.execute("UPDATE appraisals_sheet SET final_score = score, final_grade = grade")
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.alter_column('final_grade', server_default=None)
        batch_op.alter_column('calibration_reason', server_default=None)


def downgrade() -> None:
    """Take back; the signed scores stay, what was calibrated is lost."""
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_appraisals_sheet_calibrated_by_id'), type_='foreignkey')
        for name in ('calibration_noted_at', 'calibrated_at', 'calibrated_by_id', 'calibration_reason',
                     'calibrated_points', 'final_grade', 'final_score'):
            batch_op.drop_column(name)
    op.drop_table('appraisals_calibration')
