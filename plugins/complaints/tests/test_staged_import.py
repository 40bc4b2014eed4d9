"""All rows of a file or none: hidden while they are written, then seen at once or never."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update

from app.access.actor import SYSTEM
from app.access.audit import verify_chain
from app.access.models import AuditEntry
from app.database import db, metadata, utcnow, write
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.sweeping import sweep
from app.jobs.context import JobCancelled
from app.jobs.models import CANCELLED, DONE, FAILED, Job, OutboxRow, WorkerRow
from app.jobs.outbox import deliver_due
from app.jobs.recovery import recover as recover_jobs
from app.jobs.runner import EXTENSION, run_job
from app.jobs.services import STALE_AFTER
from app.notices.models import Notice
from app.records.importing import running, staging
from app.records.importing.all_or_nothing import AnotherImport, recover
from app.records.importing.fields import SKIP, UPDATE
from app.records.importing.models import StagedImport, StagedRecords
from app.records.importing.reports import WRITTEN
from app.records.importing.running import ALL, GOOD, Import
from app.records.importing.tables import Table
from app.records.importing.uploads import store
from app.records.models import SearchDocument
from app.records.services import restore
from app.sdk.importing import start_import, suggest, upload_folder
from config import ROOT
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.tests.helpers import department

HEADER = "投诉编号,投诉日期,投诉渠道,客户姓名,联系电话,投诉理由,投诉要求"
ROW = "S-{n},2026-03-{day:02},{channel},王小明,13812345678,提前还款被收取违约金。,退还违约金"
# Names come and go with every request, numbers stay taken, and the trail tells all of it.
NOT_COMPARED = {"access_audit", "records_counter", "access_session", "access_sign_in_attempt",
                "records_staged_import", "ab_user", "jobs_job", "jobs_worker"}


def table_of(rows: int, channel: str = "电话") -> str:
    """Return a file of this many open complaints of March."""
    lines = [ROW.format(n=n, day=n % 28 + 1, channel=channel) for n in range(rows)]
    return "\n".join([HEADER, *lines])


@dataclasses.dataclass
class Desk:
    """Somebody who imports files of complaints."""

    house: Any
    folder: Any

    def read(
        self, rows: str, mode: str = ALL, progress: Callable[[int, int], None] | None = None,
        **more: Any,
    ) -> Any:
        """Import a file with this content for the department of customer service."""
        path = self.folder / "ours.csv"
        path.write_text(rows, encoding="utf-8")
        table = Table.open(path)
        actor = dataclasses.replace(SYSTEM, department_id=department(self.house, "CS"))
        self.house.session.rollback()
        return Import(
            table=table, importer=IMPORTER, mapping=suggest(IMPORTER, table.header), mode=mode,
            rejects=self.folder / "rejects.csv", zone=zoneinfo.ZoneInfo("Asia/Shanghai"),
            file_name="ours.csv", **more,
        ).run(self.house.session, actor, progress or (lambda _done, _total: None))


@pytest.fixture
def desk(house, tmp_path, monkeypatch) -> Desk:
    monkeypatch.setattr(running, "BATCH", 4)
    return Desk(house, tmp_path)


def everything(house) -> dict[str, int]:
    """Return the number of rows of every table."""
    house.session.rollback()
    found = {
        table.name: house.session.scalar(select(func.count()).select_from(table))
        for table in metadata().sorted_tables if table.name not in NOT_COMPARED
    }
    if house.session.get_bind().dialect.name == "sqlite":
        words = text("SELECT count(*) FROM records_search_fts")
        found["words"] = house.session.scalar(words)
    house.session.rollback()
    return found


def complaints(house) -> list[Complaint]:
    house.session.rollback()
    house.session.expire_all()
    return list(house.session.scalars(select(Complaint).order_by(Complaint.id)))


def deliver(house) -> None:
    """Do what the worker's schedules do with deadlines and events."""
    house.session.rollback()
    sweep(house.session, utcnow())
    deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)


def test_nothing_is_seen_before_it_is_whole_and_then_all_of_it(house, desk):
    client = house.client("supervisor")
    looks = 0

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
        assert house.session.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_not(None))) == 0
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


