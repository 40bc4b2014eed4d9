"""Nothing but the engine writes where a record stands.

Setting ``state``, ``is_open`` or ``workflow_id`` of a loaded record, and an ORM update that names
one of them, raise outside of ``engine_writes``. A test and a reviewer need not look for them.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Generator
from typing import Any

from sqlalchemy import ClauseElement, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from app.records.mixin import WorkflowRecord

GUARDED = ("state", "is_open", "workflow_id")
_allowed = contextvars.ContextVar("careline_engine_writes", default=False)


class StateIsGuarded(RuntimeError):
    """Something else than the workflow engine tried to write where a record stands."""


@contextlib.contextmanager
def engine_writes() -> Generator[None]:
    """Allow the writes within the block; used by ``app.workflow.services`` alone."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def install() -> None:
    """Guard every record class that is mapped from now on, and every session."""
    if not event.contains(Mapper, "mapper_configured", _guard_class):
        event.listen(Mapper, "mapper_configured", _guard_class)
        event.listen(Session, "do_orm_execute", _refuse_update)


def _guard_class(_mapper: Mapper[Any], class_: type[Any]) -> None:
    if issubclass(class_, WorkflowRecord):
        for name in GUARDED:
            event.listen(getattr(class_, name), "set", _refuse_set)


def _refuse_set(target: Any, value: Any, old: Any, _initiator: Any) -> None:
    if not _allowed.get():
        raise StateIsGuarded(f"{type(target).__name__}: take a transition instead of setting it")


def _refuse_update(state: ORMExecuteState) -> None:
    if not state.is_update or _allowed.get() or state.bind_mapper is None:
        return
    if issubclass(state.bind_mapper.class_, WorkflowRecord):
        assert isinstance(state.statement, ClauseElement)
        named = set(GUARDED).intersection(state.statement.compile().params or ())
        if named:
            raise StateIsGuarded(
                f"{state.bind_mapper.class_.__name__}: take a transition instead of an update "
                f"of {', '.join(sorted(named))}"
            )
