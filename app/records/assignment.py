"""Who may get a record: asked of all plugins wherever a person is written into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.host import current_host
from app.i18n import Message

_ASSIGNING = frozenset({"create", "change", "transition", "import"})


def people_columns(model: type[Any]) -> frozenset[str]:
    """Return the columns of a kind of record that say who works on it."""
    return frozenset({"owner_id", *getattr(model, "__scope_people__", ())})


def is_assigning(action: str) -> bool:
    """Return whether an act gives records to people; taking something back does not."""
    return action in _ASSIGNING


def assigned_people(model: type[Any], changes: Mapping[str, Any]) -> Iterable[int]:
    """Return the users who get a record by changes, each once.

    Args:
        model: kind of record.
        changes: ``{field: [before, after]}``.
    """
    people = (changes[name][1] for name in sorted(people_columns(model) & changes.keys()))
    return dict.fromkeys(one for one in people if one is not None)


def assignment_refusal(
    session: Session, actor: Actor, record: Any, changes: Mapping[str, Any]
) -> Message | None:
    """Return why somebody does not get a record, by the first plugin that denies it, or ``None``.

    Args:
        session: any session.
        actor: who assigns.
        record: the record; as it would be, or, for a preview, as it is.
        changes: ``{field: [before, after]}``.
    """
    kind = cast("type[Any]", type(record))
    for user_id in assigned_people(kind, changes):
        for veto in current_host().check(
            "check_assignment", session=session, actor=actor, record=record, user_id=user_id
        ):
            return veto.reason
    return None
