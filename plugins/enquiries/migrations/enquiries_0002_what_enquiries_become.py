"""What enquiries become

Revision ID: enquiries_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'enquiries_0002'
down_revision = 'enquiries_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('enquiries_request',
    sa.Column('received_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('decision', sa.String(length=12), nullable=False),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('told', sa.Text(), nullable=False),
    sa.Column('replied_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('told_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reply_result', sa.String(length=8), nullable=False),
    sa.Column('responsible_department_id', sa.Integer(), nullable=True),
    sa.Column('handler_id', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['asker_id'], ['ab_user.id'], name=op.f('fk_enquiries_request_asker_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_request_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_request_department_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['ab_user.id'], name=op.f('fk_enquiries_request_handler_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_request_owner_id')),
    sa.ForeignKeyConstraint(['responsible_department_id'], ['people_department.id'], name=op.f('fk_enquiries_request_responsible_department_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_request_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_request_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_enquiries_request_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_request')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_request_number'))
    )

    with op.batch_alter_table('enquiries_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_request_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_decision'), ['decision'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index('ix_enquiries_request_handler_open', ['handler_id', 'is_open', 'id'], unique=False)
        batch_op.create_index('ix_enquiries_request_open_received', ['is_open', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_responsible_department_id'), ['responsible_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_request_team_id'), ['team_id'], unique=False)

    op.create_table('enquiries_message',
    sa.Column('received_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('done_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('customer_name', sa.String(length=120), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=285).with_variant(sa.String(length=285, collation='C'), 'postgresql'), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_message_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_enquiries_message_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_message_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_message_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_message_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_message_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_enquiries_message_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_message')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_message_number'))
    )

    with op.batch_alter_table('enquiries_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_message_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_enquiries_message_owner_open', ['owner_id', 'is_open', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_message_team_id'), ['team_id'], unique=False)

    op.create_table('enquiries_repair',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reported_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('plate', sa.String(length=20), nullable=False),
    sa.Column('items', sa.String(length=200), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('situation', sa.Text(), nullable=False),
    sa.Column('arrival', sa.String(length=120), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('told', sa.Text(), nullable=False),
    sa.Column('done_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('told_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('taking_result', sa.String(length=8), nullable=False),
    sa.Column('customer_name', sa.String(length=120), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=285).with_variant(sa.String(length=285, collation='C'), 'postgresql'), nullable=False),
    sa.Column('responsible_department_id', sa.Integer(), nullable=True),
    sa.Column('handler_id', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_repair_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_enquiries_repair_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_repair_department_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['ab_user.id'], name=op.f('fk_enquiries_repair_handler_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_repair_owner_id')),
    sa.ForeignKeyConstraint(['responsible_department_id'], ['people_department.id'], name=op.f('fk_enquiries_repair_responsible_department_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_repair_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_repair_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_enquiries_repair_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_repair')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_repair_number'))
    )

    with op.batch_alter_table('enquiries_repair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_repair_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index('ix_enquiries_repair_handler_open', ['handler_id', 'is_open', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_kind'), ['kind'], unique=False)
        batch_op.create_index('ix_enquiries_repair_open_reported', ['is_open', 'reported_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_plate'), ['plate'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_responsible_department_id'), ['responsible_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_repair_told_at'), ['told_at'], unique=False)

    op.create_table('enquiries_suggestion',
    sa.Column('received_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('decision', sa.String(length=12), nullable=False),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('told', sa.Text(), nullable=False),
    sa.Column('replied_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('told_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reply_result', sa.String(length=8), nullable=False),
    sa.Column('customer_name', sa.String(length=120), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=285).with_variant(sa.String(length=285, collation='C'), 'postgresql'), nullable=False),
    sa.Column('responsible_department_id', sa.Integer(), nullable=True),
    sa.Column('handler_id', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_suggestion_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_enquiries_suggestion_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_suggestion_department_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['ab_user.id'], name=op.f('fk_enquiries_suggestion_handler_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_suggestion_owner_id')),
    sa.ForeignKeyConstraint(['responsible_department_id'], ['people_department.id'], name=op.f('fk_enquiries_suggestion_responsible_department_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_suggestion_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_suggestion_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_enquiries_suggestion_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_suggestion')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_suggestion_number'))
    )

    with op.batch_alter_table('enquiries_suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_decision'), ['decision'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index('ix_enquiries_suggestion_handler_open', ['handler_id', 'is_open', 'id'], unique=False)
        batch_op.create_index('ix_enquiries_suggestion_open_received', ['is_open', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_responsible_department_id'), ['responsible_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_suggestion_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enquiries_suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_state'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_responsible_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_phone'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_owner_id'))
        batch_op.drop_index('ix_enquiries_suggestion_open_received')
        batch_op.drop_index('ix_enquiries_suggestion_handler_open')
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_handler_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_decision'))
        batch_op.drop_index(batch_op.f('ix_enquiries_suggestion_customer_id'))

    op.drop_table('enquiries_suggestion')

    with op.batch_alter_table('enquiries_repair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_told_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_state'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_responsible_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_plate'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_phone'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_owner_id'))
        batch_op.drop_index('ix_enquiries_repair_open_reported')
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_kind'))
        batch_op.drop_index('ix_enquiries_repair_handler_open')
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_handler_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_repair_customer_id'))

    op.drop_table('enquiries_repair')

    with op.batch_alter_table('enquiries_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_message_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_message_state'))
        batch_op.drop_index(batch_op.f('ix_enquiries_message_phone'))
        batch_op.drop_index('ix_enquiries_message_owner_open')
        batch_op.drop_index(batch_op.f('ix_enquiries_message_owner_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_message_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_message_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_message_customer_id'))

    op.drop_table('enquiries_message')

    with op.batch_alter_table('enquiries_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_request_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_state'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_responsible_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_owner_id'))
        batch_op.drop_index('ix_enquiries_request_open_received')
        batch_op.drop_index('ix_enquiries_request_handler_open')
        batch_op.drop_index(batch_op.f('ix_enquiries_request_handler_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_decision'))
        batch_op.drop_index(batch_op.f('ix_enquiries_request_asker_id'))

    op.drop_table('enquiries_request')
