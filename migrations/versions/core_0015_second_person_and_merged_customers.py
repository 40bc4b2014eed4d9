"""Requests to change protected data of customers; merged customers

Revision ID: core_0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database
from app.access.sensitive.columns import EncryptedJson, Sensitive

revision = "core_0015"
down_revision = "core_0014"
branch_labels = None
depends_on = None

REFERENCES = {
    "customer_id": "customers_customer", "maker_id": "ab_user", "decider_id": "ab_user",
    "owner_id": "ab_user", "department_id": "people_department", "team_id": "people_team",
    "created_by_id": "ab_user", "updated_by_id": "ab_user",
}
MERGED = {"merged_id": "customers_customer", "survivor_id": "customers_customer",
          "by_id": "ab_user"}
INDEXED = ("customer_id", "maker_id", "owner_id", "department_id", "team_id", "change_set")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "customers_change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", app.database.CodeString(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("updated_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("deleted_at", app.database.UTCDateTime(), nullable=True),
        sa.Column("extra", app.database.Json(), nullable=False),
        sa.Column("change_set", sa.String(36), nullable=False),
        sa.Column("fields", sa.String(200), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("document_kind", sa.String(12), nullable=False),
        sa.Column("document_number", Sensitive("text", 80), nullable=False),
        sa.Column("decided_at", app.database.UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(400), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "customer_id") for name in REFERENCES),
        *(sa.ForeignKeyConstraint(
            [name], [f"{table}.id"], name=f"fk_customers_change_request_{name}_{table}")
          for name, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name="pk_customers_change_request"),
        sa.UniqueConstraint("number", name="uq_customers_change_request_number"),
    )
    for name in INDEXED:
        op.create_index(f"ix_customers_change_request_{name}", "customers_change_request", [name])
    op.create_index("ix_customers_change_request_status_created_at", "customers_change_request",
                    ["status", "created_at"])
    op.create_table(
        "customers_requested_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("before", Sensitive("text", 200), nullable=False),
        sa.Column("after", Sensitive("text", 200), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["customers_change_request.id"], ondelete="CASCADE",
            name="fk_customers_requested_change_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers_requested_change"),
    )
    op.create_index("ix_customers_requested_change_request_id", "customers_requested_change",
                    ["request_id"])
    # Other tables refer to this one: the column is added in place.
    op.add_column("customers_customer", sa.Column(
        "former_numbers", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "customers_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("change_set", sa.String(36), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("moved", app.database.Json(), nullable=False),
        sa.Column("before", EncryptedJson(), nullable=False),
        sa.Column("merged_version", sa.Integer(), nullable=False),
        sa.Column("survivor_version", sa.Integer(), nullable=False),
        sa.Column("undone_at", app.database.UTCDateTime(), nullable=True),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_customers_merge_{name}_{table}")
          for name, table in MERGED.items()),
        sa.PrimaryKeyConstraint("id", name="pk_customers_merge"),
    )
    for name in ("merged_id", "survivor_id"):
        op.create_index(f"ix_customers_merge_{name}", "customers_merge", [name])


def downgrade() -> None:
    """Take back."""
    op.drop_table("customers_merge")
    op.drop_column("customers_customer", "former_numbers")
    op.drop_table("customers_requested_change")
    op.drop_table("customers_change_request")
