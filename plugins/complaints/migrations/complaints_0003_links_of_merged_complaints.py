"""Complaints that were merged are linked with the one that went on

Revision ID: complaints_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "complaints_0003"
down_revision = "complaints_0002"
branch_labels = None
depends_on = None

_KIND = "complaints.complaint"
_MERGED = "complaints.merged"


def upgrade() -> None:
    """Apply; what is linked already stays as it is."""
    op.execute(sa.text(
        "INSERT INTO records_link (a_type, a_id, b_type, b_id, kind, at) "
        "SELECT :record_type, c.id, :record_type, c.merged_into_id, :kind, c.updated_at "
        "FROM complaints_complaint c WHERE c.merged_into_id IS NOT NULL "
        "AND c.merged_into_id <> c.id AND NOT EXISTS (SELECT 1 FROM records_link l "
        "WHERE l.a_type = :record_type AND l.a_id = c.id AND l.b_type = :record_type "
        "AND l.b_id = c.merged_into_id AND l.kind = :kind)"
    ).bindparams(record_type=_KIND, kind=_MERGED))


def downgrade() -> None:
    """Take back."""
    op.execute(sa.text("DELETE FROM records_link WHERE kind = :kind").bindparams(kind=_MERGED))
