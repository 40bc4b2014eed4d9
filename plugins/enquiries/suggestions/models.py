"""The table of suggestions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, Personal, UTCDateTime, WorkflowRecord, utcnow
from plugins.enquiries.shared import ForDepartment, FromCaller


class Suggestion(FromCaller, ForDepartment, WorkflowRecord, Base):
    """A suggestion of a customer (客户建议): answered by a department, told to the customer."""

    __tablename__ = "enquiries_suggestion"
    __table_args__ = (
        Index("ix_enquiries_suggestion_open_received", "is_open", "received_at", "id"),
        Index("ix_enquiries_suggestion_handler_open", "handler_id", "is_open", "id"),
    )
    __record_type__ = "enquiries.suggestion"
    __number_prefix__ = "YJ"
    __receipt_field__ = "received_at"
    __title_field__ = "subject"
    __search_fields__: ClassVar[tuple[str, ...]] = ("content", "customer_name", "reply")
    __name_fields__: ClassVar[tuple[str, ...]] = ("customer_name",)
    __personal__ = Personal(names=("customer_name",), emptied=("phone",), swept=("subject",),
                            kept=("decision", "reply_result"))
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "handler_id")
    __scope_departments__: ClassVar[tuple[str, ...]] = (
        "department_id", "responsible_department_id")
    __clock_results__: ClassVar[Mapping[str, str]] = {"reply": "reply_result"}
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "reply_result")

    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    subject: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(12), default="", index=True)
    reply: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reply_result: Mapped[str] = mapped_column(String(8), default="")
