"""Open callbacks are listed and counted by an index in the order of their list

Revision ID: callbacks_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "callbacks_0009"
down_revision = "callbacks_0008"
branch_labels = None
depends_on = None

TABLE, INDEX = "callbacks_task", "ix_callbacks_task_open_due"
# Nothing is asked in its order, and it would be taken for counts, which it cannot answer alone.
FORMER = "ix_callbacks_task_open_next"
COLUMNS = ["is_open", "due_until", "id", "owner_id", "team_id", "department_id"]


def upgrade() -> None:
    """Apply."""
    present = sa.text("deleted_at IS NULL")
    op.drop_index(FORMER, TABLE)
    op.create_index(INDEX, TABLE, COLUMNS, sqlite_where=present, postgresql_where=present)


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, TABLE)
    op.create_index(FORMER, TABLE, ["is_open", "next_contact_at", "id"])
