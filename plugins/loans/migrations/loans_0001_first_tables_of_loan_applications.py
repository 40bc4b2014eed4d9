"""First tables of loan applications

Revision ID: loans_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'loans_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('loans_document_kind',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(length=12), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_document_kind')),
    sa.UniqueConstraint('code', name=op.f('uq_loans_document_kind_code')),
    sa.UniqueConstraint('name', name=op.f('uq_loans_document_kind_name'))
    )
    op.create_table('loans_refusal_reason',
    sa.Column('advice', sa.String(length=400), nullable=False),
    sa.Column('advice_zh', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(length=12), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_refusal_reason')),
    sa.UniqueConstraint('code', name=op.f('uq_loans_refusal_reason_code')),
    sa.UniqueConstraint('name', name=op.f('uq_loans_refusal_reason_name'))
    )
    op.create_table('loans_product',
    sa.Column('code', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('rate', sa.Numeric(precision=6, scale=3), nullable=False),
    sa.Column('terms', sa.String(length=120), nullable=False),
    sa.Column('amount_from', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('amount_to', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('down_payment_share', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('first_post_id', sa.Integer(), nullable=False),
    sa.Column('second_post_id', sa.Integer(), nullable=True),
    sa.Column('second_from', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('next_steps', sa.Text(), nullable=False),
    sa.Column('next_steps_zh', sa.Text(), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loans_product_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_loans_product_department_id')),
    sa.ForeignKeyConstraint(['first_post_id'], ['people_post.id'], name=op.f('fk_loans_product_first_post_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_loans_product_owner_id')),
    sa.ForeignKeyConstraint(['second_post_id'], ['people_post.id'], name=op.f('fk_loans_product_second_post_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_loans_product_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_loans_product_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_product')),
    sa.UniqueConstraint('code', name=op.f('uq_loans_product_code')),
    sa.UniqueConstraint('number', name=op.f('uq_loans_product_number'))
    )
    with op.batch_alter_table('loans_product', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_product_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_product_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_product_team_id'), ['team_id'], unique=False)

    op.create_table('loans_requirement',
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('valid_days', sa.SmallInteger(), nullable=True),
    sa.Column('condition', sa.String(length=16), nullable=False),
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
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loans_requirement_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_loans_requirement_department_id')),
    sa.ForeignKeyConstraint(['kind_id'], ['loans_document_kind.id'], name=op.f('fk_loans_requirement_kind_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_loans_requirement_owner_id')),
    sa.ForeignKeyConstraint(['product_id'], ['loans_product.id'], name=op.f('fk_loans_requirement_product_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_loans_requirement_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_loans_requirement_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_requirement')),
    sa.UniqueConstraint('number', name=op.f('uq_loans_requirement_number'))
    )
    with op.batch_alter_table('loans_requirement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_requirement_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_requirement_kind_id'), ['kind_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_requirement_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_loans_requirement_product', ['product_id', 'kind_id', 'condition'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_requirement_team_id'), ['team_id'], unique=False)

    op.create_table('loans_application',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('customer_name', sa.String(length=120), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('term_months', sa.Integer(), nullable=False),
    sa.Column('down_payment', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('rate', sa.Numeric(precision=6, scale=3), nullable=False),
    sa.Column('instalment', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=True),
    sa.Column('vehicle_text', sa.String(length=120), nullable=False),
    sa.Column('vehicle_price', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('employment', sa.String(length=16), nullable=False),
    sa.Column('employer', sa.String(length=120), nullable=False),
    sa.Column('monthly_income', sa.String(length=178).with_variant(sa.String(length=178, collation='C'), 'postgresql'), nullable=False),
    sa.Column('credit_record', sa.String(length=1138).with_variant(sa.String(length=1138, collation='C'), 'postgresql'), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('received_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('external_id', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('to_bring', sa.SmallInteger(), nullable=False),
    sa.Column('remind_on', sa.Date(), nullable=True),
    sa.Column('reminded_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('reminders', sa.SmallInteger(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=True),
    sa.Column('complete_by_id', sa.Integer(), nullable=True),
    sa.Column('complete_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('true_by_id', sa.Integer(), nullable=True),
    sa.Column('true_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('valid_by_id', sa.Integer(), nullable=True),
    sa.Column('valid_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('approval_department_id', sa.Integer(), nullable=True),
    sa.Column('approval_officer_id', sa.Integer(), nullable=True),
    sa.Column('handed_over_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('hand_over_note', sa.Text(), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('followed_up_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('approved_amount', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('refusal_reason_id', sa.Integer(), nullable=True),
    sa.Column('advice', sa.Text(), nullable=False),
    sa.Column('decided_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('told_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('told_by_id', sa.Integer(), nullable=True),
    sa.Column('told_channel', sa.String(length=12), nullable=False),
    sa.Column('told_text', sa.Text(), nullable=False),
    sa.Column('loan_id', sa.Integer(), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), nullable=False),
    sa.Column('closed_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('counted_state', sa.String(length=40), nullable=False),
    sa.Column('state_entered_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('minutes_received', sa.Integer(), nullable=True),
    sa.Column('minutes_missing', sa.Integer(), nullable=True),
    sa.Column('minutes_review', sa.Integer(), nullable=True),
    sa.Column('minutes_not_eligible', sa.Integer(), nullable=True),
    sa.Column('minutes_handed_over', sa.Integer(), nullable=True),
    sa.Column('minutes_approval', sa.Integer(), nullable=True),
    sa.Column('minutes_approved', sa.Integer(), nullable=True),
    sa.Column('minutes_refused', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['approval_department_id'], ['people_department.id'], name=op.f('fk_loans_application_approval_department_id')),
    sa.ForeignKeyConstraint(['approval_officer_id'], ['ab_user.id'], name=op.f('fk_loans_application_approval_officer_id')),
    sa.ForeignKeyConstraint(['complete_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_complete_by_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_loans_application_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_loans_application_department_id')),
    sa.ForeignKeyConstraint(['loan_id'], ['customers_loan.id'], name=op.f('fk_loans_application_loan_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_loans_application_owner_id')),
    sa.ForeignKeyConstraint(['product_id'], ['loans_product.id'], name=op.f('fk_loans_application_product_id')),
    sa.ForeignKeyConstraint(['refusal_reason_id'], ['loans_refusal_reason.id'], name=op.f('fk_loans_application_refusal_reason_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['ab_user.id'], name=op.f('fk_loans_application_reviewer_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_loans_application_team_id')),
    sa.ForeignKeyConstraint(['told_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_told_by_id')),
    sa.ForeignKeyConstraint(['true_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_true_by_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_updated_by_id')),
    sa.ForeignKeyConstraint(['valid_by_id'], ['ab_user.id'], name=op.f('fk_loans_application_valid_by_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['customers_vehicle.id'], name=op.f('fk_loans_application_vehicle_id')),
    sa.ForeignKeyConstraint(['workflow_id'], ['workflow_definition.id'], name=op.f('fk_loans_application_workflow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans_application')),
    sa.UniqueConstraint('external_id', name=op.f('uq_loans_application_external_id')),
    sa.UniqueConstraint('number', name=op.f('uq_loans_application_number'))
    )
    with op.batch_alter_table('loans_application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loans_application_approval_department_id'), ['approval_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_approval_officer_id'), ['approval_officer_id'], unique=False)
        batch_op.create_index('ix_loans_application_customer', ['customer_id', 'id'], unique=False)
        batch_op.create_index('ix_loans_application_decided_at', ['decided_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_loan_id'), ['loan_id'], unique=False)
        batch_op.create_index('ix_loans_application_open_due', ['is_open', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_loans_application_open_received', ['is_open', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_loans_application_owner_open', ['owner_id', 'is_open', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_loans_application_promised_on', ['is_open', 'promised_on', 'id'], unique=False)
        batch_op.create_index('ix_loans_application_received_at', ['received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_refusal_reason_id'), ['refusal_reason_id'], unique=False)
        batch_op.create_index('ix_loans_application_remind_on', ['is_open', 'remind_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_result'), ['result'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_reviewer_id'), ['reviewer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_source'), ['source'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_state'), ['state'], unique=False)
        batch_op.create_index('ix_loans_application_state_open', ['state', 'is_open', 'received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_team_id'), ['team_id'], unique=False)
        batch_op.create_index('ix_loans_application_team_open', ['team_id', 'is_open', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_application_vehicle_id'), ['vehicle_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('loans_application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_application_vehicle_id'))
        batch_op.drop_index('ix_loans_application_team_open')
        batch_op.drop_index(batch_op.f('ix_loans_application_team_id'))
        batch_op.drop_index('ix_loans_application_state_open')
        batch_op.drop_index(batch_op.f('ix_loans_application_state'))
        batch_op.drop_index(batch_op.f('ix_loans_application_source'))
        batch_op.drop_index(batch_op.f('ix_loans_application_reviewer_id'))
        batch_op.drop_index(batch_op.f('ix_loans_application_result'))
        batch_op.drop_index('ix_loans_application_remind_on')
        batch_op.drop_index(batch_op.f('ix_loans_application_refusal_reason_id'))
        batch_op.drop_index('ix_loans_application_received_at')
        batch_op.drop_index('ix_loans_application_promised_on')
        batch_op.drop_index(batch_op.f('ix_loans_application_product_id'))
        batch_op.drop_index('ix_loans_application_owner_open')
        batch_op.drop_index(batch_op.f('ix_loans_application_owner_id'))
        batch_op.drop_index('ix_loans_application_open_received')
        batch_op.drop_index('ix_loans_application_open_due')
        batch_op.drop_index(batch_op.f('ix_loans_application_loan_id'))
        batch_op.drop_index(batch_op.f('ix_loans_application_due_at'))
        batch_op.drop_index(batch_op.f('ix_loans_application_department_id'))
        batch_op.drop_index('ix_loans_application_decided_at')
        batch_op.drop_index('ix_loans_application_customer')
        batch_op.drop_index(batch_op.f('ix_loans_application_approval_officer_id'))
        batch_op.drop_index(batch_op.f('ix_loans_application_approval_department_id'))

    op.drop_table('loans_application')
    with op.batch_alter_table('loans_requirement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_requirement_team_id'))
        batch_op.drop_index('ix_loans_requirement_product')
        batch_op.drop_index(batch_op.f('ix_loans_requirement_owner_id'))
        batch_op.drop_index(batch_op.f('ix_loans_requirement_kind_id'))
        batch_op.drop_index(batch_op.f('ix_loans_requirement_department_id'))

    op.drop_table('loans_requirement')
    with op.batch_alter_table('loans_product', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_product_team_id'))
        batch_op.drop_index(batch_op.f('ix_loans_product_owner_id'))
        batch_op.drop_index(batch_op.f('ix_loans_product_department_id'))

    op.drop_table('loans_product')
    op.drop_table('loans_refusal_reason')
    op.drop_table('loans_document_kind')
