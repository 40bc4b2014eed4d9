"""What a process keeps until the next change of rights, definitions or settings (decision 005).

Every such change counts the same number up. A request reads that number with its session, so what
is kept costs a page no statement.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
from collections.abc import Callable, Iterator
from typing import TypeVar

from flask import current_app, g, has_app_context, has_request_context
from sqlalchemy.orm import Session

from app.access.services import access_version
from app.database import utcnow

_KEPT = "careline.kept"
_batch: contextvars.ContextVar[int | None] = contextvars.ContextVar("rights_version", default=None)
Value = TypeVar("Value")


@contextlib.contextmanager
def one_version(session: Session) -> Iterator[None]:
    """Let a batch of a job, like a request, ask only once whether something has changed.

    A batch within another one goes by what that has asked.

    Args:
        session: any session.
    """
    known = _batch.get()
    token = _batch.set(access_version(session) if known is None else known)
    try:
        yield
    finally:
        _batch.reset(token)


def cached_until_change(session: Session, name: str, read: Callable[[], Value]) -> Value:
    """Return a value, read only once for a process until something changes.

    Args:
        session: any session.
        name: name of the value, with its owner in front.
        read: reads it.
    """
    if not has_app_context():
        return read()
    # A request has read the number with its session, a batch at its beginning; others ask.
    known = g.get("careline_access_version") if has_request_context() else _batch.get()
    version = access_version(session) if known is None else known
    values: dict[str, tuple[int, Value]] = current_app.extensions.setdefault(_KEPT, {})
    held = values.get(name)
    if held is None or held[0] != version:
        held = values[name] = (version, read())
    return held[1]


def cached_for(
    session: Session, name: str, age: dt.timedelta, read: Callable[[], Value]
) -> Value:
    """Return a value, read anew after a time, and at once where something has changed.

    For what reads all records and is looked at again and again; whoever asks says how old it may
    be. Each process keeps its own.

    Args:
        session: any session.
        name: name of the value, with its owner in front; what somebody may see is named with them.
        age: how old the value may be; without one it is read now, and not kept.
        read: reads it.
    """
    if not age:
        return read()
    kept: list[tuple[dt.datetime, Value]] = cached_until_change(session, name, list)
    now = utcnow()
    for at, value in kept:
        if dt.timedelta(0) <= now - at <= age:
            return value
    value = read()
    kept[:] = [(now, value)]
    return value
