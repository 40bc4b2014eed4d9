"""Tables of earlier results and of tutoring."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Record
from plugins.training.courses.models import Course


class EarlierResult(Record, Base):
    """A result from before the product or from outside (历史培训记录); owned by the learner."""

    __tablename__ = "training_earlier_result"
    __table_args__ = (
        Index("ix_training_earlier_result_key", "owner_id", "course_name", "held_on",
              unique=True),
    )
    __record_type__ = "training.earlier_result"
    __number_prefix__ = "LS"
    __title_field__ = "course_name"
    __search_fields__ = ("course_name",)

    course_name: Mapped[str] = mapped_column(String(160))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("training_course.id"), index=True)
    held_on: Mapped[dt.date] = mapped_column(Date)
    result: Mapped[str] = mapped_column(String(12), default="attended")
    percent: Mapped[float | None] = mapped_column(Float)
    remark: Mapped[str] = mapped_column(String(400), default="")

    course: Mapped[Course | None] = relationship()


class Tutoring(Record, Base):
    """Training of one person (专项辅导); the owner is the learner, the tutor sees it too."""

    __tablename__ = "training_tutoring"
    __record_type__ = "training.tutoring"
    __number_prefix__ = "FD"
    __title_field__ = "goal"
    __search_fields__ = ("goal", "measures")
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "tutor_id")
    __table_args__ = (
        Index("ix_training_tutoring_occasion", "rule_id", "source_type", "source_id",
              unique=True),
    )

    tutor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(12), default="other", index=True)
    goal: Mapped[str] = mapped_column(String(400))
    measures: Mapped[str] = mapped_column(Text, default="")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("training_course.id"))
    starts_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date] = mapped_column(Date, index=True)
    status: Mapped[str] = mapped_column(String(12), default="open", index=True)
    outcome: Mapped[str] = mapped_column(Text, default="")
    # The rule that booked it, and the record of the event; empty where a person did.
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("training_tutoring_rule.id"))
    source_type: Mapped[str | None] = mapped_column(String(64))
    source_id: Mapped[int | None] = mapped_column(Integer)

    course: Mapped[Course | None] = relationship()
    tutor: Mapped[Any] = relationship("User", foreign_keys=[tutor_id])
