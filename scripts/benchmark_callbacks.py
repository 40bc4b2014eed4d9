"""Measures callbacks and customers on generated ones: pages, the share-out, and an import.

    python -m scripts.benchmark_callbacks --customers 200000 --callbacks 1000000

makes an installation in a temporary folder and adds that many of both as rows of the database,
indexed for search. It prints Markdown tables: of each page the SQL statements of one request and
CPU time of the web server (median and 95 of 100, and the median as a multiple of a floor, see
``scripts.benchmark``); of a share-out of ``--shared`` callbacks the time to decide and to write;
of an import of ``--imported`` customers the seconds of its check and its run, and the most memory
of the worker. ``--folder`` keeps the installation there and takes it again. Linux only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config import ROOT, Settings
from scripts.benchmark import Page, kept_installation, statements_of
from scripts.measuring import cpu_seconds, getting, interleaved, serving, sign_in

USERNAME = "agent"
BATCH = 5000
OPEN_SHARE = 0.02
GRADES = ("A", "B", "C")
_NAMES = (("王", "李", "张", "刘", "陈", "杨", "赵", "黄"),
          ("小明", "丽华", "建国", "秀英", "志强", "婷婷"))
_SUBJECTS = ("交车后满意度回访", "维修保养后满意度回访", "续保提醒", "保养提醒", "投诉处理后回访")
_LINES = "| {} | s | CPU, s | MB |\n| --- | ---: | ---: | ---: |"


def main(arguments: list[str] | None = None) -> int:
    """Measure; return 1 where a page makes more statements than it may."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--callbacks", type=int, default=1_000_000)
    parser.add_argument("--shared", type=int, default=100_000)
    parser.add_argument("--imported", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100,
                        help="requests for each page; 100; 0 leaves the pages out")
    parser.add_argument("--folder", type=Path, help="keeps the installation there; none is kept")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="careline-callbacks-") as name:
        folder = (chosen.folder or Path(name)).resolve()
        environment = kept_installation(folder, "", 100)
        os.environ.update(environment)
        from app import create_app

        application = create_app(Settings.from_environment(environment))
        with application.app_context():
            fill(chosen.customers, chosen.callbacks)
        over = bool(chosen.times) and _pages(folder, environment, application, chosen.times)
        if chosen.shared:
            with application.app_context():
                _share_out(chosen.shared)
        if chosen.imported:
            _import(folder, environment, application, chosen.imported)
    return int(over)


# --- what is measured on ------------------------------------------------------------------------
def fill(customers: int, callbacks: int) -> None:
    """Add generated customers and callbacks until there are so many, in batches.

    Args:
        customers: how many there are afterwards, at least.
        callbacks: likewise.
    """
    from app.database import db
    from app.metrics import rebuilding
    from app.sdk.models import Customer
    from plugins.callbacks.models import Task

    random_, before = random.Random(1), _number(Task)
    for model, rows, wanted in (
            (Customer, _customers, customers), (Task, _Callbacks(db.session, random_), callbacks)):
        there = _number(model)
        while there < wanted:
            size = min(BATCH, wanted - there)
            _insert(db.session, model, rows(random_, size, there))
            there += size
            if there % 100_000 == 0 or there == wanted:
                print(f"{there:,} of {model.__name__}", file=sys.stderr, flush=True)
    if _number(Task) > before:
        # Cheaper in one go than with each batch.
        rebuilding.rebuild(db.session)


def _number(model: Any) -> int:
    from sqlalchemy import func, select

    from app.database import db

    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _insert(session: Any, model: Any, rows: list[dict[str, Any]]) -> None:
    from sqlalchemy import insert

    from app.sdk.services import index_many, next_numbers, reserve_ids, search_document, write

    with write(session):
        keys = reserve_ids(session, model, len(rows))
        for row, key, number in zip(rows, keys, next_numbers(session, model, len(rows)),
                                    strict=True):
            row |= {"id": key, "number": number, "version": 1, "extra": {}}
        session.execute(insert(model.__table__), rows)
        index_many(session, [
            (model.__record_type__, row["id"], row["number"], row[model.__title_field__],
             search_document(model, row)) for row in rows])


def _customers(random_: random.Random, size: int, first: int) -> list[dict[str, Any]]:
    now = dt.datetime.now(dt.UTC)
    found = []
    for place in range(first, first + size):
        at = now - dt.timedelta(minutes=random_.randrange(3 * 365 * 24 * 60))
        found.append({
            "name": random_.choice(_NAMES[0]) + random_.choice(_NAMES[1]),
            "phone": f"13{place:09}", "grade": random_.choice(GRADES),
            "created_at": at, "updated_at": at})
    return found


