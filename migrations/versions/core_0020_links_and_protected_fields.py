"""Custom fields that lead to a record, and those whose changes wait for a second person

Revision ID: core_0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0020"
down_revision = "core_0019"
branch_labels = None
depends_on = None

FIELDS = "records_custom_field"


def upgrade() -> None:
    """Apply."""
    op.add_column(FIELDS, sa.Column(
        "protected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(FIELDS, sa.Column(
        "target", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column(FIELDS, "protected")
    op.drop_column(FIELDS, "target")
