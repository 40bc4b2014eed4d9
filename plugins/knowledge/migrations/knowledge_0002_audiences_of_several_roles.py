"""Audiences are named sets of roles

Revision ID: knowledge_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "knowledge_0002"
down_revision = "knowledge_0001"
branch_labels = None
depends_on = None
STANDSTILL = "The audience of an article becomes a set of roles."

AUDIENCES = (
    ("agent", "Agents", "客服专员"), ("supervisor", "Supervisors", "客服主管"),
    ("leader", "Leaders", "领导"), ("hr", "HR", "人力资源"),
)
_TABLES = ("knowledge_article", "knowledge_line")
_AUDIENCE = sa.table(
    "knowledge_audience", sa.column("id", sa.Integer()), sa.column("code", sa.String()),
    sa.column("name", sa.String()), sa.column("name_zh", sa.String()),
    sa.column("position", sa.Integer()), sa.column("colour", sa.String()),
    sa.column("retired", sa.Boolean()))


def upgrade() -> None:
    """Apply; the name of a role becomes the audience of that role."""
    op.create_table(
        "knowledge_audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", app.database.CodeString(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(12), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_audience")),
        sa.UniqueConstraint("code", name=op.f("uq_knowledge_audience_code")),
        sa.UniqueConstraint("name", name=op.f("uq_knowledge_audience_name")),
    )
    op.create_table(
        "knowledge_audience_role",
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["knowledge_audience.id"], ondelete="CASCADE",
                                name=op.f("fk_knowledge_audience_role_audience_id")),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE",
                                name=op.f("fk_knowledge_audience_role_role_id")),
        sa.PrimaryKeyConstraint("audience_id", "role_id",
                                name=op.f("pk_knowledge_audience_role")),
    )
    op.create_index(op.f("ix_knowledge_audience_role_role_id"), "knowledge_audience_role",
                    ["role_id"])
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("audience_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_audience_id"), "knowledge_audience",
                                        ["audience_id"], ["id"])
            batch_op.create_index(op.f(f"ix_{table}_audience_id"), ["audience_id"])
    _carry_over(op.get_bind())
    with op.batch_alter_table("knowledge_article", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_knowledge_article_audience"))
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("audience")


def _carry_over(connection: sa.Connection) -> None:
    """Make an audience of each role that is named, and let articles and lines refer to it.

    Those that nobody has used come with the shipped data, once there are roles.
    """
    used = {row[0] for table in _TABLES for row in connection.execute(
        sa.text(f"SELECT DISTINCT audience FROM {table}"))}
    rows = [
        {"code": code, "name": name, "name_zh": name_zh, "position": place * 10, "colour": "",
         "retired": False} for place, (code, name, name_zh) in enumerate(AUDIENCES, start=1)
        if code in used]
    if not rows:
        return
    connection.execute(_AUDIENCE.insert(), rows)
    connection.execute(sa.text(
        "INSERT INTO knowledge_audience_role (audience_id, role_id) "
        "SELECT a.id, r.id FROM knowledge_audience a JOIN ab_role r ON r.name = a.code"))
    for table in _TABLES:
        connection.execute(sa.text(
            f"UPDATE {table} SET audience_id = (SELECT a.id FROM knowledge_audience a "
            f"WHERE a.code = {table}.audience) WHERE audience <> ''"))


def downgrade() -> None:
    """Take back; what was meant for several roles is meant for the first of them."""
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("audience", app.database.CodeString(64),
                                          nullable=False, server_default=""))
        op.execute(sa.text(
            f"UPDATE {table} SET audience = coalesce((SELECT min(r.name) FROM ab_role r "
            "JOIN knowledge_audience_role l ON l.role_id = r.id "
            f"WHERE l.audience_id = {table}.audience_id), 'admin') "
            "WHERE audience_id IS NOT NULL"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(op.f(f"ix_{table}_audience_id"))
            batch_op.drop_constraint(op.f(f"fk_{table}_audience_id"), type_="foreignkey")
            batch_op.drop_column("audience_id")
    op.create_index(op.f("ix_knowledge_article_audience"), "knowledge_article", ["audience"])
    op.drop_table("knowledge_audience_role")
    op.drop_table("knowledge_audience")
