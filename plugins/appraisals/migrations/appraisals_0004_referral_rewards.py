"""Referral rewards

Revision ID: appraisals_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0004'
down_revision = 'appraisals_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('appraisals_referral',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('applied_total', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('checked_total', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('due_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('workflow_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.access.sensitive.columns.JsonWithSensitive(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_referral_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_appraisals_referral_customer_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_referral_decided_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_referral_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_referral_owner_id')),
    sa.ForeignKeyConstraint(['table_id'], ['appraisals_bonus_table.id'], name=op.f('fk_appraisals_referral_table_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_referral_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_referral_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_appraisals_referral_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_referral')),
    sa.UniqueConstraint('claim', name=op.f('uq_appraisals_referral_claim')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_referral_number'))
    )
    with op.batch_alter_table('appraisals_referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_referral_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_appraisals_referral_owner_state', ['owner_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_table_id'), ['table_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_referral_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('appraisals_referral', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_team_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_table_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_state'))
        batch_op.drop_index('ix_appraisals_referral_owner_state')
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_owner_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_due_at'))
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_department_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_referral_customer_id'))

    op.drop_table('appraisals_referral')
