"""Measuring: requests of several servers in turn, and clients that ask at the same time."""

from __future__ import annotations

import dataclasses
import http.client
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from scripts.measuring import Server, cpu_seconds

_WARMING = 3
CLIENTS = 8


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
        times: how many requests of each are counted.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(_WARMING + times):
        for name, (server, call) in calls.items():
            before = cpu_seconds(server.pid)
            call()
            if turn >= _WARMING:
                found[name].append((cpu_seconds(server.pid) - before) * 1000)
    return {name: Samples(spent) for name, spent in found.items()}


def getting(server: Server, path: str, headers: Mapping[str, str]) -> Callable[[], None]:
    """Return what fetches a page.

    Args:
        server: where from.
        path: its address.
        headers: of the session.
    """
    def get() -> None:
        status, _ = server.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}.")

    return get


def done_a_second(acts: Sequence[Callable[[], object]], seconds: float) -> float:
    """Return how often clients, one for each act, do theirs in a second, all at the same time.

    Args:
        acts: what each client does again and again; it raises where it fails.
        seconds: how long.
    """
    done = [0] * len(acts)
    failures: list[BaseException] = []
    end = time.monotonic() + seconds

    def client(place: int) -> None:
        try:
            while time.monotonic() < end:
                acts[place]()
                done[place] += 1
        except Exception as error:  # told by the thread that waits
            failures.append(error)

    clients = [threading.Thread(target=client, args=(place,)) for place in range(len(acts))]
    start = time.monotonic()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    if failures:
        raise failures[0]
    return sum(done) / (time.monotonic() - start)


def keeping(port: int, path: str, headers: Mapping[str, str]) -> Callable[[], None]:
    """Return what fetches a page on a connection that stays open, for one client.

    Args:
        port: of the server.
        path: address of the page.
        headers: of the session.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get() -> None:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}.")

    return get
