"""Writes of the table: a change in the product and in the peers, a new record, a step."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping

from scripts.measuring import Samples, Server, cpu_seconds
from tests.bench.candidates import DJANGO, PRODUCT, STOCK
from tests.bench.html_forms import fields_of, with_value

_FORMS = {
    PRODUCT: ("/complaints/edit/{}", "record-form"),
    DJANGO: ("/admin/django_peer/complaint/{}/change/", "complaint_form"),
    STOCK: ("/complaints/edit/{}", ""),
}
_NEW = {"contact": "138{:08}", "customer_name": "测试{}", "reason": "还款后仍显示逾期 {}",
        "demand": "更正记录", "subject": "逾期记录 {}"}
_WARMING = 2
_numbers = itertools.count(1)


def _sent(
    server: Server, headers: Mapping[str, str], path: str, fields: list[tuple[str, str]]
) -> tuple[float, str]:
    """Send a form; return the CPU of the server in milliseconds and where it leads."""
    own = {**headers, "Referer": f"http://127.0.0.1:{server.port}{path}"}
    before = cpu_seconds(server.pid)
    answer, body = server.send("POST", path, own, fields)
    spent = (cpu_seconds(server.pid) - before) * 1000
    if answer.status != 302:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:500]!r}")
    return spent, answer.headers["Location"]


def opening(server: Server) -> Callable[[], float]:
    """Return what opens the page of the floor, to be measured beside the writes.

    Args:
        server: of the floor.
    """
    def open_page() -> float:
        before = cpu_seconds(server.pid)
        server.get("/")
        return (cpu_seconds(server.pid) - before) * 1000

    return open_page


def saving(name: str, server: Server, headers: Mapping[str, str], key: str) -> Callable[[], float]:
    """Return what changes the subject of a complaint through its form.

    Args:
        name: of the candidate.
        server: its server.
        headers: of its session.
        key: of the complaint.
    """
    address, marked = _FORMS[name]

    def save() -> float:
        path = address.format(key)
        _, page = server.get(path, headers)
        fields = with_value(
            fields_of(page.decode(), marked), "subject", f"逾期记录 {next(_numbers)}")
        return _sent(server, headers, path, fields)[0]

    return save


def creating(server: Server, headers: Mapping[str, str], made: list[str]) -> Callable[[], float]:
    """Return what registers a complaint through the form of the product.

    Args:
        server: the product's.
        headers: of the session.
        made: receives the keys of what was registered.
    """
    def create() -> float:
        _, page = server.get("/complaints/add", headers)
        fields = fields_of(page.decode(), "record-form")
        for name, value in _NEW.items():
            fields = with_value(fields, name, value.format(next(_numbers)))
        spent, address = _sent(server, headers, "/complaints/add", fields)
        made.extend(re.findall(r"/show/(\d+)", address))
        return spent

    return create


def stepping(server: Server, headers: Mapping[str, str], made: list[str]) -> Callable[[], float]:
    """Return what notes that a customer has withdrawn a complaint, a step with a form.

    Args:
        server: the product's.
        headers: of the session.
        made: keys of such complaints; each is used once.
    """
    def step() -> float:
        path = f"/complaints/act/{made.pop()}/withdraw"
        _, page = server.get(path, headers)
        fields = with_value(fields_of(page.decode(), ""), "withdrawal_reason", "客户来电撤诉")
        return _sent(server, headers, path, fields)[0]

    return step


def measured(calls: Mapping[str, Callable[[], float]], times: int) -> dict[str, Samples]:
    """Return what writes cost that are made in turn.

    Args:
        calls: each writes once and returns milliseconds of CPU, by candidate.
        times: how many are counted.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(_WARMING + times):
        for name, call in calls.items():
            spent = call()
            if turn >= _WARMING:
                found[name].append(spent)
    return {name: Samples(spent) for name, spent in found.items()}
