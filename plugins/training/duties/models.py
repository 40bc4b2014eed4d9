"""The table of rules that say who must learn what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Department, Post, SharedRecord
from plugins.training.courses.models import Course


class DutyRule(SharedRecord, Base):
    """A course that some people must have learnt (必修要求)."""

    __tablename__ = "training_duty_rule"
    __record_type__ = "training.duty_rule"
    __number_prefix__ = "BX"
    __title_field__ = "name"
    __search_fields__ = ("name",)

    name: Mapped[str] = mapped_column(String(160))
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"), index=True)
    role: Mapped[str] = mapped_column(String(64), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("people_post.id"))
    for_department_id: Mapped[int | None] = mapped_column(ForeignKey("people_department.id"))
    tenure_from: Mapped[int] = mapped_column(SmallInteger, default=0)
    tenure_until: Mapped[int | None] = mapped_column(SmallInteger)
    days: Mapped[int] = mapped_column(SmallInteger, default=30)
    starts_on: Mapped[dt.date] = mapped_column(Date)
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    gate: Mapped[str] = mapped_column(String(16), default="", index=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    course: Mapped[Course] = relationship()
    post: Mapped[Post | None] = relationship()
    for_department: Mapped[Department | None] = relationship(foreign_keys=[for_department_id])


class DutyEscalation(Base):
    """That somebody's overdue duty went to the leader, or to HR and the admins."""

    __tablename__ = "training_duty_escalation"
    __table_args__ = (
        UniqueConstraint("user_id", "course_id", "due_on", "level"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"))
    # Another end of the certificate is another lateness.
    due_on: Mapped[dt.date] = mapped_column(Date)
    level: Mapped[str] = mapped_column(String(8))
    made_on: Mapped[dt.date] = mapped_column(Date)
