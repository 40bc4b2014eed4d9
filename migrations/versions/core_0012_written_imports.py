"""What an import has written, so that it can be taken back; how files of a mapping are read

Revision ID: core_0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # Nothing refers to saved mappings; those of before are read as detected.
    op.add_column("records_import_mapping", sa.Column(
        "options", app.database.Json(), nullable=False, server_default="{}"))
    op.create_table(
        "records_written_import",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("importer", app.database.CodeString(80), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("change_set", sa.String(length=36), nullable=False),
        sa.Column("written_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("back_change_set", sa.String(length=36), nullable=False),
        sa.Column("back_job_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_written_import")),
        sa.UniqueConstraint("job_id", name=op.f("uq_records_written_import_job_id")),
    )
    op.create_index(
        "ix_records_written_import_written_at", "records_written_import", ["written_at"])
    op.create_table(
        "records_imported",
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("import_id", app.database.BigId, nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["records_written_import.id"], ondelete="CASCADE",
            name=op.f("fk_records_imported_import_id_records_written_import"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_imported")),
    )
    op.create_index("ix_records_imported_import_id", "records_imported", ["import_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("records_imported")
    op.drop_table("records_written_import")
    with op.batch_alter_table("records_import_mapping") as batch:
        batch.drop_column("options")
