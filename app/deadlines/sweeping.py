"""What falls due by time alone: warnings, breaches, escalations, each written once.

The worker sweeps every minute. All that lies ahead of a clock is kept in its row, in order, so a
sweep does no sums: it claims the rows whose next moment has come by their locks, and two
statements write what fell due and move the clocks on. Two workers at once, or a sweep cut off and
run again, leave every event written exactly once.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Update, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.database import UTCDateTime, changed_rows, held_seconds, write
from app.deadlines import sweep_sql
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.models import ClockRow
from app.deadlines.policy_store import policies_by_id
from app.deadlines.services import write_due
from app.host.host import current_host
from app.jobs.hidden_rows import HELD_FROM
from app.jobs.kinds import Schedule
from app.jobs.outbox import emit
from app.jobs.portions import PAUSE_SECONDS, Pace
from app.jobs.stopping import may_go_on
from app.statements import built_once

# Clocks of one transaction, at most; fewer where they take longer than a short write may.
SWEEP_MOST, SWEEP_FIRST = 20_000, 200
RECOMPUTE_MOST, RECOMPUTE_FIRST = 1000, 50


def sweep(session: Session, now: dt.datetime) -> int:
    """Write everything that has fallen due up to ``now``.

    Args:
        session: outside of any writing block; each batch is a transaction of its own.
        now: aware moment.

    Returns:
        How many events were written.
    """
    subscribers = current_host().subscribers("on_deadline")
    pace = Pace(first=SWEEP_FIRST, most=SWEEP_MOST)
    written = 0
    while _is_anything_due(session, now):
        with write(session):
            count, claimed = _sweep_batch(session, now, subscribers, pace.size)
        written += count
        if not claimed or not may_go_on():
            # Another worker holds what is left, or this one ends.
            break
        pace.took(claimed, held_seconds(session))
    return written


def _is_anything_due(session: Session, now: dt.datetime) -> bool:
    """Look without taking the write lock: most sweeps find nothing."""
    found = session.scalar(select(ClockRow.id).where(ClockRow.next_event_at <= now).limit(1))
    session.rollback()
    return found is not None


def _sweep_batch(
    session: Session, now: dt.datetime, subscribers: list[str], most: int
) -> tuple[int, int]:
    """Claim some clocks by their locks, write their events, move them on; return both counts."""
    ids = session.scalars(
        select(ClockRow.id)
        .where(ClockRow.next_event_at <= now)
        .order_by(ClockRow.next_event_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return 0, 0
    count, fallen = _write_fallen(session, ids, now, returning=bool(subscribers))
    _announce(session, fallen, subscribers)
    return count, len(ids)


def _write_fallen(
    session: Session, ids: Sequence[int], now: dt.datetime, *, returning: bool
) -> tuple[int, Sequence[Any]]:
    """Write what fell due of some clocks and move them on; return its number, and its rows."""
    dialect = session.get_bind().dialect.name
    values = {"ids": json.dumps(list(ids)), "now": now}
    statement = sweep_sql.write_events(dialect, returning=returning)
    if returning:
        statement = statement.columns(due_at=UTCDateTime)
    written = session.execute(statement, values)
    fallen = written.all() if returning else ()
    session.execute(sweep_sql.advance(dialect), values)
    return len(fallen) if returning else changed_rows(written), fallen


def hold(session: Session, record_type: str, record_ids: Sequence[int], until: dt.datetime) -> None:
    """Let the sweep pass over the clocks of some records; part of the running write.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_ids: some hundreds of records that nobody sees yet.
        until: a time that never comes.
    """
    session.flush()
    session.execute(_holding(), {
        "of_kind": record_type, "records": list(record_ids), "until": until})


@built_once
def _holding() -> Update:
    return (
        update(ClockRow.__table__)
        .where(ClockRow.record_type == bindparam("of_kind"),
               ClockRow.record_id.in_(bindparam("records", expanding=True)),
               ClockRow.next_event_at.is_not(None))
        .values(next_event_at=bindparam("until"))
    )


def settle(
    session: Session, record_type: str, record_ids: Sequence[int], now: dt.datetime,
    besides: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Write what has already fallen due of the clocks of records that have just come in.

    Clocks that were held run on from here.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_ids: some hundreds of records.
        now: aware moment.
        besides: subscribers that get no event for each deadline; the caller tells them at once.

    Returns:
        What fell due, as payloads of ``on_deadline``.
    """
    session.flush()
    ids = session.scalars(
        select(ClockRow.id).where(
            ClockRow.record_type == record_type, ClockRow.record_id.in_(record_ids),
            or_(ClockRow.next_event_at <= now, ClockRow.next_event_at >= HELD_FROM),
        )
    ).all()
    if not ids:
        return []
    _, fallen = _write_fallen(session, ids, now, returning=True)
    others = [name for name in current_host().subscribers("on_deadline") if name not in besides]
    return _announce(session, fallen, others)


def _announce(
    session: Session, fallen: Sequence[Any], subscribers: list[str]
) -> list[dict[str, Any]]:
    """Send an event for each thing that fell due, and return the payloads."""
    if not fallen:
        return []
    keys = dict(
        session.execute(
            select(ClockRow.id, ClockRow.key).where(
                ClockRow.id.in_({event.clock_id for event in fallen})
            )
        ).all()
    )
    payloads = [
        {
            "record_type": event.record_type, "record_id": event.record_id,
            "clock": keys[event.clock_id], "kind": event.kind, "level": event.level,
            "to": event.told, "due_at": event.due_at.isoformat(),
        }
        for event in fallen
    ]
    for payload in payloads:
        emit(session, "on_deadline", payload, subscribers)
    return payloads


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
    pace = Pace(first=RECOMPUTE_FIRST, most=RECOMPUTE_MOST)
    while True:
        with write(session):
            rows = _recompute_portion(session, calendar_name, last_id, pace.size)
        if not rows:
            return done
        last_id, done = rows[-1].id, done + len(rows)
        pace.took(len(rows), held_seconds(session))
        for row in rows:
            # A million clocks must not stay in memory; what the caller holds is left alone.
            session.expunge(row)
        time.sleep(PAUSE_SECONDS)


def _recompute_portion(
    session: Session, calendar_name: str, after: int, most: int
) -> Sequence[ClockRow]:
    calendars = Calendars(session)
    calendar_id = calendars.id_of(calendar_name)
    rows = session.scalars(
        select(ClockRow)
        .where(
            ClockRow.calendar_id == calendar_id, ClockRow.stopped_at.is_(None),
            ClockRow.id > after,
        )
        .order_by(ClockRow.id)
        .limit(most)
        .with_for_update()
    ).all()
    policies = policies_by_id(session, {row.policy_id for row in rows})
    calendar = calendars.get(calendar_id)
    by_type: dict[str, list[int]] = {}
    for row in rows:
        held = row.next_event_at is not None and row.next_event_at >= HELD_FROM
        until = row.next_event_at
        put(row, clock_of(row, policies[row.policy_id].rule(row.key)), calendar)
        if held:
            row.next_event_at = until
        by_type.setdefault(row.record_type, []).append(row.record_id)
    session.flush()
    for record_type, ids in by_type.items():
        write_due(session, record_type, ids)
    return rows


SWEEP = Schedule(name="deadlines.sweep", every_seconds=60, run=sweep)
"""For the core's ``register_jobs``: the worker sweeps once a minute."""
