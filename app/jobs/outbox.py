"""Events on their way to subscribers: at least once, each subscriber alone, effects once.

An event is written (``emit``) in the transaction that it tells about. The worker calls each
subscriber in a transaction that also marks the event as delivered: what the subscriber writes
happens exactly once. A subscriber must not talk to the outside there (SQLite's only write lock is
held); it enqueues a job with the event's id as key instead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.database import utcnow, write
from app.jobs.hidden_rows import held_until
from app.jobs.models import LONGEST_ERROR, OutboxRow
from app.jobs.portions import PAUSE_SECONDS, SECONDS
from app.jobs.runner import Handler

log = logging.getLogger(__name__)
BATCH = 50
FIRST_RETRY = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(hours=1)
# 5 s, 10 s, 20 s ... 1 h, 1 h: about a day in all.
MOST_ATTEMPTS = 34


@dataclasses.dataclass(slots=True)
class Delivered:
    """What one round of deliveries did, in numbers of events."""

    done: int = 0
    failed: int = 0
    given_up: int = 0


def emit(
    session: Session, event: str, payload: Mapping[str, Any], subscribers: Iterable[str]
) -> str:
    """Write an event for its subscribers into the caller's transaction.

    Args:
        session: inside of a writing block.
        event: name of the event, e.g. ``on_transition``.
        payload: what happened, as JSON can hold it; ``event_id`` is added.
        subscribers: names of those who want it; none is fine.

    Returns:
        The id of the event.
    """
    event_id = uuid.uuid4().hex
    now = utcnow()
    rows = [
        {
            "event_id": event_id,
            "event": event,
            "payload": {**payload, "event_id": event_id},
            "subscriber": subscriber,
            "created_at": now,
            "attempts": 0,
            "next_try_at": held_until() or now,
        }
        for subscriber in subscribers
    ]
    if rows:
        session.execute(insert(OutboxRow), rows)
    return event_id


def wait_before(attempt: int) -> dt.timedelta:
    """Return the pause after the ``attempt``-th failure: it doubles up to one hour."""
    return min(FIRST_RETRY * 2 ** min(attempt - 1, 30), LONGEST_WAIT)


def deliver_due(
    session: Session, now: dt.datetime, handlers: Mapping[str, Handler]
) -> Delivered:
    """Deliver every event that is due to the subscribers that are there.

    Events for a subscriber without a handler (a plugin that is switched off) wait for it. Two
    workers may do this at the same time.

    Args:
        session: outside of any writing block.
        now: current time.
        handlers: by subscriber, ``(session, event, payload) -> None``; it runs in a transaction
            and raises to be tried again.
    """
    outcome = Delivered()
    while _due(session, now, handlers):
        with write(session):
            until = time.monotonic() + SECONDS
            batch = _due(session, now, handlers, lock=True)
            for row in batch:
                _deliver(session, row, handlers[row.subscriber], outcome, now)
                if time.monotonic() > until:
                    # The rest waits for the next transaction, and others write in between.
                    break
        if not batch:
            # Another worker holds what is left.
            break
        time.sleep(PAUSE_SECONDS)
    return outcome


def _due(
    session: Session, now: dt.datetime, handlers: Mapping[str, Handler], *, lock: bool = False
) -> list[Any]:
    """Look for due events; without ``lock`` only whether there are any, taking no write lock."""
    query = (
        select(
            OutboxRow.id, OutboxRow.event, OutboxRow.payload, OutboxRow.subscriber,
            OutboxRow.attempts,
        )
        .where(OutboxRow.next_try_at <= now, OutboxRow.subscriber.in_(list(handlers)))
        .order_by(OutboxRow.id)
        .limit(BATCH if lock else 1)
    )
    if lock:
        return list(session.execute(query.with_for_update(skip_locked=True)))
    found = list(session.execute(query))
    # The read transaction must not stay open while nothing happens.
    session.rollback()
    return found


def _deliver(
    session: Session, row: Any, handler: Handler, outcome: Delivered, now: dt.datetime
) -> None:
    try:
        with session.begin_nested():
            handler(session, row.event, dict(row.payload))
    except Exception as error:
        attempt = row.attempts + 1
        gives_up = attempt >= MOST_ATTEMPTS
        log.exception("%s for %s failed (attempt %s)", row.event, row.subscriber, attempt)
        values: dict[str, Any] = {
            "attempts": attempt,
            "last_error": f"{type(error).__name__}: {error}"[:LONGEST_ERROR],
            "next_try_at": None if gives_up else now + wait_before(attempt),
        }
        outcome.given_up += gives_up
        outcome.failed += not gives_up
    else:
        values = {"done_at": now, "next_try_at": None, "attempts": row.attempts + 1}
        outcome.done += 1
    session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(values))
