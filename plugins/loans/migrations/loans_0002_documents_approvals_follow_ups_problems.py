"""Documents, approvals, follow-ups and problems

Revision ID: loans_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'loans_0002'
down_revision = 'loans_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('loans_approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.SmallInteger(), nullable=False),
    sa.Column('place', sa.SmallInteger(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('in_place_of_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('decided_at', app.database.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['loans_application.id'], name=op.f('fk_loans_approval_application_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('fk_loans_approval_decided_by_id')),
    sa.ForeignKeyConstraint(['in_place_of_id'], ['ab_user.id'], name=op.f('fk_loans_approval_in_place_of_id')),
    sa.ForeignKeyConstraint(['post_id'], ['people_post.id'], name=op.f('fk_loans_approval_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_approval')),
    sa.UniqueConstraint('application_id', 'round', 'place', name=op.f('uq_loans_approval_application_id_round_place'))
    )
    op.create_table('loans_approval_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['loans_application.id'], name=op.f('fk_loans_approval_reader_application_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_loans_approval_reader_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_approval_reader')),
    sa.UniqueConstraint('application_id', 'user_id', name=op.f('uq_loans_approval_reader_application_id_user_id'))
    )
    with op.batch_alter_table('loans_approval_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_approval_reader_user_id'), ['user_id'], unique=False)

    op.create_table('loans_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('valid_days', sa.SmallInteger(), nullable=True),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('printed_expiry', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('handed_in_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('handed_in_by_id', sa.Integer(), nullable=True),
    sa.Column('judgement', sa.String(length=12), nullable=False),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['loans_application.id'], name=op.f('fk_loans_document_application_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['checked_by_id'], ['ab_user.id'], name=op.f('fk_loans_document_checked_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['records_file.id'], name=op.f('fk_loans_document_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['handed_in_by_id'], ['ab_user.id'], name=op.f('fk_loans_document_handed_in_by_id')),
    sa.ForeignKeyConstraint(['kind_id'], ['loans_document_kind.id'], name=op.f('fk_loans_document_kind_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_document')),
    sa.UniqueConstraint('application_id', 'kind_id', name=op.f('uq_loans_document_application_id_kind_id'))
    )
    with op.batch_alter_table('loans_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_document_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_document_kind_id'), ['kind_id'], unique=False)

    op.create_table('loans_follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('at', app.database.UTCDateTime(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('contact', sa.String(length=80), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['loans_application.id'], name=op.f('fk_loans_follow_up_application_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['ab_user.id'], name=op.f('fk_loans_follow_up_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_follow_up'))
    )
    with op.batch_alter_table('loans_follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_follow_up_application_id'), ['application_id'], unique=False)

    op.create_table('loans_problem',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('solution', sa.Text(), nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
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
    sa.ForeignKeyConstraint(['application_id'], ['loans_application.id'], name=op.f('fk_loans_problem_application_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loans_problem_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_loans_problem_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_loans_problem_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_loans_problem_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_loans_problem_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_loans_problem_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_problem')),
    sa.UniqueConstraint('number', name=op.f('uq_loans_problem_number'))
    )
    with op.batch_alter_table('loans_problem', schema=None) as batch_op:
        batch_op.create_index('ix_loans_problem_application', ['application_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_problem_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_problem_due_at'), ['due_at'], unique=False)
        batch_op.create_index('ix_loans_problem_open_due', ['is_open', 'due_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_problem_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_problem_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_problem_team_id'), ['team_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('loans_problem', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_problem_team_id'))
        batch_op.drop_index(batch_op.f('ix_loans_problem_state'))
        batch_op.drop_index(batch_op.f('ix_loans_problem_owner_id'))
        batch_op.drop_index('ix_loans_problem_open_due')
        batch_op.drop_index(batch_op.f('ix_loans_problem_due_at'))
        batch_op.drop_index(batch_op.f('ix_loans_problem_department_id'))
        batch_op.drop_index('ix_loans_problem_application')

    op.drop_table('loans_problem')
    with op.batch_alter_table('loans_follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_follow_up_application_id'))

    op.drop_table('loans_follow_up')
    with op.batch_alter_table('loans_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_document_kind_id'))
        batch_op.drop_index(batch_op.f('ix_loans_document_file_id'))

    op.drop_table('loans_document')
    with op.batch_alter_table('loans_approval_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_approval_reader_user_id'))

    op.drop_table('loans_approval_reader')
    op.drop_table('loans_approval')