def test_one_of_a_kind_at_a_time(house, desk):
    def another(done: int, total: int) -> None:
        if done > total // 2 and done < total:
            for mode in (ALL, GOOD):
                with pytest.raises(AnotherImport):
                    desk.read(table_of(2).replace("S-", "Other-"), mode)

    assert desk.read(table_of(10), progress=another).created == 10
    assert len(complaints(house)) == 10


# --- as a job --------------------------------------------------------------------------------
def ask(house, rows: str, mode: str = ALL, **more: Any) -> int:
    """Ask for an import as the supervisor does, and return the job."""
    house.session.rollback()
    folder = upload_folder(house.app.config["CARELINE_SETTINGS"])
    token = store(folder, io.BytesIO(rows.encode()), 5)
    table = Table.open(folder / token)
    return start_import(
        house.session, house.actor("supervisor"), IMPORTER, folder, token, file_name="ours.csv",
        mapping=suggest(IMPORTER, table.header), mode=mode, **more,
    ).id


def do(house, job_id: int, worker: str = "w1") -> Job:
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], worker, job_id)
    house.session.rollback()
    return house.session.get(Job, job_id, populate_existing=True)


KILLED = """
import sys, time
from app import create_app
from app.jobs.runner import EXTENSION, run_job
from app.records.importing import running, all_or_nothing
running.BATCH = 4
step = sys.argv[2]
def slowly(name):
    kept = getattr(all_or_nothing.AllOrNothing, name)
    def work(self, *arguments):
        print(name, flush=True)
        if name == step:
            time.sleep(60)
        return kept(self, *arguments)
    setattr(all_or_nothing.AllOrNothing, name, work)
slowly("decide")
slowly("end")
app = create_app()
with app.app_context():
    run_job(app.extensions[EXTENSION], "killed", int(sys.argv[1]))
"""


@contextlib.contextmanager
def killed_at(house, environment: dict[str, str], job_id: int, step: str) -> Iterator[None]:
    """Run a job in a process that is killed when it comes to a step."""
    house.session.rollback()
    with write(house.session):
        house.session.add(WorkerRow(id="killed", host="", pid=1))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(job_id), step], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, text=True,
    )
    try:
        for line in process.stdout:
            if line.strip() == step:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        yield
    finally:
        process.kill()
        process.stdout.close()


def take_up(house, job_id: int) -> None:
    """Let a minute pass without a sign of life, and the worker's sweep find the job."""
    house.session.rollback()
    with write(house.session):
        house.session.execute(
            update(WorkerRow).values(seen_at=utcnow() - 2 * STALE_AFTER))
    queue = house.app.extensions[EXTENSION].queue
    assert recover_jobs(house.session, queue, utcnow()).requeued == 1


@pytest.mark.parametrize("step", ["decide", "end"])
def test_a_killed_import_is_done_again_and_every_row_is_there_once(house, environment, step):
    job_id = ask(house, table_of(10))
    with killed_at(house, environment, job_id, step):
        rows = complaints(house)
        shown = [one for one in rows if one.deleted_at is None]
        assert (len(rows), len(shown)) == (10, 0 if step == "decide" else 10)
        take_up(house, job_id)
        # The sweep leaves to the job what the job will do.
        assert recover(house.session, utcnow()) == 0
        job = do(house, job_id)
    assert (job.state, job.result["created"], job.result["rows"]) == (DONE, 10, 10)
    rows = complaints(house)
    assert [one.external_id for one in rows] == [f"S-{n}" for n in range(10)]
    assert all(one.deleted_at is None for one in rows)
    assert house.session.scalar(select(func.count()).select_from(SearchDocument).where(
        SearchDocument.record_type == Complaint.__record_type__)) == 10
    assert house.session.scalars(select(StagedRecords)).all() == []


