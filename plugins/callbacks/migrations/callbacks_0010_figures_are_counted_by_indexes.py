"""Follow-up and coverage are counted by indexes

Revision ID: callbacks_0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "callbacks_0010"
down_revision = "callbacks_0009"
branch_labels = None
depends_on = None

TABLE = "callbacks_task"
INDEXES = {
    "ix_callbacks_task_state_due": ["state", "due_from", "days_to_first"],
    "ix_callbacks_task_state_closed": ["state", "closed_at", "customer_id"],
}
FURTHER = ["id", "owner_id", "team_id", "department_id"]


def upgrade() -> None:
    """Apply."""
    present = sa.text("deleted_at IS NULL")
    for name, columns in INDEXES.items():
        op.create_index(name, TABLE, [*columns, *FURTHER],
                        sqlite_where=present, postgresql_where=present)


def downgrade() -> None:
    """Take back."""
    for name in INDEXES:
        op.drop_index(name, TABLE)
