"""All rows of a file or none: hidden while they are written, then seen at once or never."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.access.actor import SYSTEM
from app.access.audit import verify_chain
from app.access.models import AuditEntry
from app.database import db, utcnow
from app.deadlines.models import ClockEventRow, ClockRow
from app.jobs.context import JobCancelled
from app.jobs.models import Job, OutboxRow
from app.jobs.runner import EXTENSION, run_job
from app.notices.models import Notice
from app.records.importing import running
from app.records.importing.all_or_nothing import AnotherImport
from app.records.importing.fields import SKIP, UPDATE
from app.records.importing.models import StagedImport
from app.records.importing.reports import WRITTEN
from app.records.importing.running import ALL, GOOD
from app.records.services import restore
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.tests.staged import Desk, ask, complaints, deliver, everything, table_of


@pytest.fixture
def desk(house, tmp_path, monkeypatch) -> Desk:
    monkeypatch.setattr(running, "BATCH", 4)
    return Desk(house, tmp_path)


@pytest.mark.both_databases
def test_nothing_is_seen_before_it_is_whole_and_then_all_of_it(house, desk):
    client = house.client("supervisor")
    looks = 0
    delivered = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_not(None))
    # What the installation itself has made is told first.
    deliver(house)
    before = house.session.scalar(delivered)

    def look(done: int, total: int) -> None:
        nonlocal looks
        house.session.rollback()
        if done <= total // 2 or done == total:
            return
        looks += 1
        hidden = house.session.scalars(select(Complaint.deleted_at)).all()
        assert hidden and all(at is not None and at.year == 1900 for at in hidden)
        pk = house.session.scalar(select(func.min(Complaint.id)))
        deliver(house)
        assert house.session.scalar(select(func.count()).select_from(ClockEventRow)) == 0
        assert house.session.scalar(select(func.count()).select_from(Notice)) == 0
        assert house.session.scalar(delivered) == before
        house.session.rollback()
        assert 'data-row="' not in client.get("/complaints/list/").text
        assert 'data-row="' not in client.get("/complaints/list/?q=违约").text
        assert "提前还款" not in client.get("/search/?q=违约").text
        assert client.get("/api/v1/complaints/").json["count"] == 0
        assert client.get(f"/api/v1/complaints/{pk}").status_code == 404
        assert client.get(f"/complaints/show/{pk}").status_code == 404
        admin = house.client("admin")
        assert "提前还款" not in admin.get("/complaints/bin/").text
        token = admin.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        again = admin.post(f"/complaints/restore/{pk}", headers={"X-CSRFToken": token})
        assert again.status_code == 404
        house.session.rollback()
        record = house.session.get(Complaint, pk)
        restore(house.session, SYSTEM, record)
        assert record.deleted_at.year == 1900
        house.session.rollback()

    report = desk.read(table_of(10), progress=look)
    assert looks >= 2
    assert (report.outcome, report.created) == (WRITTEN, 10)
    assert len(complaints(house)) == 10
    assert client.get("/api/v1/complaints/").json["count"] == 10
    assert 'data-row="' in client.get("/complaints/list/?q=违约").text
    for clock in house.session.scalars(select(ClockRow)):
        assert clock.next_event_at is None or utcnow() < clock.next_event_at < dt.datetime(
            2100, 1, 1, tzinfo=dt.UTC)
    assert house.session.scalar(select(func.count()).select_from(ClockEventRow)) > 0
    assert house.session.scalar(
        select(func.count()).select_from(OutboxRow)
        .where(OutboxRow.next_try_at > utcnow())) == 0
    [change_set] = set(house.session.scalars(
        select(AuditEntry.change_set).where(AuditEntry.action == "import")))
    assert change_set
    assert house.session.scalars(select(StagedImport)).all() == []
    house.session.rollback()
    assert list(verify_chain(house.session)) == []


def stop_at_the_end(error: BaseException) -> Callable[[int, int], None]:
    def stop(done: int, total: int) -> None:
        if total // 2 < done and done >= total - 2:
            raise error

    return stop


@pytest.mark.both_databases
@pytest.mark.parametrize("error", [JobCancelled(), ValueError("broken"), KeyboardInterrupt()])
def test_whatever_stops_it_leaves_nothing(house, desk, error):
    desk.read(table_of(2).replace("S-", "Before-"))
    before = everything(house)
    with pytest.raises(type(error)):
        # A channel that nobody knew is made on the way.
        desk.read(table_of(10, "意见箱"), progress=stop_at_the_end(error))
    assert everything(house) == before
    assert len(complaints(house)) == 2
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "import_taken_back")).one()
    assert entry.changes == {"file": "ours.csv", "records": 8}
    assert house.session.scalar(select(Channel).where(Channel.name == "意见箱")) is None
    house.session.rollback()
    assert list(verify_chain(house.session)) == []
    # The next one begins from nothing.
    assert desk.read(table_of(10, "意见箱")).created == 10


def test_what_is_there_changes_only_with_the_rest(house, desk):
    desk.read(table_of(6))
    changed = table_of(8).replace("提前还款", "催收电话")
    seen: list[str] = []

    def look(done: int, total: int) -> None:
        house.session.rollback()
        seen.extend(house.session.scalars(
            select(Complaint.reason).where(Complaint.deleted_at.is_(None))))
        house.session.rollback()

    report = desk.read(changed, progress=look, on_existing=UPDATE)
    assert (report.created, report.updated, report.skipped) == (2, 6, 0)
    # The last call comes when everything is decided.
    assert seen.count("提前还款被收取违约金。") >= 18
    assert {one.reason for one in complaints(house)} == {"催收电话被收取违约金。"}
    versions = {one.version for one in complaints(house)[:6]}
    again = desk.read(changed, on_existing=UPDATE)
    assert (again.created, again.updated, again.skipped) == (0, 0, 8)
    assert {one.version for one in complaints(house)[:6]} == versions


def test_a_cancelled_import_has_not_changed_what_is_there(house, desk):
    desk.read(table_of(6))
    before = [(one.reason, one.version) for one in complaints(house)]
    with pytest.raises(JobCancelled):
        desk.read(table_of(12).replace("提前还款", "催收电话"), on_existing=UPDATE,
                  progress=stop_at_the_end(JobCancelled()))
    assert [(one.reason, one.version) for one in complaints(house)] == before


@pytest.mark.both_databases
def test_one_of_a_kind_at_a_time(house, desk):
    def another(done: int, total: int) -> None:
        if done > total // 2 and done < total:
            for mode in (ALL, GOOD):
                with pytest.raises(AnotherImport):
                    desk.read(table_of(2).replace("S-", "Other-"), mode)

    assert desk.read(table_of(10), progress=another).created == 10
    assert len(complaints(house)) == 10


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [ALL, pytest.param(GOOD, marks=pytest.mark.further)])
def test_no_transaction_of_an_import_holds_the_lock_for_long(house, mode):
    begun: list[float] = []
    held: list[float] = []

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("careline_write"):
            begun[:] = [time.thread_time()]

    def end(_connection: Any) -> None:
        if begun:
            held.append(time.thread_time() - begun.pop())

    job_id = ask(house, table_of(200), mode, on_existing=SKIP)
    house.session.rollback()
    engine = db.engine
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    try:
        run_job(house.app.extensions[EXTENSION], "w1", job_id)
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "commit", end)
    house.session.rollback()
    assert house.session.get(Job, job_id, populate_existing=True).result["created"] == 200
    held.sort()
    # Not in seconds: a busy machine makes every one of them longer.
    assert len(held) >= 8
    assert max(held) < sum(held) / 3 and held[len(held) // 2] < sum(held) / 6, held
