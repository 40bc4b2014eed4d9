"""Table of problems with approvers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Personal, WorkflowRecord
from plugins.loans.applications.models import LoanApplication


class Problem(WorkflowRecord, Base):
    """A problem that is solved with the approvers (审批问题); the owner sees to it."""

    __tablename__ = "loans_problem"
    __table_args__ = (
        Index("ix_loans_problem_open_due", "is_open", "due_on", "id"),
        Index("ix_loans_problem_application", "application_id", "id"),
    )
    __record_type__ = "loans.problem"
    __number_prefix__ = "WT"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "description", "solution")
    __personal__ = Personal(swept=("subject",))

    application_id: Mapped[int] = mapped_column(ForeignKey("loans_application.id"))
    subject: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[dt.date] = mapped_column(Date)
    solution: Mapped[str] = mapped_column(Text, default="")
    reminded_on: Mapped[dt.date | None] = mapped_column(Date)

    application: Mapped[LoanApplication] = relationship()
