"""A form that comes with the product says which definition ships now

Revision ID: core_0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database import Json

revision = "core_0024"
down_revision = "core_0023"
branch_labels = None
depends_on = None

TABLE = "forms_form"


def upgrade() -> None:
    """Apply; what ships is entered when definitions are published, at the end of the deploy."""
    op.add_column(TABLE, sa.Column("shipped", Json(), nullable=True))
    op.add_column(TABLE, sa.Column(
        "shipped_answered", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column(TABLE, "shipped_answered")
    op.drop_column(TABLE, "shipped")
