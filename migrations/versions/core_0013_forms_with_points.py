"""Forms with points: drafts and published versions

Revision ID: core_0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    code = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
    op.create_table(
        "forms_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", code, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_zh", sa.String(200), nullable=False),
        sa.Column("content", app.database.Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("updated_at", app.database.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forms_form"),
        sa.UniqueConstraint("code", name="uq_forms_form_code"),
    )
    op.create_table(
        "forms_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", app.database.Json(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("published_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["forms_form.id"], name="fk_forms_version_form_id"),
        sa.ForeignKeyConstraint(["published_by_id"], ["ab_user.id"],
                                name="fk_forms_version_published_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_forms_version"),
        sa.UniqueConstraint("form_id", "number", name="uq_forms_version_form_id_number"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("forms_version")
    op.drop_table("forms_form")