class _Callbacks:
    """Makes rows of callbacks: a few are open and due, the others were made over two years."""

    def __init__(self, session: Any, random_: random.Random) -> None:
        from sqlalchemy import select

        from app.sdk.models import Customer
        from app.sdk.people import members
        from app.sdk.services import workflow_in_force
        from plugins.callbacks.models import CallbackPurpose, Outcome, Script
        from plugins.callbacks.workflow import TASK_WORKFLOW, VIEW

        self._session = session
        self._people = members(session, can=("can_edit", VIEW), present=False)
        self._purposes = session.scalars(select(CallbackPurpose.id)).all()
        self._outcomes = session.scalars(select(Outcome.id).order_by(Outcome.id)).all()
        self._script = session.scalar(select(Script.id).where(
            Script.code == "delivery", Script.language == "zh"))
        self._workflow = workflow_in_force(session, TASK_WORKFLOW.name)
        self._of_customers = select(Customer.id, Customer.name, Customer.phone)
        self._customers: list[Any] = []

    def __call__(self, random_: random.Random, size: int, first: int) -> list[dict[str, Any]]:
        """Return so many rows."""
        self._customers = self._customers or self._session.execute(self._of_customers).all()
        return [self._row(random_) for _ in range(size)]

    def _row(self, random_: random.Random) -> dict[str, Any]:
        now, customer = dt.datetime.now(dt.UTC), random_.choice(self._customers)
        is_open, person = random_.random() < OPEN_SHARE, random_.choice(self._people)
        at = now - dt.timedelta(minutes=random_.randrange(
            60, (3 if is_open else 2 * 365) * 24 * 60))
        was_reached = not is_open and random_.random() < 0.8
        return {
            "subject": random_.choice(_SUBJECTS), "customer_id": customer.id,
            "customer_name": customer.name, "contact": customer.phone,
            "purpose_id": random_.choice(self._purposes), "script_id": self._script,
            "priority": random_.choice(("urgent", "normal", "normal", "low")),
            "state": "open" if is_open else "closed", "is_open": is_open,
            "workflow_id": self._workflow, "owner_id": person.user_id,
            "team_id": person.team_id, "department_id": person.department_id,
            "due_from": at, "due_until": at + dt.timedelta(days=3), "created_at": at,
            "updated_at": at, "tries": int(not is_open),
            "last_tried_at": None if is_open else at, "closed_at": None if is_open else at,
            "days_to_first": None if is_open else 0, "was_reached": was_reached,
            "outcome_id": None if is_open else self._outcomes[0 if was_reached else 1],
            "satisfaction": random_.choice(("satisfied", "fair")) if was_reached else "",
        }


# --- pages --------------------------------------------------------------------------------------
def pages(application: Any) -> list[Page]:
    """Return the pages to measure, with addresses that lead into the middle of the data."""
    from sqlalchemy import func, select

    from app.database import db
    from app.sdk.models import Customer
    from plugins.callbacks.models import Task

    with application.app_context():
        mine = _user(USERNAME)
        task = db.session.execute(
            select(Task.id, Task.customer_id).where(Task.is_open, Task.owner_id == mine)
            .order_by(Task.id).limit(1)).one()
        phone = db.session.scalars(select(Customer.phone).where(
            Customer.id >= (db.session.scalar(select(func.max(Customer.id))) or 0) // 2,
            Customer.phone != "").order_by(Customer.id).limit(1)).one()
        digits = str(phone)[-4:]
    return [
        Page("page of a call", f"/callbacks/call/task/{task.id}", 12, 3.5),
        Page("page of a customer", f"/customers/show/{task.customer_id}", 12, 3.5),
        Page("record page of a callback", f"/callbacks/show/{task.id}", 12, 3.5),
        Page("list of callbacks, open, 25 rows", "/callbacks/list/?size=25", 8, 3),
        Page("list of callbacks, all, 25 rows", "/callbacks/list/?all=1&size=25", 8, 3),
        Page("list of customers, 25 rows", "/customers/list/?all=1&size=25", 8, 3),
        Page("customers by the last digits of the phone",
             f"/customers/list/?all=1&size=25&q={digits}", 8, 3),
        Page("the next callback", "/callbacks/call"),
        Page("figures of callbacks, this month", "/callbacks/figures"),
        Page("coverage of members, this month", "/callbacks/coverage"),
    ]


def _user(username: str) -> int:
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.database import db

    return db.session.scalars(select(User.id).where(User.username == username)).one()


def _pages(folder: Path, environment: Mapping[str, str], application: Any, times: int) -> bool:
    """Print the table of the pages; return whether one makes more statements than it may."""
    beside, over = {**environment, "CARELINE_VAR_DIR": str(folder / "floor")}, False
    print("\n| page | statements | at most | CPU, ms: p50 | p95 | times the floor | at most |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with (
        serving("scripts.benchmark:floor_application()", beside, folder / "floor.log") as bare,
        serving("app:create_app()", environment, folder / "web.log") as server,
    ):
        headers = sign_in(server, USERNAME, environment["CARELINE_DEMO_PASSWORD"])
        for page in pages(application):
            found = interleaved({
                "product": (server, getting(server, page.path, headers, (200, 302))),
                "floor": (bare, getting(bare, "/", {})),
            }, times)
            made = statements_of(application, headers, page.path, (200, 302))
            is_over = page.most_statements is not None and made > page.most_statements
            over = over or is_over
            spent = found["product"]
            print(f"| {page.title} | {made}{' (over)' if is_over else ''} "
                  f"| {page.most_statements or ''} | {spent.median:.1f} | {spent.p95:.1f} "
                  f"| {spent.median / found['floor'].median:.1f} "
                  f"| {page.most_times or ''} |", flush=True)
    return over


