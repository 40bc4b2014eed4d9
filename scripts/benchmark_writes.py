"""Measures how long people wait for their writes beside a large import.

    python -m scripts.benchmark_writes --rows 60000

makes an installation in a temporary folder, starts a web server and a worker, and imports that
many generated complaints, all or nothing. Once the import writes, several further processes sign
in and save complaints through the web server. The table that it prints tells how many of them
succeeded and how long they took. With ``--cancel`` the import is cancelled then, which takes back
what it has written, instead of being waited for. With ``--database`` the installation is made in
that empty PostgreSQL database. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import http.client
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from config import ROOT, Settings
from scripts.benchmark import installation, load
from scripts.measuring import Server, serving, sign_in

MOST_SECONDS = 2.0
USERNAME = "supervisor"
HEADER = ("投诉编号", "投诉日期", "投诉渠道", "客户姓名", "联系电话", "投诉理由", "投诉要求",
          "是否结案")
# One complaint in so many is still open and begins its workflow; the others are archived.
OPEN_EVERY = 10
IMPORT_WITHIN_SECONDS = 3600


@dataclasses.dataclass(frozen=True, slots=True)
class Write:
    """One write of a person: what it was, whether it succeeded, and its seconds."""

    kind: str
    succeeded: bool
    seconds: float


def generate(path: Path, rows: int) -> None:
    """Write a file of complaints as a department keeps it.

    Args:
        path: where to.
        rows: how many complaints.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow((
                f"B-{number}", f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}", "电话",
                f"客户{number}", f"138{number:08}", f"第{number}次提前还款被收取违约金。",
                "退还违约金", "处理中" if number % OPEN_EVERY == 0 else "已结",
            ))


@contextmanager
def working(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a worker for the length of a block."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"],
            cwd=ROOT, env=dict(environment), stdout=out, stderr=out,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def start(application: Any, path: Path) -> int:
    """Ask for the import as a supervisor does, and return the job.

    Args:
        application: the application in this process.
        path: the file.
    """
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.access.services import actor_for
    from app.database import db
    from app.records.importing.services import start_import, upload_folder
    from app.records.importing.uploads import store
    from app.sdk.importing import ALL, SKIP, Table, importers, suggest

    with application.app_context():
        actor = actor_for(db.session, db.session.scalar(
            select(User.id).where(User.username == USERNAME)))
        assert actor is not None, USERNAME
        importer = importers()["complaints.complaints"]
        folder = upload_folder(application.config["CARELINE_SETTINGS"])
        with path.open("rb") as stream:
            token = store(folder, stream, 100)
        mapping = suggest(importer, Table.open(folder / token).header)
        return start_import(
            db.session, actor, importer, folder, token, file_name=path.name, mapping=mapping,
            mode=ALL, on_existing=SKIP,
        ).id


def job_is(application: Any, job_id: int) -> tuple[str, bool]:
    """Return the state of the import's job, and whether it has begun to write."""
    from sqlalchemy import exists, select

    from app.database import db
    from app.jobs.models import Job
    from app.records.importing.models import StagedRecords

    with application.app_context():
        state = db.session.scalars(select(Job.state).where(Job.id == job_id)).one()
        return state, bool(db.session.scalar(select(exists(select(StagedRecords.id)))))


def open_complaints(application: Any, most: int) -> list[int]:
    """Return keys of open complaints that the supervisor may change."""
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.access.scope import scope_filter
    from app.access.services import actor_for
    from app.database import db
    from plugins.complaints.models import Complaint

    with application.app_context():
        actor = actor_for(db.session, db.session.scalar(
            select(User.id).where(User.username == USERNAME)))
        assert actor is not None, USERNAME
        return list(db.session.scalars(
            select(Complaint.id)
            .where(Complaint.is_open, Complaint.deleted_at.is_(None),
                   scope_filter(actor, Complaint))
            .limit(most)
        ))


