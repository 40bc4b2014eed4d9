"""Imports of all rows or none as jobs: killed, taken up, taken back; and who is told of what is overdue."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text, update

from app.database import utcnow, write
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.sweeping import sweep
from app.jobs.models import CANCELLED, DONE, FAILED, Job, WorkerRow
from app.jobs.outbox import deliver_due
from app.jobs.recovery import recover as recover_jobs
from app.jobs.runner import EXTENSION
from app.jobs.services import STALE_AFTER
from app.notices.models import Notice
from app.records.importing import running, staging
from app.records.importing.all_or_nothing import recover
from app.records.importing.fields import ADD
from app.records.importing.models import StagedImport, StagedRecords
from app.records.importing.running import ALL, GOOD
from app.records.models import SearchDocument
from config import ROOT
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Complaint
from plugins.complaints.tests.staged import Desk, ask, complaints, deliver, do, everything, table_of


@pytest.fixture
def desk(house, tmp_path, monkeypatch) -> Desk:
    monkeypatch.setattr(running, "BATCH", 4)
    return Desk(house, tmp_path)


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


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["decide", pytest.param("end", marks=pytest.mark.further)])
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


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [CANCELLED, pytest.param(FAILED, marks=pytest.mark.further)])
def test_a_killed_import_that_nobody_takes_up_is_taken_back(house, environment, state):
    before = everything(house)
    # A new channel is added by whoever may change the list.
    job_id = ask(house, table_of(10, "意见箱"), who="admin",
                 decisions={"channel": {"意见箱": ADD}})
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
@pytest.mark.parametrize("mode", [ALL, pytest.param(GOOD, marks=pytest.mark.further)])
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
    # Late in the day some deadlines of the file have passed already: these are told together.
    told = house.session.scalar(select(func.max(Notice.id))) or 0
    last = house.session.scalar(select(func.max(ClockRow.next_event_at)))
    house.session.rollback()
    written = sweep(house.session, last + dt.timedelta(seconds=1))
    assert written > 0
    deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)
    house.session.rollback()
    for notice in house.session.scalars(
            select(Notice).where(Notice.kind == "deadline", Notice.id > told)):
        assert notice.record_id is not None and "file" not in notice.text_values
