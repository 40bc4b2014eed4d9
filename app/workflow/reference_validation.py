"""What a transition's form refers to has to be there, and in the sight of the one who acts."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import sees
from app.database import Base
from app.errors import Invalid
from app.i18n import N_, Message
from app.jobs.hidden_rows import own_mark


def require_known(
    session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
) -> None:
    """Refuse keys of rows that are not there, are no longer in use or cannot be seen.

    Looks at the values whose names are columns of the record that refer to other tables: people,
    departments, lists, records.

    Args:
        session: any session.
        actor: who acts.
        record: the record.
        values: cleaned values of the form.

    Raises:
        Invalid: a key cannot be chosen.
    """
    wrong = {
        name: Message(N_("Choose one of the values offered."))
        for name, value in values.items()
        if value is not None and not _can_be_chosen(session, actor, record, name, value)
    }
    if wrong:
        raise Invalid(wrong)


def _can_be_chosen(session: Session, actor: Actor, record: Any, name: str, value: Any) -> bool:
    attribute = inspect(type(record)).column_attrs.get(name)
    target = _target(attribute.columns[0]) if attribute is not None else None
    if target is None or getattr(record, name) == value:
        # What the record holds already stays, though it may be out of use by now.
        return True
    row = session.get(target, value)
    if row is None or not getattr(row, "active", True) or getattr(row, "retired", False):
        return False
    return getattr(row, "deleted_at", None) in (None, own_mark()) and sees(actor, row)


def _target(column: Column[Any]) -> type[Any] | None:
    """Return the class of the rows that a column refers to, or ``None``."""
    for key in column.foreign_keys:
        for mapper in Base.registry.mappers:
            if mapper.local_table is key.column.table:
                return mapper.class_
    return None
