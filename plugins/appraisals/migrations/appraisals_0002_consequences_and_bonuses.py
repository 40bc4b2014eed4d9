"""Rules of streaks, consequences, bonus tables

Revision ID: appraisals_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0002'
down_revision = 'appraisals_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('appraisals_streak_rule',
    sa.Column('code', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('months', sa.SmallInteger(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('repeats', sa.Boolean(), nullable=False),
    sa.Column('is_reward', sa.Boolean(), nullable=False),
    sa.Column('bars_months', sa.SmallInteger(), nullable=False),
    sa.Column('bonus_cut', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('due_days', sa.SmallInteger(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_streak_rule_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_streak_rule_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_streak_rule_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_streak_rule_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_streak_rule_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_streak_rule')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_streak_rule_number'))
    )
    with op.batch_alter_table('appraisals_streak_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_streak_rule_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_streak_rule_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_streak_rule_team_id'), ['team_id'], unique=False)

    op.create_table('appraisals_bonus_table',
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('total', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('compiled_by_id', sa.Integer(), nullable=True),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['approved_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_approved_by_id')),
    sa.ForeignKeyConstraint(['compiled_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_compiled_by_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_created_by_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisals_cycle.id'], name=op.f('fk_appraisals_bonus_table_cycle_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_bonus_table_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_owner_id')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_reviewed_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_bonus_table_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_table_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_bonus_table')),
    sa.UniqueConstraint('cycle_id', name=op.f('uq_appraisals_bonus_table_cycle_id')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_bonus_table_number'))
    )
    with op.batch_alter_table('appraisals_bonus_table', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_bonus_table_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_bonus_table_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_bonus_table_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_bonus_table_team_id'), ['team_id'], unique=False)

    op.create_table('appraisals_bonus_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('steps', app.database.Json(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_bonus_line_sheet_id')),
    sa.ForeignKeyConstraint(['table_id'], ['appraisals_bonus_table.id'], name=op.f('fk_appraisals_bonus_line_table_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_line_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_bonus_line')),
    sa.UniqueConstraint('table_id', 'sheet_id', name=op.f('uq_appraisals_bonus_line_table_id_sheet_id'))
    )
    op.create_table('appraisals_bonus_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['table_id'], ['appraisals_bonus_table.id'], name=op.f('fk_appraisals_bonus_reader_table_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_appraisals_bonus_reader_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_bonus_reader')),
    sa.UniqueConstraint('table_id', 'user_id', name=op.f('uq_appraisals_bonus_reader_table_id_user_id'))
    )
    with op.batch_alter_table('appraisals_bonus_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_bonus_reader_user_id'), ['user_id'], unique=False)

    op.create_table('appraisals_consequence',
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=True),
    sa.Column('rule', app.database.Json(), nullable=False),
    sa.Column('bonus_cut', sa.Numeric(precision=5, scale=2), nullable=False),
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
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_consequence_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_consequence_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_consequence_owner_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_consequence_sheet_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['ab_user.id'], name=op.f('fk_appraisals_consequence_subject_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_consequence_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_consequence_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_appraisals_consequence_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_consequence')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_consequence_number'))
    )
    with op.batch_alter_table('appraisals_consequence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_due_at'), ['due_at'], unique=False)
        batch_op.create_index('ix_appraisals_consequence_open_due', ['is_open', 'due_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_state'), ['state'], unique=False)
        batch_op.create_index('ix_appraisals_consequence_subject', ['subject_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_consequence_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('appraisals_consequence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_team_id'))
        batch_op.drop_index('ix_appraisals_consequence_subject')
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_state'))
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_owner_id'))
        batch_op.drop_index('ix_appraisals_consequence_open_due')
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_due_at'))
        batch_op.drop_index(batch_op.f('ix_appraisals_consequence_department_id'))

    op.drop_table('appraisals_consequence')
    with op.batch_alter_table('appraisals_bonus_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_bonus_reader_user_id'))

    op.drop_table('appraisals_bonus_reader')
    op.drop_table('appraisals_bonus_line')
    with op.batch_alter_table('appraisals_bonus_table', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_bonus_table_team_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_bonus_table_status'))
        batch_op.drop_index(batch_op.f('ix_appraisals_bonus_table_owner_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_bonus_table_department_id'))

    op.drop_table('appraisals_bonus_table')
    with op.batch_alter_table('appraisals_streak_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_streak_rule_team_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_streak_rule_owner_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_streak_rule_department_id'))

    op.drop_table('appraisals_streak_rule')
