"""Tutoring by quality findings and causes of complaints

Revision ID: training_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "training_0005"
down_revision = "training_0004"
branch_labels = None
depends_on = None

_RULE, _FINDING = "training_tutoring_rule", "training_finding"


def upgrade() -> None:
    """Apply."""
    op.add_column(_RULE, sa.Column("cause", app.database.CodeString(60), nullable=False,
                                   server_default=""))
    op.add_column(_RULE, sa.Column("times", sa.SmallInteger(), nullable=False,
                                   server_default="1"))
    op.add_column(_RULE, sa.Column("within_days", sa.SmallInteger(), nullable=False,
                                   server_default="90"))
    op.create_table(
        _FINDING,
        sa.Column("id", app.database.BigId, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("occasion", app.database.CodeString(24), nullable=False),
        sa.Column("cause", app.database.CodeString(60), nullable=False),
        sa.Column("at", app.database.UTCDateTime(), nullable=False),
        sa.Column("record_type", app.database.CodeString(64), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE",
                                name=op.f("fk_training_finding_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_finding")),
        sa.UniqueConstraint("occasion", "record_type", "record_id", "user_id",
                            name=op.f("uq_training_finding_occasion_record_type_record_id_user_id")),
    )
    op.create_index("ix_training_finding_person", _FINDING, ["user_id", "occasion", "at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_FINDING)
    for name in ("cause", "times", "within_days"):
        op.drop_column(_RULE, name)
