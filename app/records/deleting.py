"""What stands against the deletion of a row: its own rules, and plugins."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.host import current_host
from app.i18n import Message

if TYPE_CHECKING:
    from app.records.operations import Operations

Found = TypeVar("Found")


@dataclasses.dataclass(slots=True)
class _Together:
    """Records of one kind that are deleted together, and what was read of all of them."""

    model: type[Any]
    keys: frozenset[int]
    read: dict[Hashable, Mapping[int, Any]] = dataclasses.field(
        default_factory=dict[Hashable, Mapping[int, Any]])


_together: contextvars.ContextVar[_Together | None] = contextvars.ContextVar(
    "deleted_together", default=None)


@contextlib.contextmanager
def deleting_together(model: type[Any], keys: Iterable[int]) -> Generator[None]:
    """Let what is asked of each of some records be read once for all of them.

    Nothing within the block may change what is asked but the deletion of these records.

    Args:
        model: class of the records.
        keys: their keys, some hundreds.
    """
    token = _together.set(_Together(model, frozenset(keys)))
    try:
        yield
    finally:
        _together.reset(token)


def read_of(
    record: Any, what: Hashable, read: Callable[[Sequence[int]], Mapping[int, Found]]
) -> Found | None:
    """Return what is read of a record that may be deleted; of several together all at once.

    Args:
        record: a record.
        what: says what is read, the same for every record of a kind.
        read: returns by key what there is of records of this kind.
    """
    batch = _together.get()
    if batch is None or not isinstance(record, batch.model) or record.id not in batch.keys:
        return read([record.id]).get(record.id)
    if what not in batch.read:
        batch.read[what] = read(sorted(batch.keys))
    return batch.read[what].get(record.id)


def deletion_refusal(
    session: Session, actor: Actor, operations: Operations, record: Any
) -> Message | None:
    """Return why ``Operations.delete`` would refuse a row, or ``None``.

    Args:
        session: any session.
        actor: who would delete it.
        operations: of the row's table.
        record: the row.
    """
    return (operations.refuse_delete(session, actor, record)
            or plugins_refusal(session, actor, record))


def plugins_refusal(session: Session, actor: Actor, record: Any) -> Message | None:
    """Return why a row stays, by the first plugin that denies its deletion, or ``None``.

    Args:
        session: any session.
        actor: who would delete it.
        record: the row.
    """
    for veto in current_host().check(
        "check_delete", session=session, actor=actor, record=record
    ):
        return veto.reason
    return None
