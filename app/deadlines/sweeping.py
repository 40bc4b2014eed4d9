"""What falls due by time alone: warnings, breaches, escalations, each written once.

The worker sweeps every minute. All that lies ahead of a clock is kept in its row, in order, so a
sweep does no sums: it claims the rows whose next moment has come by their locks, and two
statements write what fell due and move the clocks on. Two workers at once, or a sweep cut off and
run again, leave every event written exactly once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import UTCDateTime, write
from app.deadlines import sweep_sql
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.models import ClockRow
from app.deadlines.policy_store import policies_by_id
from app.deadlines.services import write_due
from app.host.host import current_host
from app.jobs.kinds import Schedule
from app.jobs.outbox import emit

SWEEP_BATCH = 20_000
RECOMPUTE_BATCH = 1000


def sweep(session: Session, now: dt.datetime) -> int:
    """Write everything that has fallen due up to ``now``.

    Args:
        session: outside of any writing block; each batch is a transaction of its own.
        now: aware moment.

    Returns:
        How many events were written.
    """
    subscribers = current_host().subscribers("on_deadline")
    written = 0
    while _is_anything_due(session, now):
        with write(session):
            count, claimed = _sweep_batch(session, now, subscribers)
        written += count
        if not claimed:
            # Another worker holds what is left.
            break
    return written


def _is_anything_due(session: Session, now: dt.datetime) -> bool:
    """Look without taking the write lock: most sweeps find nothing."""
    found = session.scalar(select(ClockRow.id).where(ClockRow.next_event_at <= now).limit(1))
    session.rollback()
    return found is not None


def _sweep_batch(session: Session, now: dt.datetime, subscribers: list[str]) -> tuple[int, int]:
    """Claim some clocks by their locks, write their events, move them on; return both counts."""
    ids = session.scalars(
        select(ClockRow.id)
        .where(ClockRow.next_event_at <= now)
        .order_by(ClockRow.next_event_at)
        .limit(SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return 0, 0
    dialect = session.get_bind().dialect.name
    values = {"ids": json.dumps(list(ids)), "now": now}
    statement = sweep_sql.write_events(dialect, returning=bool(subscribers))
    if subscribers:
        statement = statement.columns(due_at=UTCDateTime)
    written = session.execute(statement, values)
    count = written.rowcount
    if subscribers:
        fallen = written.all()
        count = len(fallen)
        _announce(session, fallen, subscribers)
    session.execute(sweep_sql.advance(dialect), values)
    return count, len(ids)


def _announce(session: Session, fallen: Sequence[Any], subscribers: list[str]) -> None:
    keys = dict(
        session.execute(
            select(ClockRow.id, ClockRow.key).where(
                ClockRow.id.in_({event.clock_id for event in fallen})
            )
        ).all()
    )
    for event in fallen:
        payload = {
            "record_type": event.record_type, "record_id": event.record_id,
            "clock": keys[event.clock_id], "kind": event.kind, "level": event.level,
            "to": event.told, "due_at": event.due_at.isoformat(),
        }
        emit(session, "on_deadline", payload, subscribers)


def recompute(session: Session, calendar_name: str) -> int:
    """Work out all running clocks of a calendar anew after its hours or days changed.

    Clocks that have stopped stay as they were. What has been written as fallen due stays
    written; what falls due earlier by the new hours is written by the next sweep.

    Args:
        session: outside of any writing block; each batch is a transaction of its own.
        calendar_name: name of the calendar.

    Returns:
        How many clocks were worked out.

    Raises:
        UnknownCalendar: there is no such calendar.
    """
    done = last_id = 0
    while True:
        with write(session):
            calendars = Calendars(session)
            calendar_id = calendars.id_of(calendar_name)
            rows = session.scalars(
                select(ClockRow)
                .where(
                    ClockRow.calendar_id == calendar_id,
                    ClockRow.stopped_at.is_(None),
                    ClockRow.id > last_id,
                )
                .order_by(ClockRow.id)
                .limit(RECOMPUTE_BATCH)
                .with_for_update()
            ).all()
            if not rows:
                return done
            policies = policies_by_id(session, {row.policy_id for row in rows})
            calendar = calendars.get(calendar_id)
            by_type: dict[str, list[int]] = {}
            for row in rows:
                put(row, clock_of(row, policies[row.policy_id].rule(row.key)), calendar)
                by_type.setdefault(row.record_type, []).append(row.record_id)
            session.flush()
            for record_type, ids in by_type.items():
                write_due(session, record_type, ids)
            last_id, done = rows[-1].id, done + len(rows)
        for row in rows:
            # A million clocks must not stay in memory; what the caller holds is left alone.
            session.expunge(row)


SWEEP = Schedule(name="deadlines.sweep", every_seconds=60, run=sweep)
"""For the core's ``register_jobs``: the worker sweeps once a minute."""
