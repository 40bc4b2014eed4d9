"""The outbox: each subscriber alone, at least once, with effects that happen once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import SYSTEM
from app.database import utcnow, write
from app.jobs import outbox
from app.jobs.models import Job, OutboxRow, WorkerRow
from app.jobs.outbox import Delivered, deliver_due, emit
from app.jobs.services import enqueue
from app.jobs.stopping import stopping_when

pytestmark = pytest.mark.both_databases


def _emit(session: Session, *subscribers: str, number: int = 1) -> str:
    with write(session):
        return emit(session, "on_saved", {"number": number}, subscribers)


def _effect(session: Session, _event: str, payload: dict[str, Any]) -> None:
    """An effect in the database that would fail if it happened twice."""
    session.add(WorkerRow(id=payload["event_id"], host="", pid=payload["number"]))
    session.flush()


def _fail(session: Session, event: str, payload: dict[str, Any]) -> None:
    _effect(session, event, payload)
    raise ValueError("out of order")


def _effects(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WorkerRow))


def _row(session: Session) -> OutboxRow:
    return session.scalars(select(OutboxRow).execution_options(populate_existing=True)).one()


def test_event_belongs_to_the_transaction_it_tells_about(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), write(session):
        emit(session, "on_saved", {"number": 1}, ["plugin"])
        raise ZeroDivisionError
    assert deliver_due(session, utcnow(), {"plugin": _effect}) == Delivered()


def test_event_is_delivered_once_with_its_id(session: Session) -> None:
    told: list[tuple[str, dict[str, Any]]] = []

    def handler(_session: Session, event: str, payload: dict[str, Any]) -> None:
        told.append((event, payload))

    event_id = _emit(session, "plugin")
    for _ in range(2):
        deliver_due(session, utcnow(), {"plugin": handler})
    assert told == [("on_saved", {"number": 1, "event_id": event_id})]
    assert _row(session).done_at is not None


def test_without_subscribers_nothing_is_written(session: Session) -> None:
    assert _emit(session)
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_a_failing_subscriber_disturbs_nobody(session: Session) -> None:
    _emit(session, "bad", "good")
    _emit(session, "good", number=2)
    outcome = deliver_due(session, utcnow(), {"bad": _fail, "good": _effect})
    assert outcome == Delivered(done=2, failed=1)
    # What the failing one had written is gone.
    assert _effects(session) == 2


def test_many_events_take_no_more_statements_than_few(session: Session) -> None:
    def statements(number: int) -> int:
        with write(session):
            for place in range(number):
                emit(session, "on_saved", {"number": place}, ["plugin"])
        made: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            made.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        try:
            done = deliver_due(session, utcnow(), {"plugin": lambda *_arguments: None}).done
        finally:
            event.remove(engine, "before_cursor_execute", count)
        assert done == number
        return len(made)

    assert statements(50) == statements(1)


def test_one_that_fails_among_many_leaves_the_others_their_effects(session: Session) -> None:
    def handler(session: Session, event: str, payload: dict[str, Any]) -> None:
        (_fail if payload["number"] == 7 else _effect)(session, event, payload)

    with write(session):
        for number in range(20):
            emit(session, "on_saved", {"number": number}, ["plugin"])
    assert deliver_due(session, utcnow(), {"plugin": handler}) == Delivered(done=19, failed=1)
    assert sorted(session.scalars(select(WorkerRow.pid))) == [*range(7), *range(8, 20)]
    rows = session.scalars(select(OutboxRow).execution_options(populate_existing=True)).all()
    assert all(row.attempts == 1 for row in rows)


def test_what_one_has_added_the_next_one_finds(session: Session) -> None:
    found: list[int] = []

    def handler(session: Session, _event: str, payload: dict[str, Any]) -> None:
        found.append(_effects(session))
        session.add(WorkerRow(id=payload["event_id"], host="", pid=1))

    for number in range(3):
        _emit(session, "plugin", number=number)
    deliver_due(session, utcnow(), {"plugin": handler})
    assert found == [0, 1, 2]


def test_failure_is_tried_again_later_until_it_works(session: Session) -> None:
    _emit(session, "plugin")
    now = utcnow()
    for attempt in range(1, 4):
        assert deliver_due(session, now, {"plugin": _fail}).failed == 1
        assert deliver_due(session, now, {"plugin": _fail}) == Delivered()
        row = _row(session)
        assert (row.attempts, row.last_error) == (attempt, "ValueError: out of order")
        assert row.next_try_at == now + outbox.wait_before(attempt)
        now = row.next_try_at
    assert deliver_due(session, now, {"plugin": _effect}).done == 1
    assert _effects(session) == 1


def test_it_gives_up_in_the_end(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 2)
    _emit(session, "plugin")
    later = utcnow() + dt.timedelta(days=1)
    assert deliver_due(session, utcnow(), {"plugin": _fail}).failed == 1
    assert deliver_due(session, later, {"plugin": _fail}).given_up == 1
    assert deliver_due(session, later, {"plugin": _effect}) == Delivered()
    row = _row(session)
    assert (row.done_at, row.next_try_at) == (None, None)


def test_events_wait_for_a_plugin_that_is_switched_off(session: Session) -> None:
    _emit(session, "plugin")
    assert deliver_due(session, utcnow(), {"other": _effect}) == Delivered()
    assert deliver_due(session, utcnow(), {}) == Delivered()
    assert _row(session).attempts == 0
    assert deliver_due(session, utcnow(), {"plugin": _effect}).done == 1


def test_a_subscriber_may_start_a_job_once(session: Session) -> None:
    def handler(session: Session, _event: str, payload: dict[str, Any]) -> None:
        enqueue(session, SYSTEM, "mail", {}, title="Mail", key=payload["event_id"])

    _emit(session, "plugin")
    deliver_due(session, utcnow(), {"plugin": handler})
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_death_in_the_middle_leaves_the_event_undelivered(session: Session) -> None:
    """SystemExit stands for a killed process: it leaves the transaction without an answer."""

    def handler(session: Session, event: str, payload: dict[str, Any]) -> None:
        _effect(session, event, payload)
        raise SystemExit

    _emit(session, "plugin")
    with pytest.raises(SystemExit):
        deliver_due(session, utcnow(), {"plugin": handler})
    assert _effects(session) == 0
    assert deliver_due(session, utcnow(), {"plugin": _effect}).done == 1


def test_two_workers_deliver_each_event_once(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    with write(session):
        for number in range(200):
            emit(session, "on_saved", {"number": number}, ["plugin"])
    outcomes: list[Delivered] = []
    now = utcnow()

    def work() -> None:
        with sessions() as own:
            outcomes.append(deliver_due(own, now, {"plugin": _effect}))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome.done for outcome in outcomes) == 200
    assert sum(outcome.failed for outcome in outcomes) == 0
    assert _effects(session) == 200


def test_who_is_about_to_end_leaves_the_rest(session: Session) -> None:
    with write(session):
        for number in range(2 * outbox.BATCH):
            emit(session, "on_saved", {"number": number}, ["plugin"])
    quick = {"plugin": lambda *_arguments: None}
    with stopping_when(lambda: True):
        assert deliver_due(session, utcnow(), quick).done == outbox.BATCH
    assert deliver_due(session, utcnow(), quick).done == outbox.BATCH