class Client:
    """Somebody who signs in and saves complaints, in a process of their own.

    Args:
        port: of the web server.
        password: of the demo people.
        keys: complaints that nobody else changes.
    """

    def __init__(self, port: int, password: str, keys: list[int]) -> None:
        self._server = Server(0, port)
        self._password, self._keys = password, keys
        self._headers = sign_in(self._server, USERNAME, password)
        with closing(self._connection()) as connection:
            connection.request("GET", "/account/", headers=self._headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            # The token of the page belongs to the cookie that came with it.
            cookie = str(answer.getheader("Set-Cookie")).split(";", 1)[0]
        token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        self._headers |= {
            "Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=120)

    def sign_in(self) -> Write:
        """Open the page of the sign-in and sign in."""
        begun = time.perf_counter()
        try:
            sign_in(self._server, USERNAME, self._password)
        except (RuntimeError, OSError, IndexError):
            return Write("sign-in", False, time.perf_counter() - begun)
        return Write("sign-in", True, time.perf_counter() - begun)

    def save(self, turn: int) -> Write:
        """Change one complaint; reading it before is not counted."""
        path = f"/api/v1/complaints/{self._keys[turn % len(self._keys)]}"
        _, body = self._server.get(path, self._headers)
        version = json.loads(body)["result"]["version"]
        change = json.dumps({"version": version, "demand": f"退还违约金，第{turn}次"})
        begun = time.perf_counter()
        with closing(self._connection()) as connection:
            connection.request("PUT", path, change.encode(), self._headers)
            status = connection.getresponse().status
        return Write("save", status == 200, time.perf_counter() - begun)


def act(port: int, password: str, keys: list[int], times: int, pause: float) -> list[Write]:
    """Sign in and save in turn, with a pause in between.

    Args:
        port: of the web server.
        password: of the demo people.
        keys: complaints to change.
        times: how many of each.
        pause: seconds between two turns.
    """
    client = Client(port, password, keys)
    done = []
    for turn in range(times):
        done += [client.sign_in(), client.save(turn)]
        time.sleep(pause)
    return done


def table(writes: Iterable[Write]) -> str:
    """Return what was measured as a Markdown table."""
    lines = ["| | number | succeeded | median, s | 95 %, s | slowest, s |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    by_kind: dict[str, list[Write]] = {}
    for one in writes:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, found in by_kind.items():
        times = sorted(one.seconds for one in found)
        lines.append(
            f"| {kind} | {len(found)} | {sum(one.succeeded for one in found)} "
            f"| {statistics.median(times):.2f} | {times[int(len(times) * 0.95)]:.2f} "
            f"| {times[-1]:.2f} |"
        )
    return "\n".join(lines)


def measure(
    folder: Path, environment: Mapping[str, str], rows: int, clients: int, times: int,
    pause: float, cancel: bool,
) -> tuple[list[Write], str, float]:
    """Import, and write beside it; return the writes, the state meanwhile, and the import's time.

    Args:
        folder: the installation's folder.
        environment: its environment.
        rows: complaints to import.
        clients: processes that sign in and save.
        times: how many sign-ins and saves each of them makes.
        pause: seconds between two turns of one process.
        cancel: whether to cancel the import once all has been written beside it.
    """
    from app import create_app

    application = create_app(Settings.from_environment(environment))
    generate(folder / "complaints.csv", rows)
    keys = open_complaints(application, clients * 10)
    password = environment["CARELINE_DEMO_PASSWORD"]
    with (
        serving("app:create_app()", environment, folder / "web.log") as server,
        working(environment, folder / "worker.log"),
        multiprocessing.get_context("spawn").Pool(clients) as pool,
    ):
        def people(number: int) -> list[Write]:
            found = pool.starmap(act, [
                (server.port, password, keys[place::clients], number, pause)
                for place in range(clients)
            ])
            return [one for writes in found for one in writes]

        print(f"without an import\n\n{table(people(max(1, times // 5)))}\n", flush=True)
        begun = time.monotonic()
        job_id = start(application, folder / "complaints.csv")
        while not job_is(application, job_id)[1]:
            time.sleep(0.2)
            if time.monotonic() - begun > IMPORT_WITHIN_SECONDS:
                raise RuntimeError("The import did not begin to write.")
        writes = people(times)
        meanwhile, _ = job_is(application, job_id)
        print(f"beside an import of {rows:,} rows, {time.monotonic() - begun:.0f} s after its "
              f"start {meanwhile}\n\n{table(writes)}\n",
              flush=True)
        if cancel:
            application.extensions["careline.jobs"].queue.ask_to_cancel(job_id)
        while job_is(application, job_id)[0] in ("queued", "running"):
            time.sleep(0.2)
        seconds = time.monotonic() - begun
        if job_is(application, job_id)[0] not in ("done", "cancelled"):
            raise RuntimeError("The import failed.")
    return writes, meanwhile, seconds


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        arguments: command line without the program's name.

    Returns:
        0, or 1 when a write failed or took too long, or the import was over before they were.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=60_000, help="rows of the import; 60,000")
    parser.add_argument("--clients", type=int, default=2, help="processes that write; 2")
    parser.add_argument("--times", type=int, default=100, help="sign-ins and saves of each; 100")
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between them; 0.2")
    parser.add_argument("--cancel", action="store_true", help="cancel the import at the end")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="careline-benchmark-") as name:
        folder = Path(name)
        environment = installation(folder, chosen.database)
        load(environment, 400)
        writes, meanwhile, seconds = measure(
            folder, environment, chosen.rows, chosen.clients, chosen.times, chosen.pause,
            chosen.cancel)
    print(f"The import {'was taken back' if chosen.cancel else 'ended'} after {seconds:.0f} s.")
    good = all(one.succeeded and one.seconds < MOST_SECONDS for one in writes)
    return 0 if good and meanwhile == "running" else 1


if __name__ == "__main__":
    raise SystemExit(main())
