"""Escalation of overdue duties

Revision ID: training_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'training_0004'
down_revision = 'training_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('training_duty_escalation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('level', sa.String(length=8), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['training_course.id'], name=op.f('fk_training_duty_escalation_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_training_duty_escalation_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_duty_escalation')),
    sa.UniqueConstraint('user_id', 'course_id', 'due_on', 'level', name=op.f('uq_training_duty_escalation_user_id_course_id_due_on_level'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('training_duty_escalation')
