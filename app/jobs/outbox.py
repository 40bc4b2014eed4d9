"""Events on their way to subscribers: at least once, each subscriber alone, effects once, in order.

An event is written (``emit``) in the transaction that it tells about. The worker calls each
subscriber in a transaction that also marks the event as delivered: what the subscriber writes
happens exactly once. A subscriber must not talk to the outside there (SQLite's only write lock is
held); it enqueues a job with the event's id as key instead.

Events of one record reach a subscriber in the order in which they happened: while one waits to be
tried again, the later ones wait behind it. Events of other records go past.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from app.database import utcnow, write
from app.inserts import insert_rows
from app.jobs.hidden_rows import held_until
from app.jobs.models import LONGEST_ERROR, OutboxRow
from app.jobs.portions import SECONDS
from app.jobs.runner import Handler
from app.jobs.stopping import may_go_on

log = logging.getLogger(__name__)
BATCH = 100
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
        payload: what happened, as JSON can hold it; ``event_id`` is added. ``record_type`` and
            ``record_id`` name the record whose events keep their order.
        subscribers: names of those who want it; none is fine.

    Returns:
        The id of the event.
    """
    return emit_many(session, event, [(payload, subscribers)])[0]


def emit_many(
    session: Session, event: str, addressed: Iterable[tuple[Mapping[str, Any], Iterable[str]]]
) -> list[str]:
    """Write events of one name in their order; see ``emit``.

    Args:
        session: inside of a writing block.
        event: name of the events.
        addressed: payload of each event, with the names of those who want it.

    Returns:
        The id of each event.
    """
    events = [(uuid.uuid4().hex, *one) for one in addressed]
    now = utcnow()
    next_try_at = held_until() or now
    rows = [
        {
            "event_id": event_id,
            "event": event,
            "payload": {**payload, "event_id": event_id},
            "subscriber": subscriber,
            "record_key": _record_key(payload),
            "created_at": now,
            "attempts": 0,
            "next_try_at": next_try_at,
        }
        for event_id, payload, subscribers in events for subscriber in subscribers
    ]
    insert_rows(session.connection(), OutboxRow.__table__, rows)
    return [event_id for event_id, *_ in events]


def _record_key(payload: Mapping[str, Any]) -> str | None:
    record_type, record_id = payload.get("record_type"), payload.get("record_id")
    return None if record_type is None or record_id is None else f"{record_type}:{record_id}"


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
        before = dataclasses.astuple(outcome)
        with write(session):
            batch = _due(session, now, handlers, lock=True)
            is_done = _deliver_together(session, batch, handlers, outcome, now)
        if not is_done:
            # In a transaction of its own: the failed one may have lasted as long as one may.
            with write(session):
                batch = _due(session, now, handlers, lock=True)
                _deliver_alone(session, batch, handlers, outcome, now)
        if dataclasses.astuple(outcome) == before or not may_go_on():
            # Another worker holds what is left, or what has to come before it; or this one ends.
            break
    return outcome


def _due(
    session: Session, now: dt.datetime, handlers: Mapping[str, Handler], *, lock: bool = False
) -> list[Any]:
    """Look for due events; without ``lock`` only whether there are any, taking no write lock."""
    earlier = aliased(OutboxRow)
    query = (
        select(
            OutboxRow.id, OutboxRow.event, OutboxRow.payload, OutboxRow.subscriber,
            OutboxRow.attempts, OutboxRow.record_key,
        )
        .where(
            OutboxRow.next_try_at <= now, OutboxRow.subscriber.in_(list(handlers)),
            ~exists().where(
                earlier.subscriber == OutboxRow.subscriber,
                earlier.record_key == OutboxRow.record_key, earlier.id < OutboxRow.id,
                earlier.next_try_at > now,
            ),
        )
        .order_by(OutboxRow.id)
        .limit(BATCH if lock else 1)
    )
    if lock:
        return list(session.execute(query.with_for_update(skip_locked=True, of=OutboxRow)))
    found = list(session.execute(query))
    # The read transaction must not stay open while nothing happens.
    session.rollback()
    return found


class _Order:
    """Which events of a batch are next for their record.

    An event waits where an earlier one of the same record and subscriber failed a moment ago, or is
    being delivered by another worker.

    Args:
        session: session with a running write.
        batch: rows, the oldest first.
    """

    def __init__(self, session: Session, batch: Sequence[Any]) -> None:
        self._waiting: dict[tuple[str, str], list[int]] = {}
        keys = {row.record_key for row in batch if row.record_key is not None}
        if not keys:
            return
        for row in session.execute(
            select(OutboxRow.id, OutboxRow.subscriber, OutboxRow.record_key)
            .where(
                OutboxRow.record_key.in_(keys), OutboxRow.next_try_at.is_not(None),
                OutboxRow.subscriber.in_({row.subscriber for row in batch}),
            )
            .order_by(OutboxRow.id)
        ):
            self._waiting.setdefault((row.subscriber, row.record_key), []).append(row.id)

    def next_of(self, batch: Sequence[Any]) -> Iterator[Any]:
        """Yield the events that nothing has to come before, until a transaction has lasted enough.

        The rest waits for the next transaction, and others write in between.
        """
        until = time.monotonic() + SECONDS
        for row in filter(self._is_next, batch):
            yield row
            if time.monotonic() > until:
                break

    def _is_next(self, row: Any) -> bool:
        queue = self._waiting.get((row.subscriber, row.record_key))
        return queue is None or queue[:1] == [row.id]

    def passed(self, row: Any) -> None:
        """Let the next event of the same record follow one that is over."""
        queue = self._waiting.get((row.subscriber, row.record_key))
        if queue is not None:
            queue.pop(0)


def _deliver_together(
    session: Session, batch: Sequence[Any], handlers: Mapping[str, Handler], outcome: Delivered,
    now: dt.datetime,
) -> bool:
    """Call subscribers in one savepoint, and mark their events at once.

    Returns:
        Whether none of them failed; otherwise all of it is taken back, and event by event it
        becomes known which did.
    """
    delivered: list[int] = []
    order = _Order(session, batch)
    try:
        with session.begin_nested():
            for row in order.next_of(batch):
                handlers[row.subscriber](session, row.event, dict(row.payload))
                # The next one finds what this one has written, as in a savepoint of its own.
                session.flush()
                order.passed(row)
                delivered.append(row.id)
    except Exception:
        return False
    session.execute(
        update(OutboxRow).where(OutboxRow.id.in_(delivered))
        .values(done_at=now, next_try_at=None, attempts=OutboxRow.attempts + 1)
        .execution_options(synchronize_session=False))
    outcome.done += len(delivered)
    return True


def _deliver_alone(
    session: Session, batch: Sequence[Any], handlers: Mapping[str, Handler], outcome: Delivered,
    now: dt.datetime,
) -> None:
    order = _Order(session, batch)
    for row in order.next_of(batch):
        if _deliver(session, row, handlers[row.subscriber], outcome, now):
            order.passed(row)


def _deliver(
    session: Session, row: Any, handler: Handler, outcome: Delivered, now: dt.datetime
) -> bool:
    """Call the subscriber; return whether the event is over, delivered or given up."""
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
    return values["next_try_at"] is None
