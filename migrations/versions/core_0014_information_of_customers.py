"""Verification, completeness and review of customers' information; membership, service tiers

Revision ID: core_0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None

KEPT = ("completeness", "information_state")
INDEXED = (*KEPT, "review_due_on", "membership_id", "tier_id")
REFERENCES = {
    "customer_id": ("customers_customer", "CASCADE"), "by_id": ("ab_user", None),
    "document_kind_id": ("customers_document_kind", None), "file_id": ("records_file", "SET NULL"),
}


def upgrade() -> None:
    """Apply."""
    # Other tables refer to customers: columns are added in place.
    op.add_column("customers_customer", sa.Column(
        "completeness", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("customers_customer", sa.Column(
        "information_state", sa.String(12), nullable=False, server_default="missing"))
    op.execute(_standing())
    op.add_column("customers_customer", sa.Column(
        "reviewed_at", app.database.UTCDateTime(), nullable=True))
    op.add_column("customers_customer", sa.Column("review_due_on", sa.Date(), nullable=True))
    _add_reference("reviewed_by_id", "ab_user")
    # By the rule that the product comes with: a year after the registration.
    year = ("date(created_at, '+12 months')" if op.get_bind().dialect.name == "sqlite"
            else "(created_at + interval '12 months')::date")
    op.execute(f"UPDATE customers_customer SET review_due_on = {year}")
    _create_list("customers_membership")
    _create_list(
        "customers_service_tier", sa.Column("own_agent", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("tighter_percent", sa.Integer(), nullable=False))
    _add_reference("membership_id", "customers_membership")
    _add_reference("tier_id", "customers_service_tier")
    op.add_column("customers_customer", sa.Column("member_since", sa.Date(), nullable=True))
    for name in INDEXED:
        op.create_index(f"ix_customers_customer_{name}", "customers_customer", [name])
    _create_list("customers_document_kind")
    op.create_table(
        "customers_verification",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("document_kind_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(400), nullable=False),
        *(sa.ForeignKeyConstraint(
            [name], [f"{table}.id"], ondelete=ondelete,
            name=f"fk_customers_verification_{name}")
          for name, (table, ondelete) in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name="pk_customers_verification"),
    )
    op.create_index("ix_customers_verification_customer_id_at", "customers_verification",
                    ["customer_id", "at"])
    op.create_index(
        "uq_customers_verification_current", "customers_verification", ["customer_id", "item"],
        unique=True, sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current"))
    for name in ("at", "document_kind_id", "file_id"):
        op.create_index(f"ix_customers_verification_{name}", "customers_verification", [name])


def downgrade() -> None:
    """Take back."""
    op.drop_table("customers_verification")
    op.drop_table("customers_document_kind")
    for name in INDEXED:
        op.drop_index(f"ix_customers_customer_{name}", table_name="customers_customer")
    for name in (*INDEXED, "reviewed_at", "reviewed_by_id", "member_since"):
        op.drop_column("customers_customer", name)
    op.drop_table("customers_service_tier")
    op.drop_table("customers_membership")


def _add_reference(name: str, table: str) -> None:
    # Other tables refer to this one: SQLite could not put a new table in its place.
    op.execute(f"ALTER TABLE customers_customer ADD COLUMN {name} INTEGER "
               f"CONSTRAINT fk_customers_customer_{name} REFERENCES {table} (id)")


def _standing() -> sa.Update:
    """Return how complete customers are by the rules that the product comes with."""
    names = ("name", "phone", "id_number", "address", "email", "wechat")
    table = sa.table("customers_customer", sa.column("completeness"), sa.column("born_on"),
                     sa.column("information_state"), *map(sa.column, names))
    there = {name: sa.case((sa.func.trim(table.c[name]) != "", 1), else_=0) for name in names}
    there["born_on"] = sa.case((table.c.born_on.is_not(None), 1), else_=0)
    # Four required items, three optional ones, and three that nobody has verified yet.
    filled = sum(there.values(), sa.literal(0))
    required = sum(there[name] for name in ("name", "phone", "id_number", "address"))
    return table.update().values(
        completeness=filled * 10,
        information_state=sa.case((required == 4, "to_verify"), else_="missing"))


def _create_list(table: str, *further: sa.Column) -> None:
    code = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", code, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(12), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        *further,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("code", name=f"uq_{table}_code"),
        sa.UniqueConstraint("name", name=f"uq_{table}_name"),
    )
