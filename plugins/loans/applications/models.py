"""Tables of applications, their approvals and who may read them for an approval."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import (
    Base,
    CodeString,
    Customer,
    Department,
    Dictionary,
    Loan,
    Personal,
    Post,
    ScopeTable,
    Sensitive,
    UTCDateTime,
    Vehicle,
    WorkflowRecord,
    utcnow,
)
from plugins.loans.choices import EMPLOYMENTS, RESULTS, SOURCES
from plugins.loans.products.models import LoanProduct

Amount = Numeric(14, 2)


class RefusalReason(Dictionary, Base):
    """Why customers get no loan (拒绝原因), and the advice that they are given."""

    __tablename__ = "loans_refusal_reason"
    __dictionary__ = "loans.refusal_reason"

    advice: Mapped[str] = mapped_column(String(400), default="")
    advice_zh: Mapped[str] = mapped_column(String(400), default="")

    def advice_in(self, language: str) -> str:
        """Return the advice in a language, ``zh`` or ``en``."""
        return self.advice_zh if language == "zh" and self.advice_zh else self.advice


class LoanApplication(WorkflowRecord, Base):
    """An application of a customer for a loan (车贷申请)."""

    __tablename__ = "loans_application"
    __table_args__ = (
        Index("ix_loans_application_open_due", "is_open", "due_at", "id"),
        Index("ix_loans_application_received_at", "received_at", "id"),
        Index("ix_loans_application_open_received", "is_open", "received_at", "id"),
        Index("ix_loans_application_state_open", "state", "is_open", "received_at", "id"),
        Index("ix_loans_application_team_open", "team_id", "is_open", "id"),
        Index("ix_loans_application_owner_open", "owner_id", "is_open", "id"),
        Index("ix_loans_application_decided_at", "decided_at", "id"),
        Index("ix_loans_application_customer", "customer_id", "id"),
        Index("ix_loans_application_remind_on", "is_open", "remind_on", "id"),
        Index("ix_loans_application_promised_on", "is_open", "promised_on", "id"),
    )
    __record_type__ = "loans.application"
    __number_prefix__ = "SQ"
    __receipt_field__ = "received_at"
    __title_field__ = "customer_name"
    __search_fields__: ClassVar[tuple[str, ...]] = (
        "customer_name", "vehicle_text", "employer", "external_id", "remarks",
    )
    __personal__ = Personal(
        names=("customer_name",), emptied=("employer", "monthly_income", "credit_record"),
        swept=("vehicle_text",), kept=("external_id", "told_channel", "counted_state"))
    __scope_people__ = ("owner_id", "reviewer_id", "approval_officer_id")
    __scope_departments__ = ("department_id", "approval_department_id")
    __scope_tables__: ClassVar[tuple[ScopeTable, ...]] = (
        ScopeTable("loans_approval_reader", "application_id", "user_id"),)
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "counted_state", "state_entered_at",
        "minutes_received", "minutes_missing", "minutes_review", "minutes_not_eligible",
        "minutes_handed_over", "minutes_approval", "minutes_approved", "minutes_refused",
    )

    # --- intake (受理) ---
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"))
    customer_name: Mapped[str] = mapped_column(
        String(120), default="", info={"required": False})
    product_id: Mapped[int] = mapped_column(ForeignKey("loans_product.id"), index=True)
    amount: Mapped[decimal.Decimal] = mapped_column(Amount)
    term_months: Mapped[int] = mapped_column(Integer)
    down_payment: Mapped[decimal.Decimal | None] = mapped_column(Amount)
    # Percent per year as the product had it at intake.
    rate: Mapped[decimal.Decimal] = mapped_column(Numeric(6, 3), info={"required": False})
    instalment: Mapped[decimal.Decimal] = mapped_column(Amount, info={"required": False})
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("customers_vehicle.id"), index=True)
    vehicle_text: Mapped[str] = mapped_column(String(120), default="")
    vehicle_price: Mapped[decimal.Decimal | None] = mapped_column(Amount)
    employment: Mapped[str] = mapped_column(
        String(16), default="", info={"choices": EMPLOYMENTS})
    employer: Mapped[str] = mapped_column(String(120), default="")
    # Per month, a plain number.
    monthly_income: Mapped[str] = mapped_column(Sensitive("text", 20), default="")
    credit_record: Mapped[str] = mapped_column(Sensitive("text", 200), default="")
    source: Mapped[str] = mapped_column(
        String(16), default="other", index=True, info={"choices": SOURCES})
    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    remarks: Mapped[str] = mapped_column(Text, default="")
    external_id: Mapped[str | None] = mapped_column(CodeString(60), unique=True)
    # --- documents: how many required ones the customer still has to bring ---
    to_bring: Mapped[int] = mapped_column(SmallInteger, default=0)
    remind_on: Mapped[dt.date | None] = mapped_column(Date)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0)
    # --- first review (初审) ---
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    complete_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    complete_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    true_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    true_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    valid_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    valid_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # --- approval (审批) ---
    approval_department_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_department.id"), index=True)
    approval_officer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    handed_over_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    hand_over_note: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[dt.date | None] = mapped_column(Date)
    followed_up_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_amount: Mapped[decimal.Decimal | None] = mapped_column(Amount)
    result: Mapped[str] = mapped_column(
        String(16), default="", index=True, info={"choices": RESULTS})
    refusal_reason_id: Mapped[int | None] = mapped_column(
        ForeignKey("loans_refusal_reason.id"), index=True)
    advice: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # --- told (告知) ---
    told_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    told_channel: Mapped[str] = mapped_column(String(12), default="")
    told_text: Mapped[str] = mapped_column(Text, default="")
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("customers_loan.id"), index=True)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # --- minutes that it stood in each state so far; empty for a state it never left ---
    counted_state: Mapped[str] = mapped_column(String(40), default="")
    state_entered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    minutes_received: Mapped[int | None] = mapped_column(Integer)
    minutes_missing: Mapped[int | None] = mapped_column(Integer)
    minutes_review: Mapped[int | None] = mapped_column(Integer)
    minutes_not_eligible: Mapped[int | None] = mapped_column(Integer)
    minutes_handed_over: Mapped[int | None] = mapped_column(Integer)
    minutes_approval: Mapped[int | None] = mapped_column(Integer)
    minutes_approved: Mapped[int | None] = mapped_column(Integer)
    minutes_refused: Mapped[int | None] = mapped_column(Integer)

    customer: Mapped[Customer] = relationship()
    product: Mapped[LoanProduct] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    loan: Mapped[Loan | None] = relationship()
    refusal_reason: Mapped[RefusalReason | None] = relationship()
    approval_department: Mapped[Department | None] = relationship(
        foreign_keys=[approval_department_id])
    reviewer: Mapped[Any] = relationship("User", foreign_keys=[reviewer_id])
    approval_officer: Mapped[Any] = relationship("User", foreign_keys=[approval_officer_id])
    told_by: Mapped[Any] = relationship("User", foreign_keys=[told_by_id])


class Approval(Base):
    """A place in the chain of approvals of an application, decided or not."""

    __tablename__ = "loans_approval"
    __personal__ = Personal(swept=("note",), kept=("decision",))
    __table_args__ = (UniqueConstraint("application_id", "round", "place"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("loans_application.id", ondelete="CASCADE"))
    # How many times the application was handed over, from 1.
    round: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[int] = mapped_column(SmallInteger)
    post_id: Mapped[int] = mapped_column(ForeignKey("people_post.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    # Whom a deputy decided for.
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decision: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    post: Mapped[Post] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.round}/{self.place}"


class ApprovalReader(Base):
    """Somebody who sees an application because an approval is theirs."""

    __tablename__ = "loans_approval_reader"
    __table_args__ = (UniqueConstraint("application_id", "user_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("loans_application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.user_id}"
