"""Tables of courses, their materials, and plans."""

from __future__ import annotations

import datetime as dt
import decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Numeric, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, SharedRecord


class Course(SharedRecord, Base):
    """A course (课程); a new edition outdates certificates of earlier ones."""

    __tablename__ = "training_course"
    __record_type__ = "training.course"
    __number_prefix__ = "KC"
    __title_field__ = "name"
    __search_fields__ = ("name", "code", "description")

    code: Mapped[str] = mapped_column(CodeString(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20), default="business", index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[decimal.Decimal] = mapped_column(Numeric(6, 2), default=decimal.Decimal(1))
    proof: Mapped[str] = mapped_column(String(12), default="exam")
    valid_months: Mapped[int] = mapped_column(SmallInteger, default=0)
    grace_days: Mapped[int] = mapped_column(SmallInteger, default=30)
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    edition_note: Mapped[str] = mapped_column(Text, default="")
    edition_on: Mapped[dt.date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Material(SharedRecord, Base):
    """One version of a material (教材) of a course; files lie on the record."""

    __tablename__ = "training_material"
    __table_args__ = (
        Index("ix_training_material_course_title", "course_id", "title", "edition", unique=True),
    )
    __record_type__ = "training.material"
    __number_prefix__ = "JC"
    __title_field__ = "title"
    __search_fields__ = ("title", "body")

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"))
    title: Mapped[str] = mapped_column(String(160))
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    body: Mapped[str] = mapped_column(Text, default="")
    current: Mapped[bool] = mapped_column(Boolean, default=True, index=True)

    course: Mapped[Course] = relationship()


class Plan(SharedRecord, Base):
    """A plan of a period (年度计划)."""

    __tablename__ = "training_plan"
    __record_type__ = "training.plan"
    __number_prefix__ = "PJ"
    __title_field__ = "name"
    __search_fields__ = ("name",)

    name: Mapped[str] = mapped_column(String(160))
    starts_on: Mapped[dt.date] = mapped_column(Date, index=True)
    ends_on: Mapped[dt.date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")


class PlanLine(SharedRecord, Base):
    """What a plan wants of a course: sessions, people, cost."""

    __tablename__ = "training_plan_line"
    __table_args__ = (
        Index("ix_training_plan_line_plan_course", "plan_id", "course_id", unique=True),
    )
    __record_type__ = "training.plan_line"
    __number_prefix__ = "PX"

    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"), index=True)
    sessions: Mapped[int] = mapped_column(SmallInteger, default=1)
    people: Mapped[int] = mapped_column(SmallInteger, default=0)
    cost: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))

    plan: Mapped[Plan] = relationship()
    course: Mapped[Course] = relationship()
