"""Tables of holds on customers and of requests to erase them."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.changes.models import APPROVED, OPEN, REJECTED, STATUSES, WITHDRAWN
from app.customers.models import Customer
from app.database import Base, UTCDateTime, utcnow
from app.records.mixin import SharedRecord
from app.records.personal import Personal

DECISIONS = tuple(
    (value, label) for value, label in STATUSES if value in (OPEN, APPROVED, REJECTED, WITHDRAWN))


class LegalHold(Base):
    """A hold on a customer (法律保全): what is known of them is kept until it is lifted."""

    __tablename__ = "customers_legal_hold"
    __table_args__ = (
        # A customer is on hold or not.
        Index("uq_customers_legal_hold_running", "customer_id", unique=True,
              sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL")),
    )
    __personal__ = Personal(swept=("reason", "lift_reason"), kept=("reference",))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    # Number of the case at the court, the regulator or the lawyer.
    reference: Mapped[str] = mapped_column(String(80), default="")
    placed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    lifted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    lift_reason: Mapped[str] = mapped_column(String(400), default="")

    customer: Mapped[Customer] = relationship()
    placed_by: Mapped[User | None] = relationship(foreign_keys=[placed_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])

    def __str__(self) -> str:
        return f"{self.customer.number} {self.reference}".strip()


class ErasureRequest(SharedRecord, Base):
    """A request to erase a customer (删除申请): one person asks, another one decides."""

    __tablename__ = "customers_erasure_request"
    __table_args__ = (
        # Nobody asks twice for what waits already.
        Index("uq_customers_erasure_request_open", "customer_id", unique=True,
              sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
    )
    __record_type__ = "customers.erasure_request"
    __number_prefix__ = "SC"
    __notifies_owner__ = False
    __notifies_changes__ = False
    __personal__ = Personal(swept=("reason", "answer"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    status: Mapped[str] = mapped_column(
        String(12), default=OPEN, index=True, info={"choices": DECISIONS})
    reason: Mapped[str] = mapped_column(String(400), default="")
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(400), default="")

    customer: Mapped[Customer] = relationship()
    maker: Mapped[User | None] = relationship(foreign_keys=[maker_id])
    decider: Mapped[User | None] = relationship(foreign_keys=[decider_id])
