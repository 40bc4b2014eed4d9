"""The table of rules by which events book tutoring."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, SharedRecord
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
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    course: Mapped[Course | None] = relationship()
