"""Complaints say whether their deadlines were kept, so that figures can count them

Revision ID: complaints_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "complaints_0005"
down_revision = "complaints_0004"
branch_labels = None
depends_on = None

TABLE = "complaints_complaint"
CLOCKS = {"first_response": "first_response_result", "resolution": "resolution_result"}


def upgrade() -> None:
    """Apply; the clocks of complaints that exist say what is written."""
    for column in CLOCKS.values():
        op.add_column(
            TABLE, sa.Column(column, sa.String(8), nullable=False, server_default=""))
    op.create_index("ix_complaints_complaint_resolved_at", TABLE, ["resolved_at", "id"])
    complaint = sa.table(
        TABLE, sa.column("id"), *(sa.column(column) for column in CLOCKS.values()))
    clock = sa.table(
        "deadlines_clock", sa.column("record_type"), sa.column("record_id"), sa.column("key"),
        sa.column("kept", sa.Boolean()))
    for key, column in CLOCKS.items():
        mine = (clock.c.record_type == "complaints.complaint",
                clock.c.record_id == complaint.c.id, clock.c.key == key, clock.c.kept.is_not(None))
        kept = sa.select(sa.func.min(sa.case((clock.c.kept, 1), else_=0))).where(*mine)
        result = sa.case((kept.scalar_subquery() == 1, "kept"), else_="missed")
        op.execute(complaint.update().values({column: result}).where(
            sa.exists(sa.select(clock.c.record_id).where(*mine))))


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_complaints_complaint_resolved_at", TABLE)
    with op.batch_alter_table(TABLE) as table:
        for column in CLOCKS.values():
            table.drop_column(column)
