"""Weights and tasks of a period

Revision ID: appraisals_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0003'
down_revision = 'appraisals_0002'
branch_labels = None
depends_on = None
STANDSTILL = "New cycles and sheets name weights and tasks."


def upgrade() -> None:
    """Apply; what is there already has the weights of its form, and no tasks."""
    op.create_table('appraisals_task_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('tasks', app.database.Json(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('declared_by_id', sa.Integer(), nullable=True),
    sa.Column('declared_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('answer', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_task_version_decided_by_id')),
    sa.ForeignKeyConstraint(['declared_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_task_version_declared_by_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_task_version_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_task_version')),
    sa.UniqueConstraint('sheet_id', 'number', name=op.f('uq_appraisals_task_version_sheet_id_number'))
    )
    with op.batch_alter_table('appraisals_cycle', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tasks', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('weights', app.database.Json(), nullable=False, server_default='{}'))

    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('weights', app.database.Json(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('acknowledged_at', app.database.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('asked_on', sa.Date(), nullable=True))
    with op.batch_alter_table('appraisals_cycle', schema=None) as batch_op:
        batch_op.alter_column('tasks', server_default=None)
        batch_op.alter_column('weights', server_default=None)
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.alter_column('weights', server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.drop_column('asked_on')
        batch_op.drop_column('acknowledged_at')
        batch_op.drop_column('weights')

    with op.batch_alter_table('appraisals_cycle', schema=None) as batch_op:
        batch_op.drop_column('weights')
        batch_op.drop_column('tasks')

    op.drop_table('appraisals_task_version')
