"""Complaints keep when the customer first heard from us, so that the time until then is counted

Revision ID: complaints_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "complaints_0008"
down_revision = "complaints_0007"
branch_labels = None
depends_on = None

TABLE, COLUMN = "complaints_complaint", "first_response_at"
INDEX = "ix_complaints_complaint_first_response_at"


def upgrade() -> None:
    """Apply; the clocks of complaints that exist say when it was."""
    op.add_column(TABLE, sa.Column(COLUMN, app.database.UTCDateTime(), nullable=True))
    complaint = sa.table(TABLE, sa.column("id"), sa.column(COLUMN))
    clock = sa.table(
        "deadlines_clock", *(sa.column(name) for name in (
            "record_type", "record_id", "key", "stopped_at")), sa.column("kept", sa.Boolean()))
    ended = sa.select(sa.func.min(clock.c.stopped_at)).where(
        clock.c.record_type == "complaints.complaint", clock.c.record_id == complaint.c.id,
        clock.c.key == "first_response", clock.c.kept.is_not(None))
    op.execute(complaint.update().values({COLUMN: ended.scalar_subquery()}))
    op.create_index(INDEX, TABLE, [COLUMN, "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)
