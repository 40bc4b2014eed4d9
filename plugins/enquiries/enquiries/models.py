"""Tables of enquiries and their lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import (
    Base,
    CodeString,
    Dictionary,
    Json,
    Personal,
    Sensitive,
    UTCDateTime,
    WorkflowRecord,
    utcnow,
)
from plugins.enquiries.choices import ENQUIRY
from plugins.enquiries.shared import ForDepartment, FromCaller


class EnquiryChannel(Dictionary, Base):
    """How enquiries come in (咨询渠道)."""

    __tablename__ = "enquiries_channel"
    __dictionary__ = "enquiries.channel"


class EnquiryCategory(Dictionary, Base):
    """What enquiries are about (咨询类别)."""

    __tablename__ = "enquiries_category"
    __dictionary__ = "enquiries.category"


class Enquiry(FromCaller, ForDepartment, WorkflowRecord, Base):
    """Something that came in at the desk (咨询), one line of the daily table (客户每日咨询表)."""

    __tablename__ = "enquiries_enquiry"
    __table_args__ = (
        Index("ix_enquiries_enquiry_received_at", "received_at", "id"),
        Index("ix_enquiries_enquiry_open_received", "is_open", "received_at", "id"),
        Index("ix_enquiries_enquiry_open_due", "is_open", "due_at", "id"),
        Index("ix_enquiries_enquiry_state_received", "state", "received_at", "id"),
        Index("ix_enquiries_enquiry_owner_open", "owner_id", "is_open", "id"),
        Index("ix_enquiries_enquiry_sales", "for_sales", "sales_id", "received_at"),
    )
    __record_type__ = "enquiries.enquiry"
    __number_prefix__ = "ZX"
    __receipt_field__ = "received_at"
    __title_field__ = "subject"
    __search_fields__: ClassVar[tuple[str, ...]] = (
        "question", "answer", "customer_name", "plate", "remarks", "became")
    __name_fields__: ClassVar[tuple[str, ...]] = ("customer_name",)
    __personal__ = Personal(
        names=("customer_name",), emptied=("phone", "wechat", "qq", "plate"),
        swept=("subject", "happened_when", "happened_where", "happened_why", "happened_how",
               "repair_items"),
        kept=("kind", "reply_result", "satisfaction", "ending", "became", "transfer_result",
              "sales_because", "external_id"))
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "handler_id", "sales_id")
    __scope_departments__: ClassVar[tuple[str, ...]] = (
        "department_id", "responsible_department_id")
    __clock_results__: ClassVar[Mapping[str, str]] = {"reply": "reply_result"}
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "reply_result", "sales_because")

    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    kind: Mapped[str] = mapped_column(String(12), default=ENQUIRY, index=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("enquiries_channel.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("enquiries_category.id"), index=True)
    wechat: Mapped[str] = mapped_column(Sensitive("contact", 80), default="")
    qq: Mapped[str] = mapped_column(Sensitive("contact", 20), default="")
    # An internal customer: a colleague who asks.
    is_internal: Mapped[bool] = mapped_column(Boolean, default=False)
    plate: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(80), default="")
    # --- who, what, when, where, why, how (5W1H): who is the caller, what is the question ---
    question: Mapped[str] = mapped_column(Text)
    happened_when: Mapped[str] = mapped_column(String(120), default="")
    happened_where: Mapped[str] = mapped_column(String(200), default="")
    happened_why: Mapped[str] = mapped_column(String(400), default="")
    happened_how: Mapped[str] = mapped_column(String(400), default="")
    # --- the answer ---
    answer: Mapped[str] = mapped_column(Text, default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    answered_at_once: Mapped[bool] = mapped_column(Boolean, default=False)
    promised_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # "kept" or "missed" once the clock of the reply has ended.
    reply_result: Mapped[str] = mapped_column(String(8), default="")
    # --- a department that has to answer ---
    department_question: Mapped[str] = mapped_column(Text, default="")
    department_due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    department_answer: Mapped[str] = mapped_column(Text, default="")
    # --- the end ---
    waiting_since: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    satisfaction: Mapped[str] = mapped_column(String(12), default="", index=True)
    dissatisfaction_reason: Mapped[str] = mapped_column(Text, default="")
    ending: Mapped[str] = mapped_column(String(12), default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # Number of the record that it became, e.g. of a complaint.
    became: Mapped[str] = mapped_column(CodeString(24), default="")
    repair_items: Mapped[str] = mapped_column(String(200), default="")
    # --- the telephone desk ---
    transferred_to_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    transfer_result: Mapped[str] = mapped_column(String(12), default="")
    message_for_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    # A caller who wants to buy, the salesperson who got the caller, and why that person.
    for_sales: Mapped[bool] = mapped_column(Boolean, default=False)
    sales_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    sales_because: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # Key of the row in the file that it was read from.
    external_id: Mapped[str | None] = mapped_column(CodeString(60), unique=True)

    channel: Mapped[EnquiryChannel | None] = relationship()
    category: Mapped[EnquiryCategory | None] = relationship()
    transferred_to = relationship("User", foreign_keys=[transferred_to_id])
    message_for = relationship("User", foreign_keys=[message_for_id])
    sales = relationship("User", foreign_keys=[sales_id])
    # Whoever works on it, as owner or for the department that was asked: to filter by.
    workers = relationship(
        "User", primaryjoin="or_(User.id == Enquiry.owner_id, User.id == Enquiry.handler_id)",
        foreign_keys="[Enquiry.owner_id, Enquiry.handler_id]", viewonly=True, uselist=True,
    )
