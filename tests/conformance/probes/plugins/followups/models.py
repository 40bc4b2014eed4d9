"""Tables of follow-up calls."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk import N_
from app.sdk.models import (
    AttachedFile,
    Base,
    Customer,
    RecordNumber,
    SeveralChoices,
    UTCDateTime,
    WorkflowRecord,
)

TOPICS = (("answer", N_("The answer")), ("time", N_("The time that it took")),
          ("manner", N_("How we spoke")))


class FollowUp(WorkflowRecord, Base):
    """A call after something has happened to a customer (跟进回访)."""

    __tablename__ = "followups_follow_up"
    __record_type__ = "followups.follow_up"
    __number_prefix__ = "GJ"
    __title_field__ = "reason"
    # A job plans it for a customer of nobody; another one gives it to somebody.
    __place_later__ = True

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    # What it was made for: a second delivery of an event, or a second run of a job, finds it.
    made_for: Mapped[str] = mapped_column(String(80), unique=True)
    score: Mapped[int | None]
    topics: Mapped[list[str] | None] = mapped_column(SeveralChoices, info={"choices": TOPICS})
    recording: Mapped[int | None] = mapped_column(AttachedFile)
    complaint: Mapped[str | None] = mapped_column(RecordNumber("complaints.complaint"))
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
