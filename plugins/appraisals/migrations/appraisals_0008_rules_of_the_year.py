"""Rules of the year's result

Revision ID: appraisals_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.access.sensitive.columns
import app.database

revision = 'appraisals_0008'
down_revision = 'appraisals_0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('appraisals_year_rule',
    sa.Column('from_year', sa.SmallInteger(), nullable=False),
    sa.Column('least_months', sa.SmallInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_year_rule_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_year_rule_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_year_rule_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_year_rule_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_year_rule_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_year_rule')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_year_rule_number'))
    )
    with op.batch_alter_table('appraisals_year_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_year_rule_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_year_rule_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_year_rule_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('appraisals_year_rule')
