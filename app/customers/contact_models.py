"""Tables of contacts with customers: consents, do-not-contact, and the log of contacts."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.contact_governor import EVERY
from app.customers.models import CONTACT_WAYS, Customer
from app.database import Base, BigId, CodeString, UTCDateTime, utcnow
from app.i18n import N_
from app.records.personal import Personal

PURPOSES = (
    ("service", N_("Service")), ("survey", N_("Survey")), ("reminder", N_("Reminder")),
    ("greeting", N_("Greeting")), ("marketing", N_("Marketing")),
)
"""What somebody may be contacted for: pairs of value and English label."""
EVERY_PURPOSE = ((EVERY, N_("Every purpose")), *PURPOSES)
EVERY_CHANNEL = ((EVERY, N_("Every channel")), *CONTACT_WAYS)


class Consent(Base):
    """A consent of a customer to be contacted, and its withdrawal.

    In the audit trail these rows go by the number of the customer: a name there stays for ever.
    """

    __tablename__ = "customers_consent"
    __personal__ = Personal(emptied=("note",))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(
        String(12), default=EVERY, info={"choices": EVERY_CHANNEL})
    purpose: Mapped[str] = mapped_column(
        String(20), default=EVERY, info={"choices": EVERY_PURPOSE})
    from_on: Mapped[dt.date] = mapped_column(Date)
    withdrawn_on: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(200), default="")

    customer: Mapped[Customer] = relationship()

    def __str__(self) -> str:
        return f"{self.customer.number} {self.from_on.isoformat()}"


class DoNotContact(Base):
    """A customer's demand, or a decision, not to be contacted: in general or for a purpose."""

    __tablename__ = "customers_do_not_contact"
    __personal__ = Personal(swept=("reason",))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(
        String(20), default=EVERY, info={"choices": EVERY_PURPOSE})
    reason: Mapped[str] = mapped_column(String(200))
    until_on: Mapped[dt.date | None] = mapped_column(Date)

    customer: Mapped[Customer] = relationship()

    def __str__(self) -> str:
        return f"{self.customer.number} {self.reason}"


class Contact(Base):
    """A contact with a customer, or a try; written by ``note_contact`` only.

    The number is stored as the digest of the blind index: it can be compared and not read.
    """

    __tablename__ = "customers_contact"
    __personal__ = Personal(emptied=("number_digest",), kept=("record_type",))
    __table_args__ = (
        Index("ix_customers_contact_customer_id_at", "customer_id", "at"),
        Index("ix_customers_contact_number_digest_at", "number_digest", "at"),
        # Customers with contact in a period are counted by this index alone.
        Index("ix_customers_contact_at", "at", "reached", "customer_id", "by_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"))
    number_digest: Mapped[str] = mapped_column(CodeString(24), default="")
    channel: Mapped[str] = mapped_column(String(12), info={"choices": CONTACT_WAYS})
    purpose: Mapped[str] = mapped_column(String(20), info={"choices": PURPOSES})
    reached: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    record_type: Mapped[str] = mapped_column(CodeString(64), default="")
    record_id: Mapped[int | None] = mapped_column(Integer)

    customer: Mapped[Customer] = relationship()
    by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return f"{self.customer.number} {self.at:%Y-%m-%d}"
