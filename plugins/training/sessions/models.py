"""Tables of sessions and enrolments."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Numeric, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Record, UTCDateTime
from plugins.training.choices import ENROLLED
from plugins.training.courses.models import Course
from plugins.training.shared import SharedWorkflow


class Session(SharedWorkflow, Base):
    """A course on a date at a place (培训班)."""

    __tablename__ = "training_session"
    __table_args__ = (
        Index("ix_training_session_open_starts", "is_open", "starts_at", "id"),
        Index("ix_training_session_course", "course_id", "starts_at"),
    )
    __record_type__ = "training.session"
    __number_prefix__ = "PB"
    __title_field__ = "title"
    __search_fields__ = ("title", "place", "outside_trainer")
    # The code is a secret of the room.
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *SharedWorkflow.__untracked_fields__, "room_code", "room_code_until")

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    course_edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    method: Mapped[str] = mapped_column(String(20), default="lecture", index=True)
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    outside_trainer: Mapped[str] = mapped_column(String(160), default="")
    place: Mapped[str] = mapped_column(String(160), default="")
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    hours: Mapped[decimal.Decimal] = mapped_column(Numeric(6, 2), default=decimal.Decimal(1))
    cost: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))
    capacity: Mapped[int] = mapped_column(SmallInteger, default=20)
    note: Mapped[str] = mapped_column(Text, default="")
    room_code: Mapped[str] = mapped_column(String(12), default="")
    room_code_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship()
    trainer: Mapped[Any] = relationship("User", foreign_keys=[trainer_id])


class Enrolment(Record, Base):
    """A person in a session; the owner is the learner."""

    __tablename__ = "training_enrolment"
    __table_args__ = (
        Index("ix_training_enrolment_session_owner", "session_id", "owner_id", unique=True),
        Index("ix_training_enrolment_session_status", "session_id", "status", "id"),
    )
    __record_type__ = "training.enrolment"
    __number_prefix__ = "BM"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    status: Mapped[str] = mapped_column(String(12), default=ENROLLED, index=True)
    queued_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    attended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    wrong_codes: Mapped[int] = mapped_column(SmallInteger, default=0)

    session: Mapped[Session] = relationship()
