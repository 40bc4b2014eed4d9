"""Events of one record reach a subscriber in their order, whatever fails or runs beside."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import threading
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import utcnow, write
from app.jobs.models import OutboxRow, WorkerRow
from app.jobs.outbox import Delivered, deliver_due, emit
from tests.services.choosing import further

pytestmark = pytest.mark.both_databases


RECORDS, EVENTS = 4, 8


def _emit_all(session: Session, order: list[int], *subscribers: str) -> None:
    counted: dict[int, int] = defaultdict(int)
    for record in order:
        counted[record] += 1
        with write(session):
            emit(session, "on_saved", {"record_type": "x.y", "record_id": record,
                                       "number": counted[record]}, subscribers)


def _shuffled(seed: int) -> tuple[random.Random, list[int]]:
    source = random.Random(seed)
    order = [record for record in range(RECORDS) for _ in range(EVENTS)]
    source.shuffle(order)
    return source, order


@pytest.mark.parametrize("seed", [0, *map(further, range(1, 5))])
def test_failures_change_no_order(session: Session, seed: int) -> None:
    source, order = _shuffled(seed)
    calls = itertools.count()

    def handler(name: str) -> Any:
        def handle(session: Session, _event: str, payload: dict[str, Any]) -> None:
            # In the database, where an effect would fail if it happened twice.
            session.add(WorkerRow(id=f"{name} {payload['record_id']} {payload['number']}",
                                  host="", pid=next(calls)))
            session.flush()
            if source.random() < 0.3:
                raise ValueError("not now")
        return handle

    _emit_all(session, order, "one", "two")
    now, handlers = utcnow(), {name: handler(name) for name in ("one", "two")}
    for _ in range(200):
        deliver_due(session, now, handlers)
        now += dt.timedelta(hours=1)
    heard: dict[tuple[str, int], list[int]] = defaultdict(list)
    for one in session.scalars(select(WorkerRow.id).order_by(WorkerRow.pid)):
        name, record, number = one.split()
        heard[name, int(record)].append(int(number))
    assert heard == {(name, record): list(range(1, EVENTS + 1))
                     for name in ("one", "two") for record in range(RECORDS)}


def test_several_workers_change_no_order(session: Session) -> None:
    _, order = _shuffled(7)
    _emit_all(session, order, "one")
    heard: dict[int, list[int]] = defaultdict(list)
    engine, lock = session.get_bind(), threading.Lock()

    def handle(_session: Session, _event: str, payload: dict[str, Any]) -> None:
        with lock:
            heard[payload["record_id"]].append(payload["number"])

    def work() -> None:
        with sessionmaker(engine, expire_on_commit=False)() as own:
            for _ in range(20):
                deliver_due(own, utcnow(), {"one": handle})

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {record: list(range(1, EVENTS + 1)) for record in range(RECORDS)}


def test_what_waits_behind_another_worker_ends_the_round(session: Session) -> None:
    """An event that may not go yet must not keep a worker busy."""
    _emit_all(session, [1, 1], "one")

    def fails(_session: Session, _event: str, _payload: dict[str, Any]) -> None:
        raise ValueError("not now")

    assert deliver_due(session, utcnow(), {"one": fails}) == Delivered(failed=1)
    left = session.scalars(
        select(OutboxRow.attempts).order_by(OutboxRow.id)
        .execution_options(populate_existing=True)).all()
    assert left == [1, 0]


def test_events_without_a_record_wait_for_nothing(session: Session) -> None:
    heard: list[int] = []

    def handle(_session: Session, _event: str, payload: dict[str, Any]) -> None:
        if payload["number"] == 1:
            raise ValueError("not now")
        heard.append(payload["number"])

    for number in (1, 2):
        with write(session):
            emit(session, "on_saved", {"number": number}, ["one"])
    deliver_due(session, utcnow(), {"one": handle})
    assert heard == [2]
