"""What custom fields, and columns like them, lead to: files on the record, records of any kind."""

# Not strict: columns found by name have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.host.host import current_host
from app.i18n import N_, Message
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.columns import ColumnField, column_fields
from app.records.custom_fields.definitions import FILE, PREFIX, RECORD, CustomField
from app.records.custom_fields.store import custom_fields_of
from app.records.files import file_of
from app.records.mixin import is_present

NO_RECORD = N_("There is no record with this number that you may see.")
_NOT_YET = N_("A file is chosen once the record is there and the file lies on it.")
_NO_FILE = N_("Choose one of the files that lie on the record.")
_SEES = "can_show"


def astray(
    session: Session, actor: Actor, model: type[Any], record: Any | None,
    values: Mapping[str, Any],
) -> dict[str, Message]:
    """Return the fields whose values lead to nothing that the actor could choose, and why.

    Args:
        session: any session.
        actor: who writes the values.
        model: class with the ``Record`` mixin.
        record: the record as it is now; ``None`` for a new one.
        values: values by column or key; columns of other kinds are passed over.
    """
    fields: list[CustomField] = list(column_fields(model).values())
    if any(name.startswith(PREFIX) for name in values):
        fields += [field for field in custom_fields_of(session, model.__record_type__)
                   if field.kind in (FILE, RECORD)]
    found: dict[str, Message] = {}
    for field in fields:
        if field.key not in values:
            continue
        try:
            value = field.clean(values[field.key])
        except BadValue as error:
            found |= error.errors
            continue
        message = _against(session, actor, field, record, value)
        if message is not None:
            found[field.key] = message
    return found


def _against(
    session: Session, actor: Actor, field: CustomField, record: Any | None, value: Any
) -> Message | None:
    if value is None:
        # A custom field may be empty where an admin has added it since.
        needed = field.required and isinstance(field, ColumnField)
        return Message(N_("This field is required.")) if needed else None
    if field.kind not in (FILE, RECORD):
        return None
    if field.kind == RECORD:
        there = record_numbered(session, actor, field.target, value) is not None
        return None if there else Message(NO_RECORD)
    if record is None:
        return Message(_NOT_YET)
    return None if file_of(session, record, value) is not None else Message(_NO_FILE)


def record_numbered(
    session: Session, actor: Actor, record_type: str, number: str
) -> Any | None:
    """Return the record of a kind with this number that an actor sees, or ``None``.

    Args:
        session: any session.
        actor: who asks; needs ``can_show`` on the kind.
        record_type: kind of record; unknown where its plugin is not in force.
        number: number in full.
    """
    kind = current_host().record_type(record_type)
    if kind is None or not actor.can(_SEES, kind.view):
        return None
    return session.scalar(select(kind.model).where(
        kind.model.number == number, is_present(kind.model), scope_filter(actor, kind.model)))
