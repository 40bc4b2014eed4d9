"""A line of the log may take another one back

Revision ID: core_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("workflow_log") as batch:
        batch.add_column(sa.Column(
            "undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ))
        batch.create_foreign_key(
            batch.f("fk_workflow_log_undoes_id_workflow_log"), "workflow_log", ["undoes_id"], ["id"]
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("workflow_log") as batch:
        batch.drop_constraint(
            batch.f("fk_workflow_log_undoes_id_workflow_log"), type_="foreignkey"
        )
        batch.drop_column("undoes_id")
