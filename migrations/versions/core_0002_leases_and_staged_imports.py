"""Leases of jobs and schedules, and what an import has written and not yet revealed

Revision ID: core_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ("jobs_job", "jobs_schedule"):
        op.add_column(table, sa.Column("lease_until", app.database.UTCDateTime(), nullable=True))
    op.create_table(
        "records_staged_import",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("importer", app.database.CodeString(80), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("change_set", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("report", app.database.Json(), nullable=True),
        sa.Column("lines", app.database.Json(), nullable=True),
        sa.Column("written_at", app.database.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_staged_import")),
        sa.UniqueConstraint("importer", name=op.f("uq_records_staged_import_importer")),
    )
    op.create_table(
        "records_staged_records",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("import_id", app.database.BigId, nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["records_staged_import.id"], ondelete="CASCADE",
            name=op.f("fk_records_staged_records_import_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_staged_records")),
        sa.UniqueConstraint(
            "import_id", "record_type", name=op.f("uq_records_staged_records_import_id_record_type")
        ),
    )
    op.create_table(
        "records_staged_row",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("import_id", app.database.BigId, nullable=False),
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("key", app.database.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["records_staged_import.id"], ondelete="CASCADE",
            name=op.f("fk_records_staged_row_import_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_staged_row")),
    )
    op.create_index("ix_records_staged_row_import_id", "records_staged_row", ["import_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("records_staged_row")
    op.drop_table("records_staged_records")
    op.drop_table("records_staged_import")
    for table in ("jobs_job", "jobs_schedule"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("lease_until")
