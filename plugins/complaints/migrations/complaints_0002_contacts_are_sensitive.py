"""Contacts are sensitive

Revision ID: complaints_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.sdk.migrations import Sensitive, make_sensitive

revision = 'complaints_0002'
down_revision = 'complaints_0001'
branch_labels = None
depends_on = None
STANDSTILL = "Contacts are encrypted in their column."

COMPLAINT = {"contact": Sensitive("contact", 80)}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('complaints_complaint', schema=None) as batch_op:
        batch_op.alter_column('contact', existing_nullable=False,
               existing_type=sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'),
               type_=sa.String(length=498).with_variant(sa.String(length=498, collation='C'), 'postgresql'))
    make_sensitive(op.get_bind(), 'complaints_complaint', 'complaints.complaint', COMPLAINT, 'complaints.Complaint')


def downgrade() -> None:
    """Take back: what is encrypted would be lost to a version that cannot read it."""
    raise NotImplementedError("sensitive columns stay encrypted; restore the backup")
