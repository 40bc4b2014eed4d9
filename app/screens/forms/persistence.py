"""Creating, changing and deleting through a form: services for records, plain rows otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.sensitive.kinds import MASK_GIVEN
from app.access.sensitive.values import MaskedText
from app.database import write
from app.deadlines.clocks import ClockRefused
from app.records import services as records
from app.records.mixin import Record
from app.screens.columns.columns import relation_of
from app.screens.contracts import Refused, Stale


class Conflict(Exception):
    """The database refuses: a value that must be unique is taken, or something hangs on the row."""


@contextlib.contextmanager
def conflicts() -> Iterator[None]:
    """Turn what the database refuses, also in a service that a view calls, into ``Conflict``.

    Raises:
        Refused: a mask was to be stored in the place of a value.
    """
    try:
        yield
    except MaskedText as error:
        raise Refused(MASK_GIVEN) from error
    except IntegrityError as error:
        raise Conflict from error


def column_values(model: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by column: a many-to-one relation becomes its foreign key.

    Args:
        model: mapped class.
        values: values by name of column or relation.
    """
    result: dict[str, Any] = {}
    for name, value in values.items():
        relation = relation_of(model, name)
        if relation is not None and not relation.uselist:
            name = next(iter(relation.local_columns)).name
        column = model.__mapper__.columns.get(name)
        if value is None and column is not None and not column.nullable:
            # An empty box in a column that cannot be empty: its own default, or empty text.
            default = column.default
            if default is not None and not default.is_scalar:
                # Worked out while a row is made; of one that is there the value stays.
                continue
            value = default.arg if default is not None and default.is_scalar else ""
        result[name] = value
    return result


def create(session: Session, actor: Actor, model: type[Any], values: Mapping[str, Any]) -> Any:
    """Create a row.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        model: mapped class.
        values: values by name of column or relation.

    Raises:
        Conflict: a value that must be unique is taken.
    """
    values = column_values(model, values)
    try:
        if issubclass(model, Record):
            return records.create(session, actor, model, values)
        with write(session):
            row = model()
            changes = _assign(session, row, values)
            session.add(row)
            session.flush()
            _note(session, actor, row, "create", changes)
        return row
    except IntegrityError as error:
        raise Conflict from error


def update(
    session: Session, actor: Actor, row: Any, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a row; what ``values`` do not hold is not touched.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        row: the row as it was read.
        values: values by name of column or relation.
        version: version that the person saw, or ``None`` for rows without one.

    Raises:
        Stale: someone else changed the row meanwhile.
        Conflict: a value that must be unique is taken.
        Refused: the time of receipt is later than what has been done since.
    """
    values = column_values(type(row), values)
    try:
        if isinstance(row, Record):
            records.update(session, actor, row, values, version)
            return
        with write(session):
            session.refresh(row)
            if version is not None and getattr(row, "version", version) != version:
                raise Stale(row)
            changes = _assign(session, row, values)
            if changes:
                session.flush()
                _note(session, actor, row, "change", changes)
    except records.StaleRecord as error:
        raise Stale(error.record) from error
    except ClockRefused as error:
        session.refresh(row)
        raise Refused(error.message) from error
    except StaleDataError as error:
        session.refresh(row)
        raise Stale(row) from error
    except IntegrityError as error:
        raise Conflict from error


def delete(session: Session, actor: Actor, row: Any, version: int | None) -> None:
    """Delete a row; a record goes to the recycle bin.

    Raises:
        Stale: someone else changed the row meanwhile.
        Conflict: something hangs on the row.
    """
    try:
        if isinstance(row, Record):
            records.delete(session, actor, row, version)
            return
        with write(session):
            session.refresh(row)
            if version is not None and getattr(row, "version", version) != version:
                raise Stale(row)
            _note(session, actor, row, "delete", {})
            session.delete(row)
            session.flush()
    except records.StaleRecord as error:
        raise Stale(error.record) from error
    except IntegrityError as error:
        raise Conflict from error


def _assign(session: Session, row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        relation = relation_of(type(row), name)
        if relation is not None:
            target = relation.mapper.class_
            before = list(getattr(row, name)) if inspect(row).persistent else []
            after = [session.get(target, key) for key in value or ()]
            if set(before) != set(after):
                changes[name] = [sorted(map(str, before)), sorted(map(str, after))]
                setattr(row, name, after)
            continue
        old = getattr(row, name)
        if old != value:
            changes[name] = [old, value]
            setattr(row, name, value)
    return changes


def _note(
    session: Session, actor: Actor, row: Any, action: str, changes: dict[str, list[Any]]
) -> None:
    record_act(
        session, actor, action,
        record_type=getattr(row, "__record_type__", row.__tablename__),
        record_id=row.id, number=str(row)[:40], changes=changes,
    )
