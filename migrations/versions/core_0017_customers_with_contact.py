"""Customers with contact in a period are counted by an index

Revision ID: core_0017
"""

from __future__ import annotations

from alembic import op

revision = "core_0017"
down_revision = "core_0016"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_customers_contact_at", "customers_contact"


def upgrade() -> None:
    """Apply."""
    op.create_index(NAME, TABLE, ["at", "reached", "customer_id", "by_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, TABLE)
