"""Clients that ask at the same time."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence

CLIENTS = 8


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
