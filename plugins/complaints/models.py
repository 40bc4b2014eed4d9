"""Tables of complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    func,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, aliased, mapped_column, object_session, relationship

from app.sdk.models import (
    Base,
    CodeString,
    Customer,
    Department,
    Dictionary,
    Loan,
    OfBranch,
    Personal,
    Record,
    Sensitive,
    UTCDateTime,
    Vehicle,
    WorkflowRecord,
    list_index,
    unplaced_index,
    utcnow,
)


class Channel(Dictionary, Base):
    """How complaints come in (投诉渠道)."""

    __tablename__ = "complaints_channel"
    __dictionary__ = "complaints.channel"


class Category(Dictionary, Base):
    """What complaints are about (投诉类型)."""

    __tablename__ = "complaints_category"
    __dictionary__ = "complaints.category"


class Cause(Dictionary, Base):
    """Why they came about (投诉原因)."""

    __tablename__ = "complaints_cause"
    __dictionary__ = "complaints.cause"


class Incident(Record, Base):
    """Several complaints of one origin: a mass complaint (群体性投诉)."""

    __tablename__ = "complaints_incident"
    __record_type__ = "complaints.incident"
    __number_prefix__ = "QT"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "description")

    subject: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    started_on: Mapped[dt.date | None] = mapped_column(Date)
    representatives: Mapped[str] = mapped_column(String(200), default="")


_SCOPE = ("owner_id", "handler_id", "team_id", "department_id", "responsible_department_id")


class Complaint(OfBranch, WorkflowRecord, Base):
    """A complaint of a customer (客户投诉)."""

    __tablename__ = "complaints_complaint"
    __table_args__ = (
        list_index("ix_complaints_complaint_open_due", "is_open", "due_at", scope=_SCOPE),
        Index("ix_complaints_complaint_received_at", "received_at", "id"),
        list_index("ix_complaints_complaint_open_received", "is_open", "received_at",
                   scope=_SCOPE),
        # Counts of saved views, and the columns of a board with and without the closed ones.
        Index("ix_complaints_complaint_open_closed", "is_open", "closed_at", "id"),
        # Whom a proposed solution waits for is counted as well.
        list_index("ix_complaints_complaint_state_open", "state", "is_open", "received_at",
                   scope=(*_SCOPE, "proposer_id")),
        unplaced_index("ix_complaints_complaint_unplaced", _SCOPE),
        Index("ix_complaints_complaint_state_received", "state", "received_at", "id"),
        Index("ix_complaints_complaint_team_open", "team_id", "is_open", "id"),
        list_index("ix_complaints_complaint_owner_open", "owner_id", "is_open",
                   scope=_SCOPE[1:]),
        list_index("ix_complaints_complaint_handler_open", "handler_id", "is_open",
                   scope=(_SCOPE[0], *_SCOPE[2:])),
        Index("ix_complaints_complaint_resolved_at", "resolved_at", "id"),
        Index("ix_complaints_complaint_first_response_at", "first_response_at", "id"),
        Index("ix_complaints_complaint_customer", "customer_id", "id"),
        # The number leads: a planner without statistics, as in the first import, would take all
        # rows of the source and compare each with the numbers of a batch.
        Index("ix_complaints_complaint_external", "external_id", "source", unique=True),
    )
    __record_type__ = "complaints.complaint"
    __number_prefix__ = "TS"
    __receipt_field__ = "received_at"
    # A complaint register must not have holes that look like removed complaints.
    __number_gapless__ = True
    __title_field__ = "subject"
    __search_fields__: ClassVar[tuple[str, ...]] = (
        "subject", "customer_name", "reason", "demand", "solution", "external_id",
    )
    __name_fields__: ClassVar[tuple[str, ...]] = ("customer_name",)
    __personal__ = Personal(
        names=("customer_name",), emptied=("contact",), swept=("subject",),
        kept=("receiver_number", "reply_way", "rule_book", "product", "sub_product", "issue",
              "sub_issue", "region", "severity", "urgency", "liability", "satisfaction",
              "first_response_result", "resolution_result", "source", "external_id"))
    __scope_people__ = ("owner_id", "handler_id")
    __scope_departments__ = ("department_id", "responsible_department_id")
    # A file may be read in by command before anybody knows which department it is for.
    __place_later__ = True
    __clock_results__: ClassVar[Mapping[str, str]] = {
        "first_response": "first_response_result", "resolution": "resolution_result",
    }
    __clock_ends__: ClassVar[Mapping[str, str]] = {"first_response": "first_response_at"}
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, *__clock_results__.values(),
        *__clock_ends__.values(),
    )

    # --- registration (客户投诉记录单) ---
    subject: Mapped[str] = mapped_column(String(200), default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers_customer.id"))
    customer_name: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(Sensitive("contact", 80), default="", index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("customers_vehicle.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("customers_loan.id"))
    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("complaints_channel.id"), index=True)
    receiver_number: Mapped[str] = mapped_column(String(32), default="")
    reply_way: Mapped[str] = mapped_column(String(12), default="phone")
    reason: Mapped[str] = mapped_column(Text, default="")
    demand: Mapped[str] = mapped_column(Text, default="")
    rule_book: Mapped[str] = mapped_column(String(40), default="house")
    # --- classification ---
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("complaints_category.id"), index=True
    )
    product: Mapped[str] = mapped_column(String(120), default="", index=True)
    sub_product: Mapped[str] = mapped_column(String(120), default="")
    issue: Mapped[str] = mapped_column(String(120), default="", index=True)
    sub_issue: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(40), default="", index=True)
    # --- assessment and responsibility ---
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("complaints_cause.id"), index=True)
    cause_analysis: Mapped[str] = mapped_column(Text, default="")
    severity: Mapped[str] = mapped_column(String(12), default="normal", index=True)
    urgency: Mapped[str] = mapped_column(String(12), default="normal")
    responsible_department_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_department.id"), index=True
    )
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    liability: Mapped[str] = mapped_column(String(12), default="")
    liability_note: Mapped[str] = mapped_column(Text, default="")
    # --- solution ---
    solution: Mapped[str] = mapped_column(Text, default="")
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approval_note: Mapped[str] = mapped_column(Text, default="")
    consent_note: Mapped[str] = mapped_column(Text, default="")
    consented_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    satisfaction: Mapped[str] = mapped_column(String(12), default="", index=True)
    dissatisfaction_reason: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    improvement: Mapped[str] = mapped_column(Text, default="")
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    # --- what the customer was told ---
    promised_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_progress_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # --- course ---
    is_major: Mapped[bool] = mapped_column(Boolean, default=False, index=True)
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    incident_id: Mapped[int | None] = mapped_column(
        ForeignKey("complaints_incident.id"), index=True
    )
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("complaints_complaint.id"), index=True
    )
    resolved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # "kept" or "missed" once the clock has ended.
    first_response_result: Mapped[str] = mapped_column(String(8), default="")
    resolution_result: Mapped[str] = mapped_column(String(8), default="")
    # When the customer first heard from us.
    first_response_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # --- where it was imported from ---
    source: Mapped[str | None] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(CodeString(40))

    customer: Mapped[Customer | None] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    loan: Mapped[Loan | None] = relationship()
    channel: Mapped[Channel | None] = relationship()
    category: Mapped[Category | None] = relationship()
    cause: Mapped[Cause | None] = relationship()
    responsible_department: Mapped[Department | None] = relationship(
        foreign_keys=[responsible_department_id]
    )
    handler = relationship("User", foreign_keys=[handler_id])
    # Whoever works on it, as owner or as responsible person: to filter by.
    workers = relationship(
        "User", primaryjoin="or_(User.id == Complaint.owner_id, User.id == Complaint.handler_id)",
        foreign_keys="[Complaint.owner_id, Complaint.handler_id]", viewonly=True, uselist=True,
    )
    proposer = relationship("User", foreign_keys=[proposer_id])
    approver = relationship("User", foreign_keys=[approver_id])
    incident: Mapped[Incident | None] = relationship()
    merged_into: Mapped[Complaint | None] = relationship(
        foreign_keys=[merged_into_id], remote_side="Complaint.id"
    )

    @hybrid_property
    def heard_at(self) -> dt.datetime:
        """When the customer last heard from us; whoever complains is heard that moment."""
        return self.last_progress_at or self.received_at

    @heard_at.inplace.expression
    @classmethod
    def _heard_at(cls) -> ColumnElement[dt.datetime]:
        return func.coalesce(cls.last_progress_at, cls.received_at)

    @hybrid_property
    def regulator_timely(self) -> str:
        """The regulator's verdict whether the answer came in time; empty without a report."""
        session = object_session(self)
        report = None if session is None else session.get(RegulatorReport, self.id)
        return "" if report is None else report.timely

    @regulator_timely.inplace.expression
    @classmethod
    def _regulator_timely(cls) -> ColumnElement[str]:
        # A table of its own name within, for lists that join the reports themselves.
        report = aliased(RegulatorReport)
        return func.coalesce(
            select(report.timely).where(report.complaint_id == cls.id).scalar_subquery(), "",
            type_=String())


