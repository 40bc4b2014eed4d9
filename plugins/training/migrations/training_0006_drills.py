"""Drills with the checklist of an observer

Revision ID: training_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "training_0006"
down_revision = "training_0005"
branch_labels = None
depends_on = None

_TABLE = "training_drill"
_USERS = ("observer_id", "owner_id", "created_by_id", "updated_by_id")
_OTHERS = {"session_id": "training_session", "checklist_id": "forms_version",
           "department_id": "people_department", "team_id": "people_team"}
_INDEXED = ("method", "observer_id", "session_id", "held_on", "observed_at", "owner_id",
            "department_id", "team_id")


def upgrade() -> None:
    """Apply."""
    number = sa.String(24).with_variant(sa.String(24, collation="C"), "postgresql")
    targets = {**dict.fromkeys(_USERS, "ab_user"), **_OTHERS}
    op.create_table(
        _TABLE,
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("method", sa.String(12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("answers", app.database.Json(), nullable=False),
        sa.Column("points", sa.Float()),
        sa.Column("observed_at", app.database.UTCDateTime()),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("updated_at", app.database.UTCDateTime(), nullable=False),
        sa.Column("deleted_at", app.database.UTCDateTime()),
        sa.Column("extra", app.database.Json(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in targets),
        *(sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{_TABLE}_{name}"))
          for name, target in targets.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{_TABLE}_number")),
    )
    for name in _INDEXED:
        op.create_index(op.f(f"ix_{_TABLE}_{name}"), _TABLE, [name])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_TABLE)
