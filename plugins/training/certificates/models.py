"""The table of certificates."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Record
from plugins.training.courses.models import Course
from plugins.training.exams.models import Attempt


class Certificate(Record, Base):
    """A certificate (证书) of a course; the owner is the learner."""

    __tablename__ = "training_certificate"
    __table_args__ = (
        Index("ix_training_certificate_owner_course", "owner_id", "course_id", "ends_on"),
        Index("ix_training_certificate_course_edition", "course_id", "edition", "id"),
        Index("ix_training_certificate_ends_on", "ends_on", "id"),
    )
    __record_type__ = "training.certificate"
    __number_prefix__ = "ZS"

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"))
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    issued_on: Mapped[dt.date] = mapped_column(Date)
    # Last day by the months of the course; the earlier day after a new edition is in ends_on.
    expires_on: Mapped[dt.date | None] = mapped_column(Date)
    ends_on: Mapped[dt.date | None] = mapped_column(Date)
    outdated: Mapped[bool] = mapped_column(Boolean, default=False)
    revoked: Mapped[bool] = mapped_column(Boolean, default=False)
    revoked_reason: Mapped[str] = mapped_column(String(400), default="")
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("training_attempt.id"), unique=True)
    reminded_on: Mapped[dt.date | None] = mapped_column(Date)

    course: Mapped[Course] = relationship()
    attempt: Mapped[Attempt | None] = relationship()
