"""Open complaints of responsible persons are counted from an index

Revision ID: complaints_0004
"""

from __future__ import annotations

from alembic import op

revision = "complaints_0004"
down_revision = "complaints_0003"
branch_labels = None
depends_on = None

TABLE = "complaints_complaint"


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_complaints_complaint_handler_open", TABLE, ["handler_id", "is_open", "id"])
    op.drop_index("ix_complaints_complaint_handler_id", TABLE)


def downgrade() -> None:
    """Take back."""
    op.create_index("ix_complaints_complaint_handler_id", TABLE, ["handler_id"])
    op.drop_index("ix_complaints_complaint_handler_open", TABLE)
