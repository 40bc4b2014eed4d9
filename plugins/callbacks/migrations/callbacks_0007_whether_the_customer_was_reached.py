"""Whether the last contact reached the customer, so that reach is counted as callbacks change

Revision ID: callbacks_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "callbacks_0007"
down_revision = "callbacks_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the rules of outcomes say it of callbacks that exist."""
    op.add_column("callbacks_task", sa.Column(
        "was_reached", sa.Boolean(), nullable=False, server_default=sa.false()))
    task = sa.table("callbacks_task", sa.column("outcome_id", sa.Integer()),
                    sa.column("was_reached", sa.Boolean()))
    rule = sa.table("callbacks_outcome_rule", sa.column("outcome_id", sa.Integer()),
                    sa.column("reached", sa.Boolean()), sa.column("deleted_at", sa.DateTime()))
    reached = sa.select(rule.c.outcome_id).where(rule.c.reached, rule.c.deleted_at.is_(None))
    op.execute(task.update().where(task.c.outcome_id.in_(reached)).values(was_reached=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("callbacks_task", "was_reached")
