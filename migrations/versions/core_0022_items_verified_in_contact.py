"""Verifications name the contact in which they were made, so that items verified are counted

Revision ID: core_0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0022"
down_revision = "core_0021"
branch_labels = None
depends_on = None

TABLE, COLUMN = "customers_verification", "contact_id"
INDEXES = (("ix_customers_verification_by_id_at", ["by_id", "at"]),
           ("ix_customers_verification_contact_id", [COLUMN]))
CONTACT = "fk_customers_verification_contact_id"


def upgrade() -> None:
    """Apply; the log of contacts says it of verifications that exist."""
    with op.batch_alter_table(TABLE) as table:
        table.add_column(sa.Column(COLUMN, sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        table.create_foreign_key(CONTACT, "customers_contact", [COLUMN], ["id"],
                                 ondelete="SET NULL")
    for name, columns in INDEXES:
        op.create_index(name, TABLE, columns)
    row = sa.table(TABLE, *(sa.column(name) for name in (
        "id", "customer_id", "item", "state", "at", "by_id", COLUMN)))
    contact = sa.table("customers_contact", *(sa.column(name) for name in (
        "id", "customer_id", "by_id", "at")), sa.column("reached", sa.Boolean()))
    last = (sa.select(contact.c.id)
            .where(contact.c.customer_id == row.c.customer_id, contact.c.by_id == row.c.by_id,
                   contact.c.reached, contact.c.at <= row.c.at)
            .order_by(contact.c.at.desc(), contact.c.id.desc()).limit(1))
    op.execute(row.update().where(row.c.state == "verified")
               .values({COLUMN: last.scalar_subquery()}))
    # An item counts once for each contact.
    earlier = row.alias()
    op.execute(row.update().where(sa.exists(
        sa.select(earlier.c.id).where(
            earlier.c.contact_id == row.c.contact_id, earlier.c.item == row.c.item,
            earlier.c.id < row.c.id))).values({COLUMN: None}))


def downgrade() -> None:
    """Take back."""
    for name, _columns in reversed(INDEXES):
        op.drop_index(name, TABLE)
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(CONTACT, type_="foreignkey")
        table.drop_column(COLUMN)
