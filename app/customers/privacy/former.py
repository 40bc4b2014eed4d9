"""What the records of a person held before they were changed."""

# Not strict: what JSON holds has no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import AuditEntry
from app.records.custom_fields.store import hidden_fields
from app.records.models import FormerValue
from app.records.values import is_empty

_PORTION = 300


@dataclasses.dataclass(frozen=True, slots=True)
class FormerFact:
    """A value that a record held until it was changed.

    Attributes:
        record_type: kind of record.
        record_id: its key.
        until: when it was changed.
        name: column, or key of a custom field.
        value: what it held; a sensitive value still encrypted.
    """

    record_type: str
    record_id: int
    until: dt.datetime
    name: str
    value: Any


def former_facts(
    session: Session, actor: Actor, record_type: str, ids: Sequence[int]
) -> Iterator[FormerFact]:
    """Yield what some records of a kind held before, by the audit trail, the earliest first.

    The trail holds masks of sensitive values; what they were is taken from beside it.

    Args:
        session: any session.
        actor: who makes the copy; custom fields that their role does not see are left out.
        record_type: kind of record.
        ids: keys of records.
    """
    hidden = hidden_fields(session, actor, record_type)
    for start in range(0, len(ids), _PORTION):
        portion = ids[start:start + _PORTION]
        clear = _clear_values(session, record_type, portion)
        entries = session.execute(
            select(AuditEntry.record_id, AuditEntry.at, AuditEntry.change_set, AuditEntry.changes)
            .where(AuditEntry.record_type == record_type, AuditEntry.record_id.in_(portion))
            .order_by(AuditEntry.record_id, AuditEntry.id))
        for entry in entries.mappings():
            key = entry["record_id"]
            for name, value in _before(entry["changes"]).items():
                held = clear.get((key, entry["change_set"], name), value)
                if name not in hidden and not is_empty(held):
                    yield FormerFact(record_type, key, entry["at"], name, held)


def _before(changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values before a change; facts of an act are no values."""
    return {name: pair[0] for name, pair in (changes or {}).items()
            if isinstance(pair, list) and len(pair) == 2}


def _clear_values(
    session: Session, record_type: str, ids: Sequence[int]
) -> dict[tuple[int, str, str], Any]:
    rows = session.execute(
        select(FormerValue.record_id, FormerValue.change_set, FormerValue.name, FormerValue.before)
        .where(FormerValue.record_type == record_type, FormerValue.record_id.in_(ids))
        .order_by(FormerValue.id.desc()))
    # The first of a change set comes last and stays: what was there before all of it.
    return {(key, change_set, name): before for key, change_set, name, before in rows}
