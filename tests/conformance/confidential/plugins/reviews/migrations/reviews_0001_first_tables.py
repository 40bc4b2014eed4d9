"""First tables of reviews

Revision ID: reviews_0001
"""

from __future__ import annotations

from alembic import op
from plugins.reviews.models import Letter, Reader, Review

revision = "reviews_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for model in (Review, Reader, Letter):
        model.__table__.create(op.get_bind())


def downgrade() -> None:
    """Take back."""
    for model in (Letter, Reader, Review):
        model.__table__.drop(op.get_bind())