@pytest.mark.parametrize("state", [CANCELLED, FAILED])
def test_a_killed_import_that_nobody_takes_up_is_taken_back(house, environment, state):
    before = everything(house)
    job_id = ask(house, table_of(10, "意见箱"))
    with killed_at(house, environment, job_id, "decide"):
        assert len(complaints(house)) == 10
        house.session.rollback()
        with write(house.session):
            house.session.execute(update(Job).values(state=state, finished_at=utcnow()))
        assert recover(house.session, utcnow()) == 1
    assert everything(house) == before
    assert recover(house.session, utcnow()) == 0


def test_an_import_that_was_decided_is_revealed_though_its_job_is_over(house, environment):
    job_id = ask(house, table_of(10))
    with killed_at(house, environment, job_id, "end"):
        house.session.rollback()
        with write(house.session):
            # As if it had been killed before anything was shown.
            staged = house.session.scalars(select(StagedImport)).one()
            house.session.execute(update(Complaint.__table__).values(
                deleted_at=staging.hidden_mark(staged.id)))
            house.session.execute(update(Job).values(state=FAILED, finished_at=utcnow()))
        assert recover(house.session, utcnow()) == 1
    assert [one.deleted_at for one in complaints(house)] == [None] * 10


def test_an_import_by_a_command_that_was_killed_is_taken_back_after_a_while(house, desk):
    before = everything(house)
    with house.session.no_autoflush, write(house.session):
        house.session.add(StagedImport(
            importer=IMPORTER.name, change_set="x", written_at=utcnow()))
    assert recover(house.session, utcnow()) == 0
    assert recover(house.session, utcnow() + dt.timedelta(minutes=11)) == 1
    assert everything(house) == before


def test_a_second_import_of_a_kind_waits_its_turn(house):
    with write(house.session):
        house.session.add(StagedImport(importer=IMPORTER.name, job_id=987, change_set="x"))
    job = do(house, ask(house, table_of(2)))
    assert job.state == "queued" and job.next_try_at is not None and "waits" in job.error


# --- what is already overdue -------------------------------------------------------------------
@pytest.mark.parametrize("mode", [ALL, GOOD])
def test_what_comes_in_overdue_is_one_notice_for_each_person(house, mode):
    job = do(house, ask(house, table_of(30), mode))
    assert job.result["created"] == 30
    for _ in range(3):
        deliver(house)
    house.session.rollback()
    notices = house.session.scalars(select(Notice).where(Notice.kind == "deadline")).all()
    assert notices
    people = [notice.user_id for notice in notices]
    assert len(people) == len(set(people))
    told = house.session.scalars(select(ClockEventRow)).all()
    assert len(told) > len(notices)
    for notice in notices:
        assert notice.text_values["file"] == "ours.csv"
        assert 0 < notice.text_values["passed"] <= len(told)
    reader = house.session.execute(
        text("SELECT username FROM ab_user WHERE id = :id"), {"id": people[0]}).scalar_one()
    page = house.client(reader).get("/notices/").text
    assert "ours.csv" in page


def test_what_falls_due_later_is_told_one_by_one(house):
    today = utcnow().astimezone(zoneinfo.ZoneInfo("Asia/Shanghai")).date()
    rows = table_of(2).replace("2026-03-01", str(today)).replace("2026-03-02", str(today))
    do(house, ask(house, rows))
    deliver(house)
    house.session.rollback()
    last = house.session.scalar(select(func.max(ClockRow.next_event_at)))
    house.session.rollback()
    written = sweep(house.session, last + dt.timedelta(seconds=1))
    assert written > 0
    deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)
    house.session.rollback()
    for notice in house.session.scalars(select(Notice).where(Notice.kind == "deadline")):
        assert notice.record_id is not None and "file" not in notice.text_values


# --- short locks -------------------------------------------------------------------------------
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [ALL, GOOD])
def test_no_transaction_of_an_import_holds_the_lock_for_long(house, mode):
    begun: list[float] = []
    held: list[float] = []

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("careline_write"):
            begun[:] = [time.monotonic()]

    def end(_connection: Any) -> None:
        if begun:
            held.append(time.monotonic() - begun.pop())

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
    # On a busy machine one portion may be interrupted; as a rule they are short.
    assert len(held) >= 8
    assert held[len(held) // 2] < 0.25, held
