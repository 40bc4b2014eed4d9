"""A clock's row as the pure value that is counted with, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select

from app.deadlines import clock_status
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.clocks import Clock, Pause
from app.deadlines.models import ClockRow
from app.deadlines.policies import ClockRule
from app.deadlines.sweep_sql import to_text


def clock_of(row: ClockRow, rule: ClockRule) -> Clock:
    """Return the pure value of a clock's row.

    Args:
        row: the row.
        rule: of the policy that it runs under, before the record's less time.
    """
    return Clock(
        rule=rule.shorter_by(row.less_time or 0),
        started_at=row.started_at,
        pauses=tuple(
            Pause(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end) if end else None)
            for start, end in row.pauses if start is not None
        ),
        extended=row.extended,
        stopped_at=row.stopped_at,
        agreed_at=row.agreed_at,
    )


def put(row: ClockRow, clock: Clock, calendar: WorkingCalendar, passed: int | None = None) -> None:
    """Write a clock's value and all that follows from it into its row.

    Args:
        row: the row.
        clock: the value.
        calendar: hours it is counted by.
        passed: events that have fallen due; as before by default.
    """
    row.started_at, row.stopped_at, row.extended = (
        clock.started_at, clock.stopped_at, clock.extended,
    )
    row.agreed_at = clock.agreed_at
    row.pauses = [
        [one.start.isoformat(), one.end.isoformat() if one.end else None] for one in clock.pauses
    ]
    row.paused_at = clock.pauses[-1].start if clock.is_paused else None
    row.kind = clock.rule.kind.value
    row.due_at = clock_status.due_at(clock, calendar)
    row.passed = (row.passed or 0) if passed is None else passed
    every = clock_status.events(clock, calendar)
    if every and every[0].kind is clock_status.EventKind.WARNING:
        row.warns_at = every[0].at
    row.schedule = [
        [to_text(one.at), one.kind.value, one.level, one.to] for one in every
    ]
    row.next_event_at = every[row.passed].at if len(every) > row.passed else None
    if clock.stopped_at is not None:
        row.kept = clock_status.was_kept(clock, calendar, clock.stopped_at)


def earliest_due(record_type: str, record_id: Any) -> Select[dt.datetime]:
    """Return a SELECT of the earliest deadline of a record's clocks that run, or of NULL.

    Args:
        record_type: kind of record.
        record_id: its id, or a column of an outer statement that holds it.
    """
    return select(func.min(ClockRow.due_at)).where(
        ClockRow.record_type == record_type, ClockRow.record_id == record_id,
        ClockRow.stopped_at.is_(None),
    )
