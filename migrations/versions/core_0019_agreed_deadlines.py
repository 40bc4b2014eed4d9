"""Clocks that are due when people have agreed on

Revision ID: core_0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0019"
down_revision = "core_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("deadlines_clock",
                  sa.Column("agreed_at", app.database.UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("deadlines_clock", "agreed_at")
