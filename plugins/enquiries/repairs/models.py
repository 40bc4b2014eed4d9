"""The table of repair reports and rescue calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, Personal, UTCDateTime, WorkflowRecord, utcnow
from plugins.enquiries.choices import REPAIR
from plugins.enquiries.shared import ForDepartment, FromCaller


class Repair(FromCaller, ForDepartment, WorkflowRecord, Base):
    """A repair report (报修) or rescue call (救援), forwarded to the workshop and followed."""

    __tablename__ = "enquiries_repair"
    __table_args__ = (
        Index("ix_enquiries_repair_open_reported", "is_open", "reported_at", "id"),
        Index("ix_enquiries_repair_handler_open", "handler_id", "is_open", "id"),
    )
    __record_type__ = "enquiries.repair"
    __number_prefix__ = "WX"
    __receipt_field__ = "reported_at"
    __title_field__ = "subject"
    __search_fields__: ClassVar[tuple[str, ...]] = (
        "plate", "customer_name", "items", "place", "situation", "result")
    __name_fields__: ClassVar[tuple[str, ...]] = ("customer_name",)
    __personal__ = Personal(
        names=("customer_name",), emptied=("phone", "plate"),
        swept=("subject", "items", "place", "arrival"), kept=("kind", "taking_result"))
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "handler_id")
    __scope_departments__: ClassVar[tuple[str, ...]] = (
        "department_id", "responsible_department_id")
    __clock_results__: ClassVar[Mapping[str, str]] = {"taking": "taking_result"}
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "taking_result")

    kind: Mapped[str] = mapped_column(String(12), default=REPAIR, index=True)
    reported_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    subject: Mapped[str] = mapped_column(String(80), default="")
    plate: Mapped[str] = mapped_column(String(20), default="", index=True)
    items: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    situation: Mapped[str] = mapped_column(Text)
    arrival: Mapped[str] = mapped_column(String(120), default="")
    result: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # Whether the workshop took it in time: "kept" or "missed".
    taking_result: Mapped[str] = mapped_column(String(8), default="")
