"""Consents, do-not-contact, the log of contacts; a customer's time zone and hours

Revision ID: core_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None

_big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _code(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _customer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["customer_id"], ["customers_customer.id"], ondelete="CASCADE",
                                   name=f"fk_{table}_customer_id")


def upgrade() -> None:
    """Apply."""
    # Other tables refer to this one: columns are added in place.
    op.add_column("customers_customer", sa.Column(
        "contact_hours", sa.String(80), server_default="", nullable=False))
    op.add_column("customers_customer", sa.Column(
        "timezone", _code(40), server_default="", nullable=False))
    op.create_table(
        "customers_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        _customer("customers_consent"),
        sa.PrimaryKeyConstraint("id", name="pk_customers_consent"),
    )
    op.create_index("ix_customers_consent_customer_id", "customers_consent", ["customer_id"])
    op.create_table(
        "customers_do_not_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        _customer("customers_do_not_contact"),
        sa.PrimaryKeyConstraint("id", name="pk_customers_do_not_contact"),
    )
    op.create_index("ix_customers_do_not_contact_customer_id", "customers_do_not_contact",
                    ["customer_id"])
    op.create_table(
        "customers_contact",
        sa.Column("id", _big, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number_digest", _code(24), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("record_type", _code(64), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        _customer("customers_contact"),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"], name="fk_customers_contact_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers_contact"),
    )
    op.create_index("ix_customers_contact_customer_id_at", "customers_contact",
                    ["customer_id", "at"])
    op.create_index("ix_customers_contact_number_digest_at", "customers_contact",
                    ["number_digest", "at"])


def downgrade() -> None:
    """Take back."""
    for name in ("customers_contact", "customers_do_not_contact", "customers_consent"):
        op.drop_table(name)
    op.drop_column("customers_customer", "timezone")
    op.drop_column("customers_customer", "contact_hours")
