"""Rules by which events book tutoring

Revision ID: training_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'training_0003'
down_revision = 'training_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('training_tutoring_rule',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('occasion', sa.String(length=24), nullable=False),
    sa.Column('cycle', sa.String(length=12), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('goal', sa.String(length=400), nullable=False),
    sa.Column('days', sa.SmallInteger(), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_tutoring_rule_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_rule_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_tutoring_rule_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_rule_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_tutoring_rule_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_rule_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_tutoring_rule')),
    sa.UniqueConstraint('number', name=op.f('uq_training_tutoring_rule_number'))
    )
    with op.batch_alter_table('training_tutoring_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_tutoring_rule_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_rule_occasion'), ['occasion'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_rule_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_rule_team_id'), ['team_id'], unique=False)

    with op.batch_alter_table('training_tutoring', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('source_type', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('source_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_training_tutoring_rule_id'), 'training_tutoring_rule', ['rule_id'], ['id'])
        batch_op.create_index('ix_training_tutoring_occasion', ['rule_id', 'source_type', 'source_id'], unique=True)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('training_tutoring', schema=None) as batch_op:
        batch_op.drop_index('ix_training_tutoring_occasion')
        batch_op.drop_constraint(batch_op.f('fk_training_tutoring_rule_id'), type_='foreignkey')
        batch_op.drop_column('source_id')
        batch_op.drop_column('source_type')
        batch_op.drop_column('rule_id')

    with op.batch_alter_table('training_tutoring_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_tutoring_rule_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_rule_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_rule_occasion'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_rule_department_id'))

    op.drop_table('training_tutoring_rule')
