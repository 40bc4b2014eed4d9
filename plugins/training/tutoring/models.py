"""The tables of rules by which events book tutoring, and of what events have said of people."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, BigId, CodeString, SharedRecord, UTCDateTime
from plugins.training.courses.models import Course


class TutoringRule(SharedRecord, Base):
    """An occasion that books tutoring (专项辅导规则), or offers an advanced course."""

    __tablename__ = "training_tutoring_rule"
    __record_type__ = "training.tutoring_rule"
    __number_prefix__ = "FG"
    __title_field__ = "name"
    __search_fields__ = ("name",)

    name: Mapped[str] = mapped_column(String(160))
    occasion: Mapped[str] = mapped_column(String(24), index=True)
    cycle: Mapped[str] = mapped_column(String(12), default="")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("training_course.id"))
    goal: Mapped[str] = mapped_column(String(400))
    days: Mapped[int] = mapped_column(SmallInteger, default=30)
    # Of findings and complaints: the code of the cause, empty for every one; how many within how
    # many days.
    cause: Mapped[str] = mapped_column(CodeString(60), default="")
    times: Mapped[int] = mapped_column(SmallInteger, default=1)
    within_days: Mapped[int] = mapped_column(SmallInteger, default=90)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    course: Mapped[Course | None] = relationship()


class Finding(Base):
    """What an event of another plugin said of a person, kept so that rules can count it."""

    __tablename__ = "training_finding"
    __table_args__ = (
        UniqueConstraint("occasion", "record_type", "record_id", "user_id"),
        Index("ix_training_finding_person", "user_id", "occasion", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    occasion: Mapped[str] = mapped_column(CodeString(24))
    cause: Mapped[str] = mapped_column(CodeString(60), default="")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    record_type: Mapped[str] = mapped_column(CodeString(64))
    record_id: Mapped[int] = mapped_column()
