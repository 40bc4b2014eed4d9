"""What stands against the deletion of a row: its own rules, and plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.host import current_host
from app.i18n import Message

if TYPE_CHECKING:
    from app.records.operations import Operations


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
