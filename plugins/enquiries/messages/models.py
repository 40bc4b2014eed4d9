"""The table of messages for colleagues."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, Personal, UTCDateTime, WorkflowRecord, utcnow
from plugins.enquiries.shared import FromCaller


class Message(FromCaller, WorkflowRecord, Base):
    """A message (留言) that its owner has to call back about.

    Where callbacks are at hand and the caller is a customer, a callback stands in its place.
    """

    __tablename__ = "enquiries_message"
    __table_args__ = (
        Index("ix_enquiries_message_owner_open", "owner_id", "is_open", "id"),
    )
    __record_type__ = "enquiries.message"
    __number_prefix__ = "LY"
    __receipt_field__ = "received_at"
    __title_field__ = "subject"
    __search_fields__: ClassVar[tuple[str, ...]] = ("content", "customer_name", "result")
    __name_fields__: ClassVar[tuple[str, ...]] = ("customer_name",)
    __personal__ = Personal(names=("customer_name",), emptied=("phone",), swept=("subject",))

    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    subject: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
