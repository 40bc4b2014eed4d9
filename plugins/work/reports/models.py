"""Table of weekly reports."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Json, UTCDateTime, WorkflowRecord


class WeeklyReport(WorkflowRecord, Base):
    """What a person reports of a week (周报); the owner writes it, ``reader`` leads the owner."""

    __tablename__ = "work_weekly_report"
    __table_args__ = (
        UniqueConstraint("owner_id", "starts_on"),
        Index("ix_work_weekly_report_state_due", "state", "hand_in_by", "id"),
        Index("ix_work_weekly_report_reader_state", "reader_id", "state", "id"),
    )
    __record_type__ = "work.weekly_report"
    __number_prefix__ = "ZB"
    __title_field__ = "week"
    __search_fields__ = ("week", "done", "problems", "plan")
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "reminded_on", "figures")
    # Colleagues of a team do not read each other's reports; whoever leads the department does.
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "reader_id")
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    # A draft is made for everybody each Monday: a reminder tells of it on the day it is due.
    __notifies_owner__ = False
    __notifies_changes__ = False

    # Monday of the week.
    starts_on: Mapped[dt.date] = mapped_column(Date, index=True, info={"required": False})
    # Its name by ISO 8601.
    week: Mapped[str] = mapped_column(String(10), default="")
    done: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")
    # Figures as they were when the report was handed in; see ``figures``.
    figures: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    hand_in_by: Mapped[dt.datetime] = mapped_column(UTCDateTime, info={"required": False})
    handed_in_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Empty until the report is handed in or its time is up.
    timeliness: Mapped[str] = mapped_column(String(8), default="")
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    remark: Mapped[str] = mapped_column(Text, default="")
    reminded_on: Mapped[dt.date | None] = mapped_column(Date)

    reader: Mapped[Any] = relationship("User", foreign_keys=[reader_id])
    read_by: Mapped[Any] = relationship("User", foreign_keys=[read_by_id])
