"""Roles have a reach for each kind of record

Revision ID: core_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "access_role_reach",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], ondelete="CASCADE",
            name=op.f("fk_access_role_reach_role_id_ab_role"),
        ),
        sa.PrimaryKeyConstraint("role_id", "record_type", name=op.f("pk_access_role_reach")),
    )
    op.create_table(
        "access_shipped_reach",
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("role", "record_type", name=op.f("pk_access_shipped_reach")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("access_shipped_reach")
    op.drop_table("access_role_reach")
