"""Complaints are counted by indexes alone, those without a place among them

Revision ID: complaints_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "complaints_0006"
down_revision = "complaints_0005"
branch_labels = None
depends_on = None

TABLE = "complaints_complaint"
SCOPE = ("owner_id", "handler_id", "team_id", "department_id", "responsible_department_id")
COUNTED = {
    "ix_complaints_complaint_open_due": ("is_open", "due_at"),
    "ix_complaints_complaint_open_received": ("is_open", "received_at"),
    "ix_complaints_complaint_state_open": ("state", "is_open", "received_at"),
    "ix_complaints_complaint_owner_open": ("owner_id", "is_open"),
    "ix_complaints_complaint_handler_open": ("handler_id", "is_open"),
}
UNPLACED = "ix_complaints_complaint_unplaced"


def upgrade() -> None:
    """Apply."""
    present = sa.text("deleted_at IS NULL")
    for name, columns in COUNTED.items():
        op.drop_index(name, TABLE)
        scope = [column for column in SCOPE if column not in columns]
        scope += ["proposer_id"] if "state" in columns else []
        op.create_index(name, TABLE, [*columns, "id", *scope], sqlite_where=present,
                        postgresql_where=present)
    nobody = sa.text(" AND ".join(f"{column} IS NULL" for column in SCOPE))
    op.create_index(UNPLACED, TABLE, list(SCOPE), sqlite_where=nobody, postgresql_where=nobody)


def downgrade() -> None:
    """Take back."""
    op.drop_index(UNPLACED, TABLE)
    for name, columns in COUNTED.items():
        op.drop_index(name, TABLE)
        op.create_index(name, TABLE, [*columns, "id"])
