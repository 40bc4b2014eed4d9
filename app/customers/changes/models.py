"""Tables of requests to change protected data of customers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.sensitive.columns import EncryptedJson, Sensitive
from app.customers.models import Customer
from app.database import Base, UTCDateTime
from app.i18n import N_
from app.records.mixin import SharedRecord
from app.records.personal import Personal

INCOMPLETE, OPEN, APPROVED, REJECTED, WITHDRAWN = (
    "incomplete", "open", "approved", "rejected", "withdrawn")
STATUSES = (
    (INCOMPLETE, N_("Document missing")), (OPEN, N_("To be decided")),
    (APPROVED, N_("Approved")), (REJECTED, N_("Rejected")), (WITHDRAWN, N_("Request withdrawn")),
)
UNDECIDED = (INCOMPLETE, OPEN)
DOCUMENTS = (
    ("id_card", N_("ID card")), ("household", N_("Household register")),
    ("licence", N_("Business licence")), ("letter", N_("Written request of the customer")),
    ("recording", N_("Recording of a call")), ("file", N_("File of an import")),
    ("other", N_("Other document")),
)


class ChangeRequest(SharedRecord, Base):
    """A request to change protected data of a customer (变更申请)."""

    __tablename__ = "customers_change_request"
    __table_args__ = (
        Index("ix_customers_change_request_status_created_at", "status", "created_at"),
    )
    __record_type__ = "customers.change_request"
    __number_prefix__ = "BG"
    __notifies_owner__ = False
    __notifies_changes__ = False
    __personal__ = Personal(emptied=("document_number",), swept=("reason", "answer"),
                            kept=("change_set", "fields"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    # What one person asked for in one go, e.g. by an import, is decided together.
    change_set: Mapped[str] = mapped_column(String(36), index=True)
    # Names of the columns, for lists: the values stand in the lines.
    fields: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(
        String(12), default=INCOMPLETE, info={"choices": STATUSES})
    reason: Mapped[str] = mapped_column(String(400), default="")
    document_kind: Mapped[str] = mapped_column(
        String(12), default="", info={"choices": DOCUMENTS})
    document_number: Mapped[Any] = mapped_column(Sensitive("text", 80), default="")
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(400), default="")

    customer: Mapped[Customer] = relationship()
    maker: Mapped[User | None] = relationship(foreign_keys=[maker_id])
    decider: Mapped[User | None] = relationship(foreign_keys=[decider_id])
    lines: Mapped[list[RequestedChange]] = relationship(
        order_by="RequestedChange.id", cascade="all, delete-orphan", passive_deletes=True)


class RequestedChange(Base):
    """One column of a request: its value when the request was made, and the one asked for."""

    __tablename__ = "customers_requested_change"
    __personal__ = Personal(emptied=("before", "after", "long_values"), kept=("name",))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("customers_change_request.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    before: Mapped[Any] = mapped_column(Sensitive("text", 200), default="")
    after: Mapped[Any] = mapped_column(Sensitive("text", 200), default="")
    # Of a long text or several choices both values, as the record holds them, in place of the two.
    long_values: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)

    def __str__(self) -> str:
        return self.name
