"""Another plugin beside complaints, without a folder: what it contributes is given by each test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from app.customers.models import Customer
from app.database import db
from app.host.host import current_host
from app.host.loaded import LoadedPlugin
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.records.services import create
from app.sdk.services import SYSTEM, utcnow

Contributions = dict[str, list[Any]]


@contextlib.contextmanager
def plugin(name: str, hooks: dict[str, Any] | None = None, **contributions: list[Any]) -> Any:
    """Let another plugin be in force within the block.

    Args:
        name: its name.
        hooks: its ``check_*`` and ``on_*`` hooks, marked with ``@hookimpl``, by name.
        contributions: what its ``register_*`` hooks returned, by name of the hook.
    """
    host = current_host()
    # A class: pluggy takes objects that are equal for one plugin.
    module = type("Plugin", (), {one: staticmethod(hook) for one, hook in (hooks or {}).items()})
    host._manager.register(module, name=name)
    host.loaded.append(LoadedPlugin(name, None, module, contributions))
    host.forget_indexes()
    try:
        yield host
    finally:
        host._manager.unregister(name=name)
        host.loaded = [one for one in host.loaded if one.name != name]
        host.forget_indexes()


@contextlib.contextmanager
def without(name: str) -> Iterator[None]:
    """Let a plugin be out of force within the block, as where it is switched off."""
    host = current_host()
    before, operations = list(host.loaded), dict(host.operations)
    # Its hooks are not called either: an event waits for it as for one that is switched off.
    module = host._manager.unregister(name=name)
    host.loaded = [one for one in before if one.name != name]
    host.forget_indexes()
    try:
        yield
    finally:
        host._manager.register(module, name=name)
        host.loaded, host.operations = before, operations
        host.forget_indexes()


@pytest.fixture
def customer(house: Any) -> Customer:
    """A customer."""
    return create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})


@pytest.fixture
def deliver(house: Any) -> Callable[[], Any]:
    """Deliver what waits in the outbox, as the worker does."""

    def now() -> Any:
        return deliver_due(house.session, utcnow(), house.app.extensions[RUNTIME].handlers)

    return now


@pytest.fixture
def statements(house: Any) -> Iterator[list[str]]:
    """Statements that run, beside those of transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
