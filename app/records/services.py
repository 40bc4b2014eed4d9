"""Records by the rules of their kind, for code that need not know which kind it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.database import write
from app.records import record_operations
from app.records.actions import AvailableAction, Done
from app.records.mixin import is_present
from app.records.operations import Asked, operations_of
from app.records.places import Place


def create(
    session: Session, actor: Actor, model: type[Any], values: Mapping[str, Any], reason: str = "",
    *, place: Place | None = None,
) -> Any:
    """Create a record by the operations of its kind; see ``Operations.create``.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: mapped class.
        values: values by name of column or relation.
        reason: why, in the actor's words.
        place: to whom the record belongs; by default to the department and team of the actor. The
            system, which has none, names one. What ``values`` say goes first.

    Raises:
        Rejected: the system makes a record that would belong to nobody.
    """
    if place is not None:
        values = {**place.columns(), **values}
    return operations_of(model).create(session, actor, values, reason=reason)


def create_many(
    session: Session, actor: Actor, model: type[Any], rows: Sequence[Mapping[str, Any]],
    reason: str = "",
) -> list[Any]:
    """Create rows by the rules of ``Operations.create``; a refused one takes no other with it.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: mapped class.
        rows: of some hundreds of rows values by name of column or relation.
        reason: why, in the actor's words.

    Returns:
        For each of them the new row, or the ``CarelineError`` with which ``create`` refuses it.
    """
    with write(session):
        create = operations_of(model)._create_many  # pyright: ignore[reportPrivateUsage] -- from here alone
        return create(session, actor, rows, reason)


def change_many(
    session: Session, actor: Actor, model: type[Any], asked: Sequence[Asked], reason: str = "",
) -> list[Any]:
    """Change rows by the rules of ``Operations.change``; a refused one takes no other with it.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: mapped class.
        asked: of some hundreds of rows each with its values by name of column or relation, and
            with the version that the actor has seen; ``None`` skips the check.
        reason: why, in the actor's words.

    Returns:
        For each of them what ``change`` returns, or the ``CarelineError`` with which it refuses.
    """
    with write(session):
        change = operations_of(model)._change_many  # pyright: ignore[reportPrivateUsage] -- from here alone
        return change(session, actor, asked, reason)


def update(
    session: Session, actor: Actor, record: Any, values: Mapping[str, Any],
    expected_version: int | None = None, reason: str = "",
) -> dict[str, list[Any]]:
    """Change a record by the operations of its kind; see ``Operations.change``.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who changes.
        record: the record.
        values: new values by column.
        expected_version: version that the actor has seen; ``None`` skips the check.
        reason: kept in the audit trail.
    """
    return operations_of(_kind(record)).change(
        session, actor, record, values, expected_version, reason=reason
    )


def delete(
    session: Session, actor: Actor, record: Any, expected_version: int | None = None,
    reason: str = "",
) -> None:
    """Delete a record by the operations of its kind; see ``Operations.delete``.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who deletes.
        record: the record.
        expected_version: version that the actor has seen; ``None`` skips the check.
        reason: kept in the audit trail.
    """
    operations_of(_kind(record)).delete(session, actor, record, expected_version, reason=reason)


def restore(session: Session, actor: Actor, record: Any) -> None:
    """Take a record out of the recycle bin; see ``Operations.restore``.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who restores.
        record: the record.
    """
    operations_of(_kind(record)).restore(session, actor, record)


def actions(session: Session, actor: Actor, record: Any) -> Sequence[AvailableAction]:
    """Return what can be done with a record; see ``Operations.actions``.

    Args:
        session: any session.
        actor: who would act.
        record: the record.
    """
    return operations_of(_kind(record)).actions(session, actor, record)


def act(
    session: Session, actor: Actor, record: Any, name: str,
    values: Mapping[str, Any] | None = None, expected_version: int | None = None,
) -> Done:
    """Do an action of a record by the operations of its kind; see ``Operations.act``.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        record: the record.
        name: name of the action.
        values: what its form asks for.
        expected_version: version that the actor has seen; ``None`` skips the check.
    """
    return operations_of(_kind(record)).act(
        session, actor, record, name, values, expected_version
    )


def find(session: Session, actor: Actor, model: type[Any], record_id: int) -> Any | None:
    """Return a record that the actor may see, or ``None`` (never telling whether it exists).

    Args:
        session: any session.
        actor: who asks.
        model: class with the ``Record`` mixin.
        record_id: primary key.
    """
    return session.scalar(
        select(model).where(
            model.id == record_id, is_present(model), scope_filter(actor, model)
        )
    )


def find_many(
    session: Session, actor: Actor, model: type[Any], record_ids: Collection[int]
) -> list[Any]:
    """Return those of several records that the actor may see, in one statement, in the order asked.

    Args:
        session: any session.
        actor: who asks.
        model: class with the ``Record`` mixin.
        record_ids: primary keys.
    """
    rows = session.scalars(select(model).where(
        model.id.in_(list(record_ids)), is_present(model),
        scope_filter(actor, model, indexed=False),
    ))
    found = {row.id: row for row in rows}
    return [found[key] for key in record_ids if key in found]


__all__ = ["act", "actions", "change_many", "create", "create_many", "delete", "find", "find_many",
           "record_operations", "restore", "update"]


def _kind(record: Any) -> type[Any]:
    return cast("type[Any]", type(record))
