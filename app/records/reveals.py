"""Revealing sensitive values: who may, for what reason, and the entry of the audit trail about it.

A value is masked for everybody until it is revealed. Who holds the permission says why; who works
on the open record sees the number by calling it, and the record is the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.sensitive import phones
from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.values import SensitiveValue
from app.database import write
from app.errors import NotPermitted, Rejected
from app.i18n import N_, Message
from app.records.custom_fields.store import sensitive_fields
from app.records.values import held_value

PERMISSION = "can_reveal"
LONGEST_REASON = 500
_DIALLED = frozenset({"phone", "contact"})
_SHORTEST_NUMBER = 5


class NotRevealed(NotPermitted):
    """The actor may not see the value, or nobody can."""

    def __init__(self) -> None:
        super().__init__(Message(N_("This value cannot be read with the keys that are set up.")))


class NoReason(Rejected):
    """A value is revealed for a reason only."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Give a reason.")))


def may_reveal(actor: Actor, view: str) -> bool:
    """Return whether the actor may reveal the values of a kind of record, with a reason.

    Args:
        actor: who asks.
        view: permission name of the screen of such records.
    """
    return actor.can(PERMISSION, view)


def works_on(actor: Actor, record: Any) -> bool:
    """Return whether the actor works on a record, and there is still something to be done."""
    if actor.user_id is None or getattr(record, "deleted_at", None) is not None:
        return False
    people = {"owner_id", *getattr(record, "__scope_people__", ())}
    return getattr(record, "is_open", True) and any(
        getattr(record, name, None) == actor.user_id for name in people
    )


def is_dialled(value: Any) -> bool:
    """Return whether a value is a number that a telephone can call."""
    return (
        isinstance(value, SensitiveValue) and value.kind in _DIALLED and value.is_readable
        and len(phones.digits_of(value.reveal())) >= _SHORTEST_NUMBER
    )


def may_call(actor: Actor, record: Any, name: str, view: str) -> bool:
    """Return whether the actor may see a number in order to call it.

    Args:
        actor: who asks.
        record: the record.
        name: column of the number.
        view: permission name of the screen of such records.
    """
    allowed = works_on(actor, record) or may_reveal(actor, view)
    return allowed and is_dialled(held_value(record, name))


def reveal(
    session: Session, actor: Actor, record: Any, names: Sequence[str], reason: str, view: str
) -> dict[str, str]:
    """Return clear values of a record, and note who sees them and why.

    Args:
        session: session without unsaved changes.
        actor: who wants to see them.
        record: a record that the actor may see.
        names: sensitive columns.
        reason: why, in the actor's words.
        view: permission name of the screen of such records.

    Raises:
        NotRevealed: the actor may not, a column is not sensitive, or a value cannot be decrypted.
        NoReason: no reason is given.
    """
    reason = " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
    if not may_reveal(actor, view):
        raise NotRevealed
    if not reason:
        raise NoReason
    return _noted(session, actor, record, names, reason, "reveal")


def call(session: Session, actor: Actor, record: Any, name: str, view: str) -> str:
    """Return a number to be called, and note that the actor calls it on account of the record.

    Raises:
        NotRevealed: the actor neither works on the open record nor may reveal, or it is no number.
    """
    if not may_call(actor, record, name, view):
        raise NotRevealed
    return _noted(session, actor, record, [name], _number(record), "call")[name]


def _number(record: Any) -> str:
    return str(getattr(record, "number", None) or record)[:40]


def _noted(
    session: Session, actor: Actor, record: Any, names: Sequence[str], reason: str, action: str
) -> dict[str, str]:
    kind = cast("type[Any]", type(record))
    known = {*sensitive_columns(kind), *sensitive_fields(session, actor, kind)}
    held = {name: held_value(record, name) for name in names if name in known}
    values = {name: value for name, value in held.items() if value}
    if len(held) < len(names) or not all(value.is_readable for value in values.values()):
        raise NotRevealed
    with write(session):
        record_act(
            session, actor, action,
            record_type=getattr(record, "__record_type__", record.__tablename__),
            record_id=record.id, number=_number(record), reason=reason,
            changes={"columns": sorted(values)},
        )
    return {name: values[name].reveal() if name in values else "" for name in names}
