"""Table of the documents of applications."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, File, Personal, UTCDateTime
from plugins.loans.checklist.status import Paper, Status
from plugins.loans.products.models import LoanDocumentKind


class LoanDocument(Base):
    """A document of an application (申请材料): asked for, handed in, checked."""

    __tablename__ = "loans_document"
    __personal__ = Personal(swept=("note",), kept=("judgement",))
    __table_args__ = (UniqueConstraint("application_id", "kind_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("loans_application.id", ondelete="CASCADE"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("loans_document_kind.id"), index=True)
    required: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_days: Mapped[int | None] = mapped_column(SmallInteger)
    file_id: Mapped[int | None] = mapped_column(
        ForeignKey("records_file.id", ondelete="SET NULL"), index=True)
    issued_on: Mapped[dt.date | None] = mapped_column(Date)
    # The last day that the document itself names.
    printed_expiry: Mapped[dt.date | None] = mapped_column(Date)
    expires_on: Mapped[dt.date | None] = mapped_column(Date)
    handed_in_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    judgement: Mapped[str] = mapped_column(String(12), default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    checked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(400), default="")

    kind: Mapped[LoanDocumentKind] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[File | None] = relationship(lazy="joined")
    checked_by: Mapped[Any] = relationship("User", foreign_keys=[checked_by_id])

    def status(self, day: dt.date) -> Status:
        """Return how it stands on a local date; a file that was taken off is not there."""
        is_present = self.file is not None and self.file.deleted_at is None
        return Paper(is_present, self.expires_on, self.judgement).status(day)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.kind_id}"
