"""Table of staff proposals."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, UTCDateTime, WorkflowRecord


class Proposal(WorkflowRecord, Base):
    """A proposal of a member of staff (合理化建议); the owner carries it out once it is adopted."""

    __tablename__ = "work_proposal"
    __table_args__ = (
        Index("ix_work_proposal_open_due", "is_open", "due_on", "id"),
        Index("ix_work_proposal_proposer_submitted", "proposer_id", "submitted_at"),
    )
    __record_type__ = "work.proposal"
    __number_prefix__ = "HL"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "situation", "proposal", "effect")
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "proposer_id")
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "reminded_on")

    subject: Mapped[str] = mapped_column(String(200))
    situation: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text)
    expected_effect: Mapped[str] = mapped_column(Text, default="")
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    decision: Mapped[str] = mapped_column(String(12), default="", index=True)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    reward_points: Mapped[int] = mapped_column(SmallInteger, default=0)
    carried_out_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    carried_out: Mapped[str] = mapped_column(Text, default="")
    effect: Mapped[str] = mapped_column(Text, default="")
    reminded_on: Mapped[dt.date | None] = mapped_column(Date)

    proposer: Mapped[Any] = relationship("User", foreign_keys=[proposer_id])
    decided_by: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id])
