"""Investments of customers; how loans are repaid, and the files that tell of it

Revision ID: core_0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0018"
down_revision = "core_0017"
branch_labels = None
depends_on = None

REFERENCES = {
    "customer_id": "customers_customer", "owner_id": "ab_user",
    "department_id": "people_department", "team_id": "people_team", "created_by_id": "ab_user",
    "updated_by_id": "ab_user",
}
INDEXED = ("customer_id", "matures_on", "status", "owner_id", "department_id", "team_id")
LOANS = "customers_loan"


def upgrade() -> None:
    """Apply."""
    op.add_column(LOANS, sa.Column("overdue_days", sa.Integer(), nullable=False,
                                   server_default="0"))
    op.add_column(LOANS, sa.Column("risk_class", sa.String(12), nullable=False, server_default=""))
    op.add_column(LOANS, sa.Column("status_on", sa.Date(), nullable=True))
    op.create_table(
        "customers_investment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", app.database.CodeString(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("updated_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("deleted_at", app.database.UTCDateTime(), nullable=True),
        sa.Column("extra", app.database.Json(), nullable=False),
        sa.Column("contract", app.database.CodeString(40), nullable=False),
        sa.Column("product", sa.String(80), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(12), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "customer_id") for name in REFERENCES),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_customers_investment_{name}")
          for name, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name="pk_customers_investment"),
        sa.UniqueConstraint("number", name="uq_customers_investment_number"),
        sa.UniqueConstraint("contract", name="uq_customers_investment_contract"),
    )
    for name in INDEXED:
        op.create_index(f"ix_customers_investment_{name}", "customers_investment", [name])
    op.create_table(
        "customers_status_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("job_id", app.database.BigId, nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs_job.id"], ondelete="SET NULL",
                                name="fk_customers_status_file_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers_status_file"),
    )
    for name in ("name", "digest", "at", "job_id"):
        op.create_index(f"ix_customers_status_file_{name}", "customers_status_file", [name])


def downgrade() -> None:
    """Take back."""
    op.drop_table("customers_status_file")
    op.drop_table("customers_investment")
    for name in ("overdue_days", "risk_class", "status_on"):
        op.drop_column(LOANS, name)
