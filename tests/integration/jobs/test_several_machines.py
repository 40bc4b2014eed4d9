"""Two web processes and two workers share PostgreSQL and Redis; one of each dies under load."""

from __future__ import annotations

import collections
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from app.database import db
from app.testing.plugin_fixtures import PASSWORD
from config import ROOT
from tests.services.verdicts import share

SENDERS, EACH = 4, 20
# How often every connection is ended.
ENDED = 10
# A start takes some seconds of CPU, and all machines here share two cores.
STARTS_WITHIN, SETTLES_WITHIN = 120, 120
API = "/api/v1/complaints/"


class Machine:
    """A process of the installation with a folder of its own, as on a machine of its own."""

    def __init__(self, environment: dict[str, str], folder: Path, *command: str, port: int = 0):
        folder.mkdir()
        self.port = port
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=self._log, stderr=self._log,
            env=environment | {"CARELINE_VAR_DIR": str(share(folder / "var")), "HOST": "127.0.0.1",
                               "PORT": str(port or 1), "CARELINE_WEB_WORKERS": "1"},
            start_new_session=True)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def die(self) -> None:
        """End it and all its children at once, as when the power goes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()


def request(port: int, method: str, path: str, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, None if body is None else json.dumps(body),
                           {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()


def until(what: str, holds, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def ready(port: int) -> bool:
    try:
        return request(port, "GET", "/readyz")[0] == 200
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def machines(house, environment, redis_url, tmp_path) -> Iterator[dict[str, Machine]]:
    """Two web processes, which answer, and two workers."""
    shared = {**environment, "CARELINE_REDIS_URL": redis_url}
    # The test holds no connection: all that there are will be ended.
    db.session.remove()
    db.engine.dispose()
    made: dict[str, Machine] = {}
    try:
        for name in ("web 1", "web 2"):
            made[name] = Machine(
                shared, tmp_path / name, "gunicorn", "app:create_app()", port=free_port())
        for name in ("worker 1", "worker 2"):
            made[name] = Machine(shared, tmp_path / name, "flask", "--app", "app", "jobs", "work")
        for name in ("web 1", "web 2"):
            until(f"{name} answers", lambda name=name: ready(made[name].port), STARTS_WITHIN)
        yield made
    finally:
        for machine in made.values():
            machine.die()


class Load:
    """People who save complaints, each until it is saved, wherever somebody answers.

    Attributes:
        statuses: how often each status was answered; 0 where nobody did.
        unexpected: what else was answered, each with its status.
    """

    def __init__(self, ports: list[int]):
        self.ports, self.statuses = ports, collections.Counter[int]()
        self.unexpected: list[tuple[int, bytes]] = []
        self._saved, self._lock = 0, threading.Lock()
        answer = request(ports[0], "POST", "/api/v1/security/login", {
            "username": "agent", "password": PASSWORD, "provider": "db"})
        self._token = json.loads(answer[1])["access_token"]
        self._people = [threading.Thread(target=self._save, args=(place,), daemon=True)
                        for place in range(SENDERS)]
        for person in self._people:
            person.start()

    def saved(self, number: int) -> None:
        """Wait until so many are saved."""
        until(f"{number} are saved", lambda: self._saved >= number, SETTLES_WITHIN)

    def _save(self, place: int) -> None:
        for number in range(EACH):
            name, tries = f"caller {place}-{number}", 0
            while self._send(self.ports[(place + number + tries) % 2], name) != 201:
                tries += 1
                time.sleep(0.2)
            with self._lock:
                self._saved += 1

    def _send(self, port: int, name: str) -> int:
        try:
            status, body = request(
                port, "POST", API, {"customer_name": name, "contact": "13812345678",
                                    "reason": "charged twice", "demand": "money back"},
                Authorization=f"Bearer {self._token}", **{"Idempotency-Key": name})
        except (OSError, http.client.HTTPException):
            status, body = 0, b""
        with self._lock:
            if status not in (0, 201, 503):
                self.unexpected.append((status, body))
            self.statuses[status] += 1
        return status


def end_connections(url: str) -> None:
    """Let PostgreSQL end every connection to the database, as when it is started anew."""
    address = make_url(url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as one:
        one.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_of_each_dies_under_load_and_nothing_is_lost_or_done_twice(
    machines, database_url, environment, redis_url
):
    load = Load([machines["web 1"].port, machines["web 2"].port])
    load.saved(10)
    machines["web 1"].die()
    load.saved(25)
    machines["worker 1"].die()
    for pause in range(ENDED):
        end_connections(database_url)
        # Each at another moment of what runs.
        time.sleep(0.05 + 0.03 * (pause % 5))
    load.saved(SENDERS * EACH)
    # Nobody was told of a fault of the product: it was saved, or it was said to come again.
    assert load.unexpected == [], load.statuses
    engine = create_engine(database_url)
    with contextlib.closing(engine.connect()) as connection:
        # A minute passes without a sign of life of the worker that died.
        connection.execute(text(
            "UPDATE jobs_worker SET seen_at = seen_at - interval '2 minutes' WHERE pid = :pid"),
            {"pid": machines["worker 1"].pid})
        connection.commit()
        names = connection.scalars(text("SELECT customer_name FROM complaints_complaint")).all()
        assert sorted(names) == sorted(
            f"caller {place}-{number}" for place in range(SENDERS) for number in range(EACH))

        def waiting() -> int:
            connection.rollback()
            return connection.scalar(text(
                "SELECT count(*) FROM jobs_outbox WHERE done_at IS NULL"))

        # The worker that is left delivers what the other one had begun; nothing is given up.
        until("events are delivered", lambda: waiting() == 0, SETTLES_WITHIN)
    engine.dispose()
    checked = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "metrics", "check"], cwd=ROOT, text=True,
        capture_output=True, env={**environment, "CARELINE_REDIS_URL": redis_url}, check=False)
    assert (checked.returncode, checked.stdout) == (0, "All figures equal their records.\n"), (
        checked.stdout + checked.stderr)
