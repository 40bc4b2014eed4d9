"""Figures of the department: sums, changes and by which definition they were counted

Revision ID: core_0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None

KEY = ("measure", "dimension", "day", "origin", "value", "person_1", "person_2", "team_1",
       "department_1", "department_2")


def _code(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _cells(name: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure", _code(80), nullable=False),
        sa.Column("dimension", _code(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        *(sa.Column(one, sa.Integer(), nullable=False)
          for one in (*KEY[5:], "amount")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *more,
    )


def upgrade() -> None:
    """Apply. Records that exist are counted by ``flask deploy`` afterwards."""
    _cells("metrics_sum", sa.UniqueConstraint(*KEY, name="uq_metrics_sum_key"))
    _cells("metrics_change")
    op.create_index("ix_metrics_change_measure_dimension", "metrics_change",
                    ["measure", "dimension"])
    op.create_table(
        "metrics_state",
        sa.Column("measure", _code(80), nullable=False),
        sa.Column("definition", _code(64), nullable=False),
        sa.Column("counted_at", app.database.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("measure", name="pk_metrics_state"),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("metrics_state", "metrics_change", "metrics_sum"):
        op.drop_table(name)
