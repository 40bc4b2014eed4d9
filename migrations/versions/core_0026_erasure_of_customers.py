"""Customers can be put on legal hold, and erased by two persons

Revision ID: core_0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.access.sensitive.columns import JsonWithSensitive
from app.database import CodeString, UTCDateTime

revision = "core_0026"
down_revision = "core_0025"
branch_labels = None
depends_on = None

HOLDS, REQUESTS, CUSTOMERS = (
    "customers_legal_hold", "customers_erasure_request", "customers_customer")
REFERENCES = {
    "customer_id": CUSTOMERS, "maker_id": "ab_user", "decider_id": "ab_user",
    "owner_id": "ab_user", "department_id": "people_department", "team_id": "people_team",
    "created_by_id": "ab_user", "updated_by_id": "ab_user",
}
INDEXED = ("customer_id", "maker_id", "owner_id", "department_id", "team_id", "status")


def upgrade() -> None:
    """Apply."""
    # Other tables refer to this one: columns are added in place.
    op.add_column(CUSTOMERS, sa.Column("erased_at", UTCDateTime(), nullable=True))
    op.add_column(CUSTOMERS, sa.Column(
        "on_hold", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(CUSTOMERS, sa.Column("erasure_due_on", sa.Date(), nullable=True))
    op.create_index(f"ix_{CUSTOMERS}_erasure_due_on", CUSTOMERS, ["erasure_due_on"])
    _create_holds()
    _create_requests()


def _create_holds() -> None:
    people = {"placed_by_id": "ab_user", "lifted_by_id": "ab_user"}
    op.create_table(
        HOLDS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("placed_at", UTCDateTime(), nullable=False),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.Column("lift_reason", sa.String(400), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in people),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_{HOLDS}_{name}")
          for name, table in people.items()),
        sa.ForeignKeyConstraint(["customer_id"], [f"{CUSTOMERS}.id"], ondelete="CASCADE",
                                name=f"fk_{HOLDS}_customer_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{HOLDS}"),
    )
    op.create_index(f"ix_{HOLDS}_customer_id", HOLDS, ["customer_id"])
    _create_one_each(f"uq_{HOLDS}_running", HOLDS, "lifted_at IS NULL")


def _create_requests() -> None:
    op.create_table(
        REQUESTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", CodeString(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.Column("extra", JsonWithSensitive(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(400), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "customer_id") for name in REFERENCES),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_{REQUESTS}_{name}")
          for name, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{REQUESTS}"),
        sa.UniqueConstraint("number", name=f"uq_{REQUESTS}_number"),
    )
    for name in INDEXED:
        op.create_index(f"ix_{REQUESTS}_{name}", REQUESTS, [name])
    _create_one_each(f"uq_{REQUESTS}_open", REQUESTS, "status = 'open'")


def _create_one_each(name: str, table: str, condition: str) -> None:
    op.create_index(name, table, ["customer_id"], unique=True,
                    sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    """Take back; whoever was erased stays erased."""
    op.drop_table(REQUESTS)
    op.drop_table(HOLDS)
    op.drop_index(f"ix_{CUSTOMERS}_erasure_due_on", CUSTOMERS)
    op.drop_column(CUSTOMERS, "erasure_due_on")
    op.drop_column(CUSTOMERS, "on_hold")
    op.drop_column(CUSTOMERS, "erased_at")
