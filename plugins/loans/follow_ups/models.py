"""Table of the log of follow-ups."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, Personal, UTCDateTime, utcnow


class FollowUp(Base):
    """What somebody heard at the approval department (审批跟进)."""

    __tablename__ = "loans_follow_up"
    # The contact is whom somebody spoke to at the approval department.
    __personal__ = Personal(swept=("text",), kept=("contact",))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("loans_application.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    contact: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(String(1000))
    promised_on: Mapped[dt.date | None] = mapped_column(Date)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.id}"
