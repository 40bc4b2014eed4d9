"""Sensitive columns are encrypted

Revision ID: core_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database
from app.access.sensitive import migrating
from app.access.sensitive.columns import Sensitive

revision = 'core_0004'
down_revision = 'core_0003'
branch_labels = None
depends_on = None
STANDSTILL = "Phone and ID numbers are encrypted in their columns."

CUSTOMER = {"phone": Sensitive("phone", 40), "id_number": Sensitive("id_number", 32)}


def upgrade() -> None:
    """Apply."""
    op.create_table('records_former_value',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', app.database.UTCDateTime(), nullable=False),
    sa.Column('change_set', sa.String(length=36), nullable=False),
    sa.Column('record_type', sa.String(length=64), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('before', sa.String(length=1138).with_variant(sa.String(length=1138, collation='C'), 'postgresql'), nullable=False),
    sa.Column('after', sa.String(length=1138).with_variant(sa.String(length=1138, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_records_former_value'))
    )
    with op.batch_alter_table('records_former_value', schema=None) as batch_op:
        batch_op.create_index('ix_records_former_value_change_set', ['change_set'], unique=False)
        batch_op.create_index('ix_records_former_value_record', ['record_type', 'record_id', 'id'], unique=False)

    with op.batch_alter_table('customers_customer', schema=None) as batch_op:
        batch_op.alter_column('phone', existing_nullable=False,
               existing_type=sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'),
               type_=sa.String(length=285).with_variant(sa.String(length=285, collation='C'), 'postgresql'))
        batch_op.alter_column('id_number', existing_nullable=False,
               existing_type=sa.String(length=32).with_variant(sa.String(length=32, collation='C'), 'postgresql'),
               type_=sa.String(length=242).with_variant(sa.String(length=242, collation='C'), 'postgresql'))
    with op.batch_alter_table('screens_draft', schema=None) as batch_op:
        batch_op.alter_column('values', existing_type=app.database.Json(), type_=sa.Text(),
               existing_nullable=False, postgresql_using='values::text')

    connection = op.get_bind()
    # Texts of every kind of record may name numbers; those of other columns are rewritten at once.
    migrating.make_sensitive(connection, 'customers_customer', 'customers.customer', CUSTOMER, 'core.Customer', others=True)
    migrating.mask_audit_addresses(connection)
    migrating.mask_import_reports(connection)
    migrating.encrypt_drafts(connection)


def downgrade() -> None:
    """Take back: what is encrypted would be lost to a version that cannot read it."""
    raise NotImplementedError("sensitive columns stay encrypted; restore the backup")
