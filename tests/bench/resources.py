"""Memory, start, commands, exports: what is measured of the product's processes as a whole."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from config import ROOT
from scripts.measuring import Server, cpu_seconds, memory_megabytes
from tests.bench.candidates import Candidate

_SETTLED_SECONDS = 3


def command_seconds(environment: Mapping[str, str], *arguments: str) -> float:
    """Return the CPU of a ``flask`` command, in seconds.

    Args:
        environment: of the installation.
        arguments: of the command.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT,
                   env=dict(environment), check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_list_seconds(candidate: Candidate, headers: Mapping[str, str], path: str) -> float:
    """Return the CPU from the start of a server to its first list, in seconds.

    Args:
        candidate: whose server.
        headers: of a session that an earlier server has begun.
        path: address of the list.
    """
    with candidate.served() as server:
        status, _ = server.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}.")
        return cpu_seconds(server.pid)


@contextlib.contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"], cwd=ROOT,
        env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def idle_megabytes(candidate: Candidate) -> tuple[float, float]:
    """Return the memory of an idle web server with two processes and of an idle worker, in MB.

    Args:
        candidate: the product.
    """
    with candidate.served(workers=2) as server, _worker(candidate.environment) as worker:
        time.sleep(_SETTLED_SECONDS)
        server.get("/healthz")
        time.sleep(_SETTLED_SECONDS)
        return memory_megabytes(server.pid), memory_megabytes(worker)


def export_of(
    server: Server, headers: Mapping[str, str], path: str
) -> tuple[int, float, float, float]:
    """Fetch a CSV file and return its rows, the CPU in seconds, the wait for its first part in
    milliseconds, and by how many MB the server grew.

    Args:
        server: the product's.
        headers: of the session.
        path: address of the file.
    """
    memory, cpu, start = memory_megabytes(server.pid), cpu_seconds(server.pid), time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        first, lines = 0.0, 0
        while part := answer.read1(65536):
            first = first or time.perf_counter() - start
            lines += part.count(b"\n")
    return (lines - 1, cpu_seconds(server.pid) - cpu, first * 1000,
            memory_megabytes(server.pid) - memory)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))
