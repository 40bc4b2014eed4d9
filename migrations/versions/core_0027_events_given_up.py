"""Events that were given up are found without reading those that were delivered

Revision ID: core_0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0027"
down_revision = "core_0026"
branch_labels = None
depends_on = None

GIVEN_UP, DONE = "ix_jobs_outbox_given_up", "ix_jobs_outbox_done_at"


def upgrade() -> None:
    """Apply."""
    _create(GIVEN_UP, "id", "next_try_at IS NULL AND done_at IS NULL")
    op.drop_index(DONE, "jobs_outbox")
    _create(DONE, "done_at", "done_at IS NOT NULL")


def _create(name: str, column: str, condition: str) -> None:
    op.create_index(name, "jobs_outbox", [column], sqlite_where=sa.text(condition),
                    postgresql_where=sa.text(condition))


def downgrade() -> None:
    """Take back."""
    op.drop_index(DONE, "jobs_outbox")
    op.create_index(DONE, "jobs_outbox", ["done_at"])
    op.drop_index(GIVEN_UP, "jobs_outbox")
