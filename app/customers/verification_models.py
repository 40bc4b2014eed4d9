"""Tables of verification: kinds of document, and what was verified or rejected by whom."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.contact_models import Contact
from app.customers.items import ITEMS, VERIFICATION_STATES
from app.customers.models import Customer
from app.database import Base, BigId, UTCDateTime, utcnow
from app.dictionary_columns import Dictionary
from app.records.models import File
from app.records.personal import Personal


class DocumentKind(Dictionary, Base):
    """A kind of document on which information is verified (证件)."""

    __tablename__ = "customers_document_kind"
    __dictionary__ = "core.document_kind"


class Verification(Base):
    """An item of a customer's information was verified, rejected, or is unverified again (核实).

    Rows are added and never changed but for ``is_current``, which marks the latest one of each
    item; an item without any is unverified. ``app.customers.verification`` writes them.
    """

    __tablename__ = "customers_verification"
    __personal__ = Personal(emptied=("note",), swept=("reason",))
    __table_args__ = (
        Index("ix_customers_verification_customer_id_at", "customer_id", "at"),
        # Items verified in a period are counted by it, of a person and of everybody.
        Index("ix_customers_verification_by_id_at", "by_id", "at"),
        Index("uq_customers_verification_current", "customer_id", "item", unique=True,
              sqlite_where=text("is_current"), postgresql_where=text("is_current")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(40), info={"choices": ITEMS})
    state: Mapped[str] = mapped_column(String(12), info={"choices": VERIFICATION_STATES})
    is_current: Mapped[bool] = mapped_column(Boolean, default=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    # The contact of the same person in which it was verified; an item counts once for each.
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_contact.id", ondelete="SET NULL"), index=True)
    document_kind_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_document_kind.id"), index=True)
    # Number of the document or a remark; numbers of people in it are kept masked.
    note: Mapped[str] = mapped_column(String(200), default="")
    file_id: Mapped[int | None] = mapped_column(
        ForeignKey("records_file.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(String(400), default="")

    customer: Mapped[Customer] = relationship()
    by: Mapped[User | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    document_kind: Mapped[DocumentKind | None] = relationship()
    file: Mapped[File | None] = relationship()

    def __str__(self) -> str:
        return f"{self.customer.number} {self.item}"
