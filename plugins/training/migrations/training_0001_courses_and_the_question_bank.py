"""Courses and the question bank

Revision ID: training_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'training_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('training_topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(length=12), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_topic')),
    sa.UniqueConstraint('code', name=op.f('uq_training_topic_code')),
    sa.UniqueConstraint('name', name=op.f('uq_training_topic_name'))
    )
    op.create_table('training_course',
    sa.Column('code', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('proof', sa.String(length=12), nullable=False),
    sa.Column('valid_months', sa.SmallInteger(), nullable=False),
    sa.Column('grace_days', sa.SmallInteger(), nullable=False),
    sa.Column('edition', sa.SmallInteger(), nullable=False),
    sa.Column('edition_note', sa.Text(), nullable=False),
    sa.Column('edition_on', sa.Date(), nullable=True),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_course_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_course_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_course_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_course_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_course_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_course')),
    sa.UniqueConstraint('code', name=op.f('uq_training_course_code')),
    sa.UniqueConstraint('number', name=op.f('uq_training_course_number'))
    )
    with op.batch_alter_table('training_course', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_course_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_course_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_course_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_course_team_id'), ['team_id'], unique=False)

    op.create_table('training_plan',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_plan_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_plan_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_plan_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_plan_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_plan_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_plan')),
    sa.UniqueConstraint('number', name=op.f('uq_training_plan_number'))
    )
    with op.batch_alter_table('training_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_plan_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_plan_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_plan_starts_on'), ['starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_plan_team_id'), ['team_id'], unique=False)

    op.create_table('training_question',
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('difficulty', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=4), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_question_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_question_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_question_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_question_team_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['training_topic.id'], name=op.f('fk_training_question_topic_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_question_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_question')),
    sa.UniqueConstraint('number', name=op.f('uq_training_question_number'))
    )
    with op.batch_alter_table('training_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_question_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_question_difficulty'), ['difficulty'], unique=False)
        batch_op.create_index('ix_training_question_draw', ['language', 'active', 'topic_id', 'difficulty'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_question_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_question_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_question_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_question_topic_id'), ['topic_id'], unique=False)

    op.create_table('training_duty_rule',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('for_department_id', sa.Integer(), nullable=True),
    sa.Column('tenure_from', sa.SmallInteger(), nullable=False),
    sa.Column('tenure_until', sa.SmallInteger(), nullable=True),
    sa.Column('days', sa.SmallInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('place', sa.SmallInteger(), nullable=False),
    sa.Column('gate', sa.String(length=16), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_duty_rule_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_duty_rule_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_duty_rule_department_id')),
    sa.ForeignKeyConstraint(['for_department_id'], ['people_department.id'], name=op.f('fk_training_duty_rule_for_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_duty_rule_owner_id')),
    sa.ForeignKeyConstraint(['post_id'], ['people_post.id'], name=op.f('fk_training_duty_rule_post_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_duty_rule_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_duty_rule_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_duty_rule')),
    sa.UniqueConstraint('number', name=op.f('uq_training_duty_rule_number'))
    )
    with op.batch_alter_table('training_duty_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_duty_rule_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_duty_rule_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_duty_rule_gate'), ['gate'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_duty_rule_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_duty_rule_team_id'), ['team_id'], unique=False)

    op.create_table('training_earlier_result',
    sa.Column('course_name', sa.String(length=160), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('result', sa.String(length=12), nullable=False),
    sa.Column('percent', sa.Float(), nullable=True),
    sa.Column('remark', sa.String(length=400), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_earlier_result_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_earlier_result_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_earlier_result_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_earlier_result_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_earlier_result_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_earlier_result_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_earlier_result')),
    sa.UniqueConstraint('number', name=op.f('uq_training_earlier_result_number'))
    )
    with op.batch_alter_table('training_earlier_result', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_earlier_result_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_earlier_result_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_training_earlier_result_key', ['owner_id', 'course_name', 'held_on'], unique=True)
        batch_op.create_index(batch_op.f('ix_training_earlier_result_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_earlier_result_team_id'), ['team_id'], unique=False)

    op.create_table('training_exam',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=4), nullable=False),
    sa.Column('minutes', sa.SmallInteger(), nullable=False),
    sa.Column('pass_mark', sa.SmallInteger(), nullable=False),
    sa.Column('cooling_hours', sa.SmallInteger(), nullable=False),
    sa.Column('most_attempts', sa.SmallInteger(), nullable=False),
    sa.Column('explains', sa.Boolean(), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_exam_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_exam_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_exam_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_exam_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_exam_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_exam_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_training_exam_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_exam')),
    sa.UniqueConstraint('number', name=op.f('uq_training_exam_number'))
    )
    with op.batch_alter_table('training_exam', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_exam_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_team_id'), ['team_id'], unique=False)

    op.create_table('training_material',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('edition', sa.SmallInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('current', sa.Boolean(), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_material_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_material_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_material_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_material_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_material_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_material_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_material')),
    sa.UniqueConstraint('number', name=op.f('uq_training_material_number'))
    )
    with op.batch_alter_table('training_material', schema=None) as batch_op:
        batch_op.create_index('ix_training_material_course_title', ['course_id', 'title', 'edition'], unique=True)
        batch_op.create_index(batch_op.f('ix_training_material_current'), ['current'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_material_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_material_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_material_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('training_material', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_material_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_material_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_material_department_id'))
        batch_op.drop_index(batch_op.f('ix_training_material_current'))
        batch_op.drop_index('ix_training_material_course_title')

    op.drop_table('training_material')
    with op.batch_alter_table('training_exam', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_exam_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_exam_state'))
        batch_op.drop_index(batch_op.f('ix_training_exam_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_exam_due_at'))
        batch_op.drop_index(batch_op.f('ix_training_exam_department_id'))
        batch_op.drop_index(batch_op.f('ix_training_exam_course_id'))

    op.drop_table('training_exam')
    with op.batch_alter_table('training_earlier_result', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_earlier_result_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_earlier_result_owner_id'))
        batch_op.drop_index('ix_training_earlier_result_key')
        batch_op.drop_index(batch_op.f('ix_training_earlier_result_department_id'))
        batch_op.drop_index(batch_op.f('ix_training_earlier_result_course_id'))

    op.drop_table('training_earlier_result')
    with op.batch_alter_table('training_duty_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_duty_rule_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_duty_rule_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_duty_rule_gate'))
        batch_op.drop_index(batch_op.f('ix_training_duty_rule_department_id'))
        batch_op.drop_index(batch_op.f('ix_training_duty_rule_course_id'))

    op.drop_table('training_duty_rule')
    with op.batch_alter_table('training_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_question_topic_id'))
        batch_op.drop_index(batch_op.f('ix_training_question_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_question_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_question_kind'))
        batch_op.drop_index('ix_training_question_draw')
        batch_op.drop_index(batch_op.f('ix_training_question_difficulty'))
        batch_op.drop_index(batch_op.f('ix_training_question_department_id'))

    op.drop_table('training_question')
    with op.batch_alter_table('training_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_plan_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_plan_starts_on'))
        batch_op.drop_index(batch_op.f('ix_training_plan_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_plan_department_id'))

    op.drop_table('training_plan')
    with op.batch_alter_table('training_course', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_course_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_course_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_course_kind'))
        batch_op.drop_index(batch_op.f('ix_training_course_department_id'))

    op.drop_table('training_course')
    op.drop_table('training_topic')
