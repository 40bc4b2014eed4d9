"""The moment that clocks began with was wrong: they begin anew with the right one.

What happened since stays: pauses, extensions and stops keep their own moments, and everything
that follows from them and the new beginning is worked out again.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.database import write
from app.deadlines import clocks
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.policy_store import policies_by_id
from app.deadlines.sweep_sql import from_text


def move_start(
    session: Session,
    record_type: str,
    record_id: int,
    before: dt.datetime,
    after: dt.datetime,
    now: dt.datetime,
) -> list[str]:
    """Let the clocks of a record that began at one moment begin at another.

    A clock that has stopped is judged anew, for whether it was kept follows from its beginning;
    one that was called off stays neither kept nor missed. What was told as fallen due and has yet
    to come by the new time is taken back and falls due again; what has passed by the new time is
    written by the next sweep.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_id: its id.
        before: when they began, as it was recorded.
        after: when they really began.
        now: the present moment.

    Returns:
        The keys of the clocks that moved, the oldest first. The record's own ``due_at`` is the
        caller's to write, see ``app.deadlines.clock_rows.earliest_due``.

    Raises:
        ClockRefused: ``after`` is later than the first pause or stop of such a clock.
    """
    with write(session):
        rows = session.scalars(
            select(ClockRow)
            .where(
                ClockRow.record_type == record_type, ClockRow.record_id == record_id,
                ClockRow.started_at == before,
            )
            .order_by(ClockRow.id)
            # The sweep may be at work on them, or have been since they were read.
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        policies = policies_by_id(session, {row.policy_id for row in rows})
        calendars = Calendars(session)
        for row in rows:
            clock = clocks.restart(clock_of(row, policies[row.policy_id].rule(row.key)), after)
            called_off = row.stopped_at is not None and row.kept is None
            put(row, clock, calendars.get(row.calendar_id))
            if called_off:
                row.kept = None
            if row.stopped_at is None:
                _take_back(session, row, now)
                put(row, clock, calendars.get(row.calendar_id), passed=row.passed)
        session.flush()
    return list(dict.fromkeys(row.key for row in rows))


def _take_back(session: Session, row: ClockRow, now: dt.datetime) -> None:
    """Forget what was told of a running clock and lies ahead by now."""
    due = sum(from_text(moment) <= now for moment, *_ in row.schedule)
    row.passed = min(row.passed, due)
    told = [(kind, level) for _, kind, level, _ in row.schedule[: row.passed]]
    session.execute(
        delete(ClockEventRow)
        .where(
            ClockEventRow.clock_id == row.id, ClockEventRow.extended == row.extended,
            tuple_(ClockEventRow.kind, ClockEventRow.level).not_in(told),
        )
        .execution_options(synchronize_session=False)
    )
