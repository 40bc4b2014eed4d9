"""Complaints are of a branch or project

Revision ID: complaints_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "complaints_0007"
down_revision = "complaints_0006"
branch_labels = None
depends_on = None

TABLE, COLUMN = "complaints_complaint", "branch_id"
REFERENCE = "fk_complaints_complaint_branch_id"


def upgrade() -> None:
    """Apply; complaints that exist are of the branch of their owner, else of who registered them.

    Those of a register stay without one: nobody here has handled them.
    """
    # Written out, because SQLite would otherwise copy a large table for the reference.
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} INTEGER "
               f"CONSTRAINT {REFERENCE} REFERENCES people_branch (id)")
    op.create_index(op.f("ix_complaints_complaint_branch_id"), TABLE, [COLUMN])
    complaint = sa.table(TABLE, *map(sa.column, ("branch_id", "owner_id", "created_by_id",
                                                 "source")))
    staff = sa.table("people_staff", sa.column("user_id"), sa.column("branch_id"))
    person = sa.func.coalesce(complaint.c.owner_id, complaint.c.created_by_id)
    op.execute(complaint.update().where(sa.func.coalesce(complaint.c.source, "") != "cfpb").values({
        COLUMN: sa.select(staff.c.branch_id).where(staff.c.user_id == person).scalar_subquery()}))


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_complaints_complaint_branch_id"), TABLE)
    with op.batch_alter_table(TABLE) as table:
        # SQLite does not tell the name of a reference that was written out, and copies without it.
        if op.get_bind().dialect.name != "sqlite":
            table.drop_constraint(op.f(REFERENCE), type_="foreignkey")
        table.drop_column(COLUMN)
