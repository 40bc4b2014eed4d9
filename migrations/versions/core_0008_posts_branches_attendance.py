"""Branches, posts with deputies, skills, attendance facts, the ledger of share-outs

Revision ID: core_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None
STANDSTILL = "The post of a person becomes a record of its own."

# As they were shipped with this version; matched with what stood in the free text before.
POSTS = (
    ("agent", "Customer service agent", "客服专员"),
    ("supervisor", "Customer service supervisor", "客服主管"),
    ("service_manager", "Customer service manager", "客服经理"),
    ("department_manager", "Department manager", "部门经理"),
    ("administration_manager", "Administration manager", "行政经理"),
    ("marketing_director", "Marketing director", "营销总监"),
    ("general_manager", "General manager", "总经理"),
    ("human_resources", "Human resources", "人力资源"),
    ("compensation", "Compensation", "薪酬"),
    ("managers_office", "Manager's office", "经理室"),
)
LEAVE = {"事假": "personal_leave", "病假": "sick_leave", "年假": "annual_leave", "出差": "business_trip"}


def _code(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _dictionary(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", _code(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(12), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("code", name=f"uq_{name}_code"),
        sa.UniqueConstraint("name", name=f"uq_{name}_name"),
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "people_branch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", _code(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["ab_user.id"], name="fk_people_branch_leader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_people_branch"),
        sa.UniqueConstraint("code", name="uq_people_branch_code"),
        sa.UniqueConstraint("name", name="uq_people_branch_name"),
    )
    op.create_index("ix_people_branch_leader_id", "people_branch", ["leader_id"])
    _dictionary("people_post")
    _dictionary("people_skill")
    op.create_table(
        "people_staff_skill",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["people_staff.id"], ondelete="CASCADE",
                                name="fk_people_staff_skill_staff_id"),
        sa.ForeignKeyConstraint(["skill_id"], ["people_skill.id"],
                                name="fk_people_staff_skill_skill_id"),
        sa.PrimaryKeyConstraint("staff_id", "skill_id", name="pk_people_staff_skill"),
    )
    op.create_index("ix_people_staff_skill_skill_id", "people_staff_skill", ["skill_id"])
    op.create_table(
        "people_post_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("deputy_order", sa.Integer(), nullable=False),
        sa.Column("deputy_for_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["people_post.id"],
                                name="fk_people_post_holder_post_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["people_staff.id"], ondelete="CASCADE",
                                name="fk_people_post_holder_staff_id"),
        sa.ForeignKeyConstraint(["deputy_for_id"], ["people_staff.id"], ondelete="CASCADE",
                                name="fk_people_post_holder_deputy_for_id"),
        sa.PrimaryKeyConstraint("id", name="pk_people_post_holder"),
    )
    op.create_index("ix_people_post_holder_post_id_staff_id", "people_post_holder",
                    ["post_id", "staff_id"])
    op.create_index("ix_people_post_holder_staff_id", "people_post_holder", ["staff_id"])
    op.create_index("ix_people_post_holder_deputy_for_id", "people_post_holder", ["deputy_for_id"])
    op.create_table(
        "people_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("amount", sa.Numeric(6, 2), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["people_staff.id"],
                                name="fk_people_attendance_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_people_attendance"),
        sa.UniqueConstraint("staff_id", "day", "period", "kind",
                            name="uq_people_attendance_staff_id_day_period_kind"),
    )
    op.create_index("ix_people_attendance_day", "people_attendance", ["day"])
    op.create_table(
        "people_share_out",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Numeric(12, 2), nullable=False),
        sa.Column("last_at", app.database.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_people_share_out_user_id"),
        sa.PrimaryKeyConstraint("user_id", "record_type", "day", name="pk_people_share_out"),
    )
    op.add_column(
        "people_absence", sa.Column("kind", sa.String(24), server_default="other", nullable=False))
    # Other tables refer to this one: SQLite could not put a new table in its place.
    op.execute("ALTER TABLE people_staff ADD COLUMN branch_id INTEGER "
               "CONSTRAINT fk_people_staff_branch_id REFERENCES people_branch (id)")
    op.create_index("ix_people_staff_branch_id", "people_staff", ["branch_id"])
    _fill(op.get_bind())
    op.drop_column("people_staff", "post")


def _fill(connection: sa.Connection) -> None:
    """Let the free texts become posts with their holders, and the reasons of absences kinds."""
    tables = sa.MetaData()
    tables.reflect(connection, only=[
        "people_post", "people_post_holder", "people_staff", "people_absence"])
    post, holder, staff, absence = (
        tables.tables[name] for name in (
            "people_post", "people_post_holder", "people_staff", "people_absence"))
    keys: dict[str, int] = {}
    for number, (code, name, name_zh) in enumerate(POSTS, start=1):
        keys[name.casefold()] = keys[name_zh] = _add(connection, post, code, name, name_zh, number)
    rows = connection.execute(
        sa.select(staff.c.id, staff.c.post).where(staff.c.post != "").order_by(staff.c.id)).all()
    for staff_id, text in rows:
        text = text.strip()
        if not text:
            continue
        if text.casefold() not in keys:
            number = len(set(keys.values())) + 1
            keys[text.casefold()] = _add(
                connection, post, f"former_{number}", text, text, number)
        connection.execute(holder.insert().values(
            post_id=keys[text.casefold()], staff_id=staff_id, deputy_order=0))
    for word, kind in LEAVE.items():
        connection.execute(
            absence.update().where(absence.c.reason.contains(word)).values(kind=kind))


def _add(
    connection: sa.Connection, post: sa.Table, code: str, name: str, name_zh: str, number: int
) -> int:
    return connection.execute(post.insert().values(
        code=code, name=name, name_zh=name_zh, position=number * 10, colour="", retired=False,
    )).inserted_primary_key[0]


def downgrade() -> None:
    """Take back; a person keeps one of the posts as text."""
    op.add_column(
        "people_staff", sa.Column("post", sa.String(120), server_default="", nullable=False))
    op.execute(
        "UPDATE people_staff SET post = COALESCE((SELECT MIN(p.name_zh) FROM people_post_holder h "
        "JOIN people_post p ON p.id = h.post_id "
        "WHERE h.staff_id = people_staff.id AND h.deputy_order = 0), '')")
    op.drop_index("ix_people_staff_branch_id", "people_staff")
    op.drop_column("people_staff", "branch_id")
    op.drop_column("people_absence", "kind")
    for name in ("people_share_out", "people_attendance", "people_post_holder",
                 "people_staff_skill", "people_skill", "people_post", "people_branch"):
        op.drop_table(name)
