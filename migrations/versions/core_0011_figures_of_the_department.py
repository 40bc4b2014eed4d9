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

PLACES = ("team_1", "department_1", "department_2")


def _code(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _cell(*more: sa.Column) -> list[sa.Column]:
    """Return the columns of a cell: ``more`` comes after the dimension."""
    return [
        sa.Column("measure", _code(80), nullable=False),
        sa.Column("dimension", _code(40), nullable=False),
        *more,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in PLACES),
        sa.Column("amount", sa.BigInteger(), nullable=False),
    ]


def upgrade() -> None:
    """Apply. Records that exist are counted by ``flask deploy`` afterwards."""
    op.create_table(
        "metrics_sum",
        *_cell(sa.Column("level", sa.Integer(), nullable=False)),
        sa.PrimaryKeyConstraint("measure", "dimension", "level", "month", "origin", "value",
                                *PLACES, name="pk_metrics_sum"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metrics_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *_cell(),
        sa.PrimaryKeyConstraint("id", name="pk_metrics_change"),
    )
    op.create_index("ix_metrics_change_measure_dimension", "metrics_change",
                    ["measure", "dimension"])
    op.create_table(
        "metrics_state",
        sa.Column("measure", _code(80), nullable=False),
        sa.Column("definition", _code(64), nullable=False),
        sa.Column("token", _code(32), nullable=False),
        sa.Column("counted_at", app.database.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("measure", name="pk_metrics_state"),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("metrics_state", "metrics_change", "metrics_sum"):
        op.drop_table(name)
