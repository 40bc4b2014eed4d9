"""Announcements in both languages

Revision ID: core_0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0023"
down_revision = "core_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("notices_announcement", sa.Column(
        "title_zh", sa.String(120), nullable=False, server_default=""))
    op.add_column("notices_announcement", sa.Column(
        "text_zh", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("notices_announcement", "text_zh")
    op.drop_column("notices_announcement", "title_zh")
