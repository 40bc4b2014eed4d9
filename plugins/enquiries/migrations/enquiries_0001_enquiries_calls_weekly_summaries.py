"""Enquiries, calls, weekly summaries

Revision ID: enquiries_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'enquiries_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('enquiries_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(length=12), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_category')),
    sa.UniqueConstraint('code', name=op.f('uq_enquiries_category_code')),
    sa.UniqueConstraint('name', name=op.f('uq_enquiries_category_name'))
    )

    op.create_table('enquiries_channel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(length=12), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_channel')),
    sa.UniqueConstraint('code', name=op.f('uq_enquiries_channel_code')),
    sa.UniqueConstraint('name', name=op.f('uq_enquiries_channel_name'))
    )

    op.create_table('enquiries_call',
    sa.Column('called_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('phone', sa.String(length=285).with_variant(sa.String(length=285, collation='C'), 'postgresql'), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('rings', sa.SmallInteger(), nullable=False),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.Column('external_id', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_call_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_call_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_call_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_call_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_call_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_call')),
    sa.UniqueConstraint('external_id', name=op.f('uq_enquiries_call_external_id')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_call_number'))
    )

    with op.batch_alter_table('enquiries_call', schema=None) as batch_op:
        batch_op.create_index('ix_enquiries_call_called_at', ['called_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_call_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_call_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_call_team_id'), ['team_id'], unique=False)

    op.create_table('enquiries_summary',
    sa.Column('week', sa.String(length=8).with_variant(sa.String(length=8, collation='C'), 'postgresql'), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('made_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('answered_at_once', sa.Integer(), nullable=False),
    sa.Column('promised', sa.Integer(), nullable=False),
    sa.Column('promised_kept', sa.Integer(), nullable=False),
    sa.Column('unanswered', sa.Integer(), nullable=False),
    sa.Column('rated', sa.Integer(), nullable=False),
    sa.Column('satisfied', sa.Integer(), nullable=False),
    sa.Column('figures', app.database.Json(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_summary_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_summary_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_summary_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_summary_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_summary_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_summary')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_summary_number')),
    sa.UniqueConstraint('week', name=op.f('uq_enquiries_summary_week'))
    )

    with op.batch_alter_table('enquiries_summary', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_summary_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_summary_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_summary_team_id'), ['team_id'], unique=False)

    op.create_table('enquiries_enquiry',
    sa.Column('received_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('wechat', sa.String(length=498).with_variant(sa.String(length=498, collation='C'), 'postgresql'), nullable=False),
    sa.Column('qq', sa.String(length=178).with_variant(sa.String(length=178, collation='C'), 'postgresql'), nullable=False),
    sa.Column('is_internal', sa.Boolean(), nullable=False),
    sa.Column('plate', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('happened_when', sa.String(length=120), nullable=False),
    sa.Column('happened_where', sa.String(length=200), nullable=False),
    sa.Column('happened_why', sa.String(length=400), nullable=False),
    sa.Column('happened_how', sa.String(length=400), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('article', sa.String(length=120), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('answered_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('answered_at_once', sa.Boolean(), nullable=False),
    sa.Column('promised_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reply_result', sa.String(length=8), nullable=False),
    sa.Column('department_question', sa.Text(), nullable=False),
    sa.Column('department_due_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('department_answer', sa.Text(), nullable=False),
    sa.Column('warned_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('waiting_since', app.database.UTCDateTime(), nullable=True),
    sa.Column('satisfaction', sa.String(length=12), nullable=False),
    sa.Column('dissatisfaction_reason', sa.Text(), nullable=False),
    sa.Column('ending', sa.String(length=12), nullable=False),
    sa.Column('closed_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('became', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('repair_items', sa.String(length=200), nullable=False),
    sa.Column('transferred_to_id', sa.Integer(), nullable=True),
    sa.Column('transfer_result', sa.String(length=12), nullable=False),
    sa.Column('message_for_id', sa.Integer(), nullable=True),
    sa.Column('for_sales', sa.Boolean(), nullable=False),
    sa.Column('sales_id', sa.Integer(), nullable=True),
    sa.Column('sales_because', app.database.Json(), nullable=False),
    sa.Column('external_id', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
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
    sa.ForeignKeyConstraint(['category_id'], ['enquiries_category.id'], name=op.f('fk_enquiries_enquiry_category_id')),
    sa.ForeignKeyConstraint(['channel_id'], ['enquiries_channel.id'], name=op.f('fk_enquiries_enquiry_channel_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_enquiries_enquiry_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_enquiries_enquiry_department_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_handler_id')),
    sa.ForeignKeyConstraint(['message_for_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_message_for_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_owner_id')),
    sa.ForeignKeyConstraint(['responsible_department_id'], ['people_department.id'], name=op.f('fk_enquiries_enquiry_responsible_department_id')),
    sa.ForeignKeyConstraint(['sales_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_sales_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_enquiries_enquiry_team_id')),
    sa.ForeignKeyConstraint(['transferred_to_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_transferred_to_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_enquiries_enquiry_updated_by_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_enquiries_enquiry_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries_enquiry')),
    sa.UniqueConstraint('external_id', name=op.f('uq_enquiries_enquiry_external_id')),
    sa.UniqueConstraint('number', name=op.f('uq_enquiries_enquiry_number'))
    )

    with op.batch_alter_table('enquiries_enquiry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_category_id'), ['category_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_channel_id'), ['channel_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_closed_at'), ['closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_department_due_at'), ['department_due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_kind'), ['kind'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_open_due', ['is_open', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_open_received', ['is_open', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_owner_open', ['owner_id', 'is_open', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_promised_at'), ['promised_at'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_received_at', ['received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_responsible_department_id'), ['responsible_department_id'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_sales', ['for_sales', 'sales_id', 'received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_sales_id'), ['sales_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_satisfaction'), ['satisfaction'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_state'), ['state'], unique=False)
        batch_op.create_index('ix_enquiries_enquiry_state_received', ['state', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_enquiry_waiting_since'), ['waiting_since'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enquiries_enquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_waiting_since'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_team_id'))
        batch_op.drop_index('ix_enquiries_enquiry_state_received')
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_state'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_satisfaction'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_sales_id'))
        batch_op.drop_index('ix_enquiries_enquiry_sales')
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_responsible_department_id'))
        batch_op.drop_index('ix_enquiries_enquiry_received_at')
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_promised_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_phone'))
        batch_op.drop_index('ix_enquiries_enquiry_owner_open')
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_owner_id'))
        batch_op.drop_index('ix_enquiries_enquiry_open_received')
        batch_op.drop_index('ix_enquiries_enquiry_open_due')
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_kind'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_handler_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_department_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_department_due_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_customer_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_closed_at'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_channel_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_enquiry_category_id'))

    op.drop_table('enquiries_enquiry')

    with op.batch_alter_table('enquiries_summary', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_summary_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_summary_owner_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_summary_department_id'))

    op.drop_table('enquiries_summary')

    with op.batch_alter_table('enquiries_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiries_call_team_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_call_owner_id'))
        batch_op.drop_index(batch_op.f('ix_enquiries_call_department_id'))
        batch_op.drop_index('ix_enquiries_call_called_at')

    op.drop_table('enquiries_call')

    op.drop_table('enquiries_channel')

    op.drop_table('enquiries_category')
