"""The audit trail of an erased customer: what was done stays, the personal values go."""

# Not strict: what JSON holds has no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import Left, erase_entries
from app.access.models import AuditEntry
from app.access.sensitive.kinds import looks_masked
from app.customers.models import Customer
from app.customers.privacy.reach import Kinds
from app.records.custom_fields.definitions import PREFIX
from app.records.personal import Sweeper, Treatment

_KEYS = 500
Treated = Mapping[str, Mapping[str, Treatment]]
"""What is made of the columns of each kind of row, by kind as the audit trail names it."""


def told_values(session: Session, kinds: Kinds, treated: Treated) -> set[str]:
    """Return what the audit trail tells of a person's names, numbers and addresses.

    Args:
        session: any session.
        kinds: rows about the person.
        treated: what is made of their columns.
    """
    found: set[str] = set()
    for entry in _entries(session, kinds):
        for name, pair in (entry.changes or {}).items():
            made = treated[entry.record_type].get(name)
            if made in (Treatment.NAMED, Treatment.EMPTIED) and isinstance(pair, list):
                found.update(
                    one for one in pair if isinstance(one, str) and not looks_masked(one))
    return found


def erase_trail(
    session: Session, actor: Actor, customer: Customer, kinds: Kinds, treated: Treated,
    sweeper: Sweeper, reason: str,
) -> None:
    """Take the personal values out of the entries of a person; part of the running write.

    Args:
        session: session with a running write.
        actor: who erases.
        customer: whose data.
        kinds: rows about the person.
        treated: what is made of their columns.
        sweeper: knows what identifies the person.
        reason: number of the request.
    """
    left: dict[int, Left] = {}
    for entry in _entries(session, kinds):
        own = entry.record_type == Customer.__record_type__
        rest = Left(
            _changes_left(entry.changes, treated[entry.record_type], sweeper, own),
            sweeper.swept(entry.reason), sweeper.swept(entry.number, 40))
        if rest != Left(entry.changes, entry.reason, entry.number):
            left[entry.id] = rest
    erase_entries(session, actor, left, record_type=Customer.__record_type__,
                  record_id=customer.id, number=customer.number, reason=reason)


def _entries(session: Session, kinds: Kinds) -> Iterator[Any]:
    for kind, keys in kinds.items():
        for first in range(0, len(keys), _KEYS):
            yield from session.execute(
                select(AuditEntry.id, AuditEntry.record_type, AuditEntry.changes,
                       AuditEntry.reason, AuditEntry.number)
                .where(AuditEntry.record_type == kind,
                       AuditEntry.record_id.in_(keys[first:first + _KEYS]))
                .order_by(AuditEntry.id)).all()


def _changes_left(
    changes: Mapping[str, Any] | None, treated: Mapping[str, Treatment], sweeper: Sweeper,
    own: bool,
) -> dict[str, Any] | None:
    """Return the changes of an entry without values of the person; the columns stay named."""
    if changes is None:
        return None
    return {
        name: [None] * len(value)
        if isinstance(value, list) and _is_personal(name, value, treated, own)
        else sweeper.swept(value)
        for name, value in changes.items()}


def _is_personal(
    name: str, value: list[Any], treated: Mapping[str, Treatment], own: bool
) -> bool:
    if treated.get(name) in (Treatment.NAMED, Treatment.EMPTIED):
        return True
    if not name.startswith(PREFIX):
        return False
    # Whatever else is known of the customer themselves, and what was masked elsewhere.
    return own or any(isinstance(one, str) and looks_masked(one) for one in value)
