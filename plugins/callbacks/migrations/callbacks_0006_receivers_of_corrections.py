"""Customers who got a wrong answer in records of any kind

Revision ID: callbacks_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "callbacks_0006"
down_revision = "callbacks_0005"
branch_labels = None
depends_on = None

_TABLE = "callbacks_correction_receiver"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        _TABLE,
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("record_type", app.database.CodeString(64), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["callbacks_correction.id"], ondelete="CASCADE",
            name=op.f("fk_callbacks_correction_receiver_correction_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers_customer.id"], ondelete="CASCADE",
            name=op.f("fk_callbacks_correction_receiver_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks_correction_receiver")),
        sa.UniqueConstraint("correction_id", "customer_id",
                            name=op.f("uq_callbacks_correction_receiver_correction_id_customer_id")),
    )
    op.create_index(op.f("ix_callbacks_correction_receiver_customer_id"), _TABLE, ["customer_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_TABLE)