class RegulatorReport(Base):
    """What a regulator's register says about a complaint (columns of the US CFPB)."""

    __tablename__ = "complaints_regulator_report"
    __personal__ = Personal(
        emptied=("postcode",),
        kept=("company", "tags", "consent", "response", "public_response", "timely", "disputed",
              "origin"))

    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaints_complaint.id"), primary_key=True
    )
    company: Mapped[str] = mapped_column(String(160), default="", index=True)
    postcode: Mapped[str] = mapped_column(String(12), default="")
    tags: Mapped[str] = mapped_column(String(80), default="")
    consent: Mapped[str] = mapped_column(String(40), default="")
    sent_on: Mapped[dt.date | None] = mapped_column(Date)
    response: Mapped[str] = mapped_column(String(60), default="", index=True)
    public_response: Mapped[str] = mapped_column(String(200), default="")
    # "Yes", "No" or empty while in progress: the regulator's own verdict.
    timely: Mapped[str] = mapped_column(String(8), default="", index=True)
    disputed: Mapped[str] = mapped_column(String(8), default="")
    origin: Mapped[str] = mapped_column(String(40), default="")

    complaint: Mapped[Complaint] = relationship()

    def __str__(self) -> str:
        return self.complaint.number if self.complaint is not None else str(self.complaint_id)