# --- share-out ----------------------------------------------------------------------------------
def _share_out(number: int) -> None:
    """Print how long a share-out of so many callbacks takes to decide, and one run to write."""
    from unittest import mock

    from sqlalchemy import select, update

    from app.database import db
    from app.sdk.services import SYSTEM, write
    from plugins.callbacks import sharing
    from plugins.callbacks.models import Task

    table = Task.__table__
    chosen = select(Task.id).order_by(Task.id.desc()).limit(number)
    with write(db.session):
        # Past the guard of states: these callbacks are made up.
        db.session.connection().execute(update(table).where(table.c.id.in_(chosen)).values(
            owner_id=None, is_open=True, state="open", last_tried_at=None, closed_at=None))
    print("\n" + _LINES.format("share-out"))
    with mock.patch.object(sharing, "MOST_AT_ONCE", number), mock.patch.object(
            sharing, "setting", lambda _session, _name: number):
        with _Timed(f"{number:,} callbacks read and decided"):
            groups = sharing.plan(db.session, SYSTEM)
        print(f"  of them given to somebody: {sum(sum(one.shares.values()) for one in groups):,}",
              file=sys.stderr)
    # What was read is let go: a session looks through all that it holds at each write.
    del groups
    db.session.rollback()
    db.session.expunge_all()
    with (
        mock.patch.object(sharing, "setting", lambda _session, _name: number),
        _Timed(f"a run of the schedule, {sharing.MOST_AT_ONCE:,} decided and written"),
    ):
        sharing.give(db.session, SYSTEM, sharing.plan(db.session, SYSTEM))


class _Timed:
    """Print seconds and CPU of a block."""

    def __init__(self, title: str) -> None:
        self._title = title

    def __enter__(self) -> None:
        self._begun, self._cpu = time.monotonic(), time.process_time()

    def __exit__(self, *_error: object) -> None:
        print(f"| {self._title} | {time.monotonic() - self._begun:.1f} "
              f"| {time.process_time() - self._cpu:.1f} | |", flush=True)


# --- import -------------------------------------------------------------------------------------
def _import(
    folder: Path, environment: Mapping[str, str], application: Any, number: int
) -> None:
    """Print how long the check and the run of an import of customers take, and their memory."""
    path = folder / "customers.csv"
    path.write_text("名称,电话,客户等级,地址,邮箱\n" + "".join(
        f"客户{place},15{place:09},{GRADES[place % 3]},上海市第{place}号,c{place}@example.com\n"
        for place in range(number)), encoding="utf-8-sig")
    print("\n" + _LINES.format(f"import of {number:,} customers"))
    for mode, title in (("check", "check (dry run)"), ("all", "run")):
        job_id = _ask(application, path, mode)
        begun = time.monotonic()
        for seconds, megabytes in _worked(environment, folder / "worker.log", application, job_id):
            print(f"| {title} | {time.monotonic() - begun:.1f} | {seconds:.1f} "
                  f"| {megabytes:.0f} |", flush=True)


def _ask(application: Any, path: Path, mode: str) -> int:
    from app.access.services import actor_for
    from app.database import db
    from app.records.importing.services import start_import, upload_folder
    from app.records.importing.uploads import store
    from app.sdk.importing import Table, importers, suggest

    with application.app_context():
        actor = actor_for(db.session, _user("admin"))
        assert actor is not None
        importer = importers()["records.core.Customer"]
        to = upload_folder(application.config["CARELINE_SETTINGS"])
        with path.open("rb") as stream:
            token = store(to, stream, 100)
        return start_import(
            db.session, actor, importer, to, token, file_name=path.name, mode=mode,
            mapping=suggest(importer, Table.open(to / token).header)).id


def _worked(
    environment: Mapping[str, str], log: Path, application: Any, job_id: int
) -> Iterator[tuple[float, float]]:
    """Run a worker until a job is done; yield its CPU seconds and its most memory in megabytes."""
    from app.database import db
    from app.jobs.models import DONE, FAILED, Job

    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"],
            cwd=ROOT, env=dict(environment), stdout=out, stderr=out)
    try:
        state = ""
        while state not in (DONE, FAILED):
            time.sleep(0.5)
            with application.app_context():
                state = db.session.get_one(Job, job_id).state
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = int(status.split("VmHWM:", 1)[1].split()[0]) / 1024
        if state != DONE:
            raise RuntimeError(f"The import {state}: {log.read_text()[-2000:]}")
        yield cpu_seconds(process.pid), peak
    finally:
        process.terminate()
        process.wait(600)


if __name__ == "__main__":
    raise SystemExit(main())
