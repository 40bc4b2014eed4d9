"""A request to change protected data holds long texts and several choices as well

Revision ID: core_0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.access.sensitive.columns import EncryptedJson

revision = "core_0025"
down_revision = "core_0024"
branch_labels = None
depends_on = None

TABLE, COLUMN = "customers_requested_change", "long_values"


def upgrade() -> None:
    """Apply."""
    op.add_column(TABLE, sa.Column(COLUMN, EncryptedJson(), nullable=True))


def downgrade() -> None:
    """Take back.

    A request cannot be decided without its values: those of long ones are withdrawn.
    """
    op.execute(sa.text(
        "UPDATE customers_change_request SET status = 'withdrawn' WHERE status IN "
        "('incomplete', 'open') AND id IN (SELECT request_id FROM customers_requested_change "
        "WHERE long_values IS NOT NULL)"))
    op.drop_column(TABLE, COLUMN)
