"""Custom fields have a group, verification, masks and roles

Revision ID: core_0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0016"
down_revision = "core_0015"
branch_labels = None
depends_on = None

FIELDS = "records_custom_field"


def upgrade() -> None:
    """Apply."""
    for name in ("group_title", "group_title_zh"):
        op.add_column(FIELDS, sa.Column(name, sa.String(120), nullable=False, server_default=""))
    for name in ("verified", "sensitive"):
        op.add_column(FIELDS, sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("seen_by", "edited_by"):
        op.add_column(FIELDS, sa.Column(
            name, app.database.Json(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Take back."""
    for name in ("group_title", "group_title_zh", "verified", "sensitive", "seen_by", "edited_by"):
        op.drop_column(FIELDS, name)
