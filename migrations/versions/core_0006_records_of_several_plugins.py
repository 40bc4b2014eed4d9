"""Events keep the order of their record; links between records; the timeline of a customer

Revision ID: core_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

_big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _code(length: int) -> sa.String:
    return sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("jobs_outbox") as batch:
        batch.add_column(sa.Column("record_key", _code(80), nullable=True))
    op.create_index(
        "ix_jobs_outbox_record", "jobs_outbox", ["subscriber", "record_key", "id"],
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    # Events that wait keep their order from now on as well.
    payload = sa.table("jobs_outbox", sa.column("id"), sa.column("payload", app.database.Json()),
                       sa.column("next_try_at"), sa.column("record_key"))
    connection = op.get_bind()
    waiting = connection.execute(
        sa.select(payload.c.id, payload.c.payload).where(payload.c.next_try_at.is_not(None))
    ).all()
    for row in waiting:
        kind, key = row.payload.get("record_type"), row.payload.get("record_id")
        if kind is not None and key is not None:
            connection.execute(
                sa.update(payload).where(payload.c.id == row.id).values(record_key=f"{kind}:{key}")
            )
    op.create_table(
        "records_link",
        sa.Column("id", _big, nullable=False),
        sa.Column("a_type", sa.String(length=64), nullable=False),
        sa.Column("a_id", sa.Integer(), nullable=False),
        sa.Column("b_type", sa.String(length=64), nullable=False),
        sa.Column("b_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"],
                                name=op.f("fk_records_link_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_link")),
    )
    op.create_index("ix_records_link_a", "records_link",
                    ["a_type", "a_id", "b_type", "b_id", "kind"], unique=True)
    op.create_index("ix_records_link_b", "records_link", ["b_type", "b_id"])
    op.create_table(
        "records_timeline",
        sa.Column("id", _big, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("number", _code(24), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("actor_name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("values", app.database.Json(), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("source", _code(80), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers_customer.id"], ondelete="CASCADE",
            name=op.f("fk_records_timeline_customer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_timeline")),
        sa.UniqueConstraint("source", name=op.f("uq_records_timeline_source")),
    )
    op.create_index("ix_records_timeline_customer", "records_timeline",
                    ["customer_id", "at", "id"])
    op.create_index("ix_records_timeline_record", "records_timeline",
                    ["record_type", "record_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("records_timeline")
    op.drop_table("records_link")
    op.drop_index("ix_jobs_outbox_record", table_name="jobs_outbox")
    with op.batch_alter_table("jobs_outbox") as batch:
        batch.drop_column("record_key")
