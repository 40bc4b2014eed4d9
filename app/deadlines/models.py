"""Tables of calendars, policies, clocks, what fell due, and extensions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow


class CalendarRow(Base):
    """A working calendar; ``content`` is the plain form of ``WorkingCalendar``."""

    __tablename__ = "deadlines_calendar"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(CodeString(40), unique=True)
    # New with every change of hours and days: processes keep a laid-out calendar under it.
    stamp: Mapped[str] = mapped_column(String(32))
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    content: Mapped[dict[str, Any]] = mapped_column(Json)

    def __str__(self) -> str:
        return self.name


class CalendarDay(Base):
    """A day set by hand, which wins over the official list; no shifts means closed."""

    __tablename__ = "deadlines_calendar_day"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("deadlines_calendar.id"))
    day: Mapped[dt.date] = mapped_column(Date)
    shifts: Mapped[list[str]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(String(200), default="")


class PolicyRow(Base):
    """One published version of a policy for a kind of record; never changed afterwards."""

    __tablename__ = "deadlines_policy"
    __table_args__ = (
        UniqueConstraint("record_type", "name", "version"),
        Index("ix_deadlines_policy_in_force", "record_type", "in_force"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(CodeString(64))
    version: Mapped[int] = mapped_column(Integer)
    in_force: Mapped[bool] = mapped_column(Boolean, default=True)
    # Whether the product shipped it; an admin's own version is never replaced by an upgrade.
    shipped: Mapped[bool] = mapped_column(Boolean, default=False)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))


class ClockRow(Base):
    """A clock of a record, with what a list and the sweep must know without any sums.

    ``due_at``, ``warns_at``, ``next_event_at`` and ``schedule`` follow from the other columns and
    are worked out anew with every move.
    """

    __tablename__ = "deadlines_clock"
    __table_args__ = (
        UniqueConstraint("record_type", "record_id", "key", "run"),
        Index("ix_deadlines_clock_next_event_at", "next_event_at"),
        Index("ix_deadlines_clock_running", "calendar_id", "stopped_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(CodeString(40))
    run: Mapped[int] = mapped_column(Integer, default=1)
    kind: Mapped[str] = mapped_column(String(10))
    policy_id: Mapped[int] = mapped_column(ForeignKey("deadlines_policy.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("deadlines_calendar.id"))
    started_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    stopped_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Whether it was stopped in time; empty while it runs, and where it was called off.
    kept: Mapped[bool | None] = mapped_column(Boolean)
    extended: Mapped[int] = mapped_column(Integer, default=0)
    # A deadline that people have agreed on; empty where the rule's amount decides.
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # By how many percent the amount was made shorter for the record as the clock began.
    less_time: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Pairs of ISO texts; the second is null while the clock stands.
    pauses: Mapped[list[list[str | None]]] = mapped_column(Json, default=list)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    warns_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Events in order as [moment, kind, level, to], and how many of them have fallen due.
    passed: Mapped[int] = mapped_column(Integer, default=0)
    schedule: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    next_event_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class ClockEventRow(Base):
    """A warning, breach or escalation that fell due, written once."""

    __tablename__ = "deadlines_event"
    __table_args__ = (
        # The same warning may fall due again only after an extension.
        UniqueConstraint("clock_id", "extended", "kind", "level"),
        Index("ix_deadlines_event_record", "record_type", "record_id"),
        Index("ix_deadlines_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("deadlines_clock.id"))
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    extended: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    level: Mapped[int] = mapped_column(Integer)
    to: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class ExtensionRow(Base):
    """A request to extend a clock, and what was decided."""

    __tablename__ = "deadlines_extension"
    __table_args__ = (Index("ix_deadlines_extension_clock_id_state", "clock_id", "state"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("deadlines_clock.id"))
    by: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    # Role or relation that must approve, as the rule said when it was asked for.
    approver: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="pending")
    requested_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
