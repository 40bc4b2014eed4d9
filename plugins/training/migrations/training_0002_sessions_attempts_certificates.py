"""Sessions, attempts, certificates

Revision ID: training_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'training_0002'
down_revision = 'training_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('training_plan_line',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('sessions', sa.SmallInteger(), nullable=False),
    sa.Column('people', sa.SmallInteger(), nullable=False),
    sa.Column('cost', sa.Numeric(precision=12, scale=2), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_plan_line_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_plan_line_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_plan_line_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_plan_line_owner_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['training_plan.id'], name=op.f('fk_training_plan_line_plan_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_plan_line_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_plan_line_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_plan_line')),
    sa.UniqueConstraint('number', name=op.f('uq_training_plan_line_number'))
    )
    with op.batch_alter_table('training_plan_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_plan_line_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_plan_line_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_plan_line_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_training_plan_line_plan_course', ['plan_id', 'course_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_training_plan_line_team_id'), ['team_id'], unique=False)

    op.create_table('training_session',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('course_edition', sa.SmallInteger(), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('trainer_id', sa.Integer(), nullable=True),
    sa.Column('outside_trainer', sa.String(length=160), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('starts_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('ends_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('cost', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('capacity', sa.SmallInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('room_code', sa.String(length=12), nullable=False),
    sa.Column('room_code_until', app.database.UTCDateTime(), nullable=True),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_session_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_session_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_session_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_session_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_session_team_id')),
    sa.ForeignKeyConstraint(['trainer_id'], ['ab_user.id'], name=op.f('fk_training_session_trainer_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_session_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_training_session_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('number', name=op.f('uq_training_session_number'))
    )
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.create_index('ix_training_session_course', ['course_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_method'), ['method'], unique=False)
        batch_op.create_index('ix_training_session_open_starts', ['is_open', 'starts_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_starts_at'), ['starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_trainer_id'), ['trainer_id'], unique=False)

    op.create_table('training_tutoring',
    sa.Column('tutor_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('goal', sa.String(length=400), nullable=False),
    sa.Column('measures', sa.Text(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
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
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_tutoring_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_tutoring_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_tutoring_team_id')),
    sa.ForeignKeyConstraint(['tutor_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_tutor_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_tutoring_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_tutoring')),
    sa.UniqueConstraint('number', name=op.f('uq_training_tutoring_number'))
    )
    with op.batch_alter_table('training_tutoring', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_tutoring_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_reason'), ['reason'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_tutor_id'), ['tutor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_tutoring_until_on'), ['until_on'], unique=False)

    op.create_table('training_attempt',
    sa.Column('exam_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('started_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('ends_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('finished_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reached', sa.SmallInteger(), nullable=False),
    sa.Column('pass_mark', sa.SmallInteger(), nullable=False),
    sa.Column('points', sa.Float(), nullable=True),
    sa.Column('most_points', sa.Float(), nullable=False),
    sa.Column('percent', sa.Float(), nullable=True),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_attempt_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_attempt_department_id')),
    sa.ForeignKeyConstraint(['exam_id'], ['training_exam.id'], name=op.f('fk_training_attempt_exam_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_attempt_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_attempt_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_attempt_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_attempt')),
    sa.UniqueConstraint('number', name=op.f('uq_training_attempt_number'))
    )
    with op.batch_alter_table('training_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_attempt_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_training_attempt_exam_status', ['exam_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_attempt_finished_at'), ['finished_at'], unique=False)
        batch_op.create_index('ix_training_attempt_owner_exam', ['owner_id', 'exam_id', 'started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_attempt_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_training_attempt_status_ends', ['status', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_attempt_team_id'), ['team_id'], unique=False)

    op.create_table('training_enrolment',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('queued_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('attended_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('wrong_codes', sa.SmallInteger(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_enrolment_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_enrolment_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_enrolment_owner_id')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_training_enrolment_session_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_enrolment_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_enrolment_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_enrolment')),
    sa.UniqueConstraint('number', name=op.f('uq_training_enrolment_number'))
    )
    with op.batch_alter_table('training_enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_enrolment_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_enrolment_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_training_enrolment_session_owner', ['session_id', 'owner_id'], unique=True)
        batch_op.create_index('ix_training_enrolment_session_status', ['session_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_enrolment_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_enrolment_team_id'), ['team_id'], unique=False)

    op.create_table('training_exam_part',
    sa.Column('exam_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('difficulty', sa.String(length=8), nullable=False),
    sa.Column('number_of', sa.SmallInteger(), nullable=False),
    sa.Column('points', sa.SmallInteger(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_exam_part_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_exam_part_department_id')),
    sa.ForeignKeyConstraint(['exam_id'], ['training_exam.id'], name=op.f('fk_training_exam_part_exam_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_exam_part_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_exam_part_team_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['training_topic.id'], name=op.f('fk_training_exam_part_topic_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_exam_part_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_exam_part')),
    sa.UniqueConstraint('number', name=op.f('uq_training_exam_part_number'))
    )
    with op.batch_alter_table('training_exam_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_exam_part_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_training_exam_part_exam', ['exam_id', 'topic_id', 'difficulty'], unique=True)
        batch_op.create_index(batch_op.f('ix_training_exam_part_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_exam_part_team_id'), ['team_id'], unique=False)

    op.create_table('training_attempt_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.SmallInteger(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('shown_order', app.database.Json(), nullable=False),
    sa.Column('most_points', sa.Float(), nullable=False),
    sa.Column('given', app.database.Json(), nullable=True),
    sa.Column('answered_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('points', sa.Float(), nullable=True),
    sa.Column('marks', app.database.Json(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['training_attempt.id'], name=op.f('fk_training_attempt_item_attempt_id')),
    sa.ForeignKeyConstraint(['question_id'], ['training_question.id'], name=op.f('fk_training_attempt_item_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_attempt_item'))
    )
    with op.batch_alter_table('training_attempt_item', schema=None) as batch_op:
        batch_op.create_index('ix_training_attempt_item_place', ['attempt_id', 'place'], unique=True)
        batch_op.create_index('ix_training_attempt_item_question', ['question_id', 'attempt_id'], unique=False)

    op.create_table('training_certificate',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.SmallInteger(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('outdated', sa.Boolean(), nullable=False),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('revoked_reason', sa.String(length=400), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
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
    sa.ForeignKeyConstraint(['attempt_id'], ['training_attempt.id'], name=op.f('fk_training_certificate_attempt_id')),
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_certificate_course_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_training_certificate_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_training_certificate_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_training_certificate_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_training_certificate_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_training_certificate_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_certificate')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_training_certificate_attempt_id')),
    sa.UniqueConstraint('number', name=op.f('uq_training_certificate_number'))
    )
    with op.batch_alter_table('training_certificate', schema=None) as batch_op:
        batch_op.create_index('ix_training_certificate_course_edition', ['course_id', 'edition', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_certificate_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_training_certificate_ends_on', ['ends_on', 'id'], unique=False)
        batch_op.create_index('ix_training_certificate_owner_course', ['owner_id', 'course_id', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_certificate_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_certificate_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('training_certificate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_certificate_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_certificate_owner_id'))
        batch_op.drop_index('ix_training_certificate_owner_course')
        batch_op.drop_index('ix_training_certificate_ends_on')
        batch_op.drop_index(batch_op.f('ix_training_certificate_department_id'))
        batch_op.drop_index('ix_training_certificate_course_edition')

    op.drop_table('training_certificate')
    with op.batch_alter_table('training_attempt_item', schema=None) as batch_op:
        batch_op.drop_index('ix_training_attempt_item_question')
        batch_op.drop_index('ix_training_attempt_item_place')

    op.drop_table('training_attempt_item')
    with op.batch_alter_table('training_exam_part', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_exam_part_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_exam_part_owner_id'))
        batch_op.drop_index('ix_training_exam_part_exam')
        batch_op.drop_index(batch_op.f('ix_training_exam_part_department_id'))

    op.drop_table('training_exam_part')
    with op.batch_alter_table('training_enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_enrolment_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_enrolment_status'))
        batch_op.drop_index('ix_training_enrolment_session_status')
        batch_op.drop_index('ix_training_enrolment_session_owner')
        batch_op.drop_index(batch_op.f('ix_training_enrolment_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_enrolment_department_id'))

    op.drop_table('training_enrolment')
    with op.batch_alter_table('training_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_attempt_team_id'))
        batch_op.drop_index('ix_training_attempt_status_ends')
        batch_op.drop_index(batch_op.f('ix_training_attempt_owner_id'))
        batch_op.drop_index('ix_training_attempt_owner_exam')
        batch_op.drop_index(batch_op.f('ix_training_attempt_finished_at'))
        batch_op.drop_index('ix_training_attempt_exam_status')
        batch_op.drop_index(batch_op.f('ix_training_attempt_department_id'))

    op.drop_table('training_attempt')
    with op.batch_alter_table('training_tutoring', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_tutoring_until_on'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_tutor_id'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_status'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_reason'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_tutoring_department_id'))

    op.drop_table('training_tutoring')
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_session_trainer_id'))
        batch_op.drop_index(batch_op.f('ix_training_session_team_id'))
        batch_op.drop_index(batch_op.f('ix_training_session_state'))
        batch_op.drop_index(batch_op.f('ix_training_session_starts_at'))
        batch_op.drop_index(batch_op.f('ix_training_session_owner_id'))
        batch_op.drop_index('ix_training_session_open_starts')
        batch_op.drop_index(batch_op.f('ix_training_session_method'))
        batch_op.drop_index(batch_op.f('ix_training_session_due_at'))
        batch_op.drop_index(batch_op.f('ix_training_session_department_id'))
        batch_op.drop_index('ix_training_session_course')

    op.drop_table('training_session')
    with op.batch_alter_table('training_plan_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_plan_line_team_id'))
        batch_op.drop_index('ix_training_plan_line_plan_course')
        batch_op.drop_index(batch_op.f('ix_training_plan_line_owner_id'))
        batch_op.drop_index(batch_op.f('ix_training_plan_line_department_id'))
        batch_op.drop_index(batch_op.f('ix_training_plan_line_course_id'))

    op.drop_table('training_plan_line')
