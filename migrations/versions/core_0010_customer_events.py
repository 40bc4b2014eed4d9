"""Events of customers; dates on which something of a vehicle is due

Revision ID: core_0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

DATES = ("insurance_due_on", "inspection_due_on", "maintenance_due_on")
REFERENCES = {
    "customer_id": "customers_customer", "vehicle_id": "customers_vehicle", "owner_id": "ab_user",
    "department_id": "people_department", "team_id": "people_team", "created_by_id": "ab_user",
    "updated_by_id": "ab_user",
}
INDEXED = ("customer_id", "vehicle_id", "owner_id", "department_id", "team_id")


def upgrade() -> None:
    """Apply."""
    # Other tables refer to this one: columns are added in place.
    for name in DATES:
        op.add_column("customers_vehicle", sa.Column(name, sa.Date(), nullable=True))
        op.create_index(f"ix_customers_vehicle_{name}", "customers_vehicle", [name])
    number = sa.String(24).with_variant(sa.String(24, collation="C"), "postgresql")
    op.create_table(
        "customers_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("updated_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("deleted_at", app.database.UTCDateTime(), nullable=True),
        sa.Column("extra", app.database.Json(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("happened_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("detail", sa.String(400), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "customer_id") for name in REFERENCES),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_customers_event_{name}")
          for name, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name="pk_customers_event"),
        sa.UniqueConstraint("number", name="uq_customers_event_number"),
    )
    for name in INDEXED:
        op.create_index(f"ix_customers_event_{name}", "customers_event", [name])
    op.create_index("ix_customers_event_kind_happened_at", "customers_event",
                    ["kind", "happened_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("customers_event")
    for name in DATES:
        op.drop_index(f"ix_customers_vehicle_{name}", table_name="customers_vehicle")
        op.drop_column("customers_vehicle", name)
