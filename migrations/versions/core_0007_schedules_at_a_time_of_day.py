"""Schedules at a time of day

Revision ID: core_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("jobs_schedule") as batch:
        batch.add_column(sa.Column("due_at", app.database.UTCDateTime(), nullable=True))
        batch.add_column(
            sa.Column("declared", sa.String(length=80), server_default="", nullable=False))
        batch.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("last_due_at", app.database.UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("jobs_schedule") as batch:
        for name in ("last_due_at", "attempts", "declared", "due_at"):
            batch.drop_column(name)
