"""What a benchmark needs: web servers of its own, their CPU time, and a signed-in browser."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from config import ROOT

START_WITHIN_SECONDS = 60
_WARMING = 3


def free_port() -> int:
    """Return a TCP port that nobody listens on at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its children have used, in seconds.

    Args:
        pid: a process of this machine; read from ``/proc``, hence Linux only.
    """
    nanoseconds = 0
    for process in processes_of(pid):
        for thread in Path(f"/proc/{process}/task").iterdir():
            nanoseconds += int((thread / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def memory_megabytes(pid: int) -> float:
    """Return the memory (PSS) of a process and its children, in MB; Linux only."""
    kilobytes = 0
    for process in processes_of(pid):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1000


def processes_of(pid: int) -> list[int]:
    """Return a process with all that it has started."""
    return [pid, *_children(pid)]


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    found = [int(child) for child in text.split()]
    return [*found, *(grandchild for child in found for grandchild in _children(child))]


class Server:
    """A running gunicorn with one web process.

    Attributes:
        pid: its arbiter.
        port: where it listens on 127.0.0.1.
    """

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Fetch a page on a connection of its own; return status and body."""
        answer, body = self.send("GET", path, headers)
        return answer.status, body

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None,
        form: Sequence[tuple[str, str]] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send a request on a connection of its own; return answer and body.

        Args:
            method: ``GET`` or ``POST``.
            path: address of the page.
            headers: headers of the request.
            form: fields of a form that is sent.
        """
        sent, body = dict(headers or {}), None
        if form is not None:
            body = urllib.parse.urlencode(list(form))
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, sent)
        with contextlib.closing(connection):
            answer = connection.getresponse()
            return answer, answer.read()

    def measure(
        self, path: str, headers: Mapping[str, str] | None, times: int
    ) -> tuple[float, float]:
        """Fetch a page many times after a few to warm up.

        Args:
            path: address of the page.
            headers: headers of each request.
            times: how many requests are counted.

        Returns:
            CPU seconds of the server and seconds on the clock, for one request.

        Raises:
            RuntimeError: the server did not answer with 200.
        """
        for _ in range(_WARMING):
            status, _ = self.get(path, headers)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}.")
        cpu, clock = cpu_seconds(self.pid), time.perf_counter()
        for _ in range(times):
            self.get(path, headers)
        clock = time.perf_counter() - clock
        return (cpu_seconds(self.pid) - cpu) / times, clock / times


@dataclasses.dataclass(frozen=True, slots=True)
class Samples:
    """CPU of the server for each of some requests, in milliseconds.

    Attributes:
        milliseconds: one number for each request.
    """

    milliseconds: Sequence[float]

    @property
    def median(self) -> float:
        """What half of the requests stayed below."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 requests stayed below."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.95)]


def interleaved(
    calls: Mapping[str, tuple[Server, Callable[[], None]]], times: int
) -> dict[str, Samples]:
    """Return what requests cost that are made in turn, so that all meet the same machine.

    Args:
        calls: a server and what asks it, by the name of the candidate.
        times: how many requests of each are counted, after a few to warm up.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(_WARMING + times):
        for name, (server, call) in calls.items():
            before = cpu_seconds(server.pid)
            call()
            if turn >= _WARMING:
                found[name].append((cpu_seconds(server.pid) - before) * 1000)
    return {name: Samples(spent) for name, spent in found.items()}


def getting(
    server: Server, path: str, headers: Mapping[str, str], wanted: Sequence[int] = (200,)
) -> Callable[[], None]:
    """Return what fetches a page.

    Args:
        server: where from.
        path: its address.
        headers: of the session.
        wanted: answers that are right.
    """
    def get() -> None:
        status, _ = server.get(path, headers)
        if status not in wanted:
            raise RuntimeError(f"{path} answered {status}.")

    return get


@contextlib.contextmanager
def serving(
    application: str, environment: Mapping[str, str], log: Path, *,
    workers: int = 1, python: str = sys.executable, configuration: Path | None = None,
) -> Iterator[Server]:
    """Run an application under gunicorn for the length of a block.

    Args:
        application: ``module:callable()`` as gunicorn names it.
        environment: environment variables of the server.
        log: file for what the server writes.
        workers: web processes.
        python: interpreter of another environment.
        configuration: settings of gunicorn; those of the product without.

    Raises:
        RuntimeError: it did not listen in time; the message holds the end of its log.
    """
    port = free_port()
    command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
               "--workers", str(workers)]
    command += ["--config", str(configuration)] if configuration else []
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**environment, "PORT": str(port)}, stdout=out, stderr=out
        )
    server = Server(process.pid, port)
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            server.get("/healthz")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The web server did not start: {log.read_text()[-2000:]}")


def sign_in(server: Server, username: str, password: str) -> dict[str, str]:
    """Sign in as a person does and return the headers of the session.

    Args:
        server: where to.
        username: name of the account.
        password: its password.

    Raises:
        RuntimeError: the sign-in was refused.
    """
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/login/")
        answer = connection.getresponse()
        page, cookie = answer.read().decode(), _cookie(answer.getheaders())
        token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        body = urllib.parse.urlencode(
            {"username": username, "password": password, "csrf_token": token}
        )
        connection.request("POST", "/login/", body, {
            "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded",
        })
        answer = connection.getresponse()
        answer.read()
        if answer.status != 302:
            raise RuntimeError(f"{username} could not sign in: {answer.status}.")
        return {"Cookie": _cookie(answer.getheaders()), "Accept-Language": "en"}


def _cookie(headers: Iterable[tuple[str, str]]) -> str:
    return "; ".join(
        value.split(";", 1)[0] for name, value in headers if name.lower() == "set-cookie"
    )
