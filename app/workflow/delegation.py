"""In whose place somebody acts: the leader who is away, where nothing else gives the right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.host import current_host
from app.i18n import N_
from app.people.models import Team
from app.people.services import leaders_of, name_of
from app.workflow import publishing
from app.workflow.actor_relations import LEADER, relations_of

# Key of the fact in the audit trail, which shows it with this label.
IN_PLACE_OF = "in_place_of"
LABEL = N_("In place of")


def in_place_of(
    session: Session, actor: Actor, record: Any, relations: Collection[str]
) -> str:
    """Return the name of the person in whose place an act is done, or an empty text.

    Args:
        session: any session.
        actor: who acts.
        record: the record.
        relations: relations to the record that give the right to the act.
    """
    if not actor.stands_in_for:
        return ""
    held = relations_of(actor, record).intersection(relations)
    if not held or any(not name.endswith(LEADER) for name in held):
        return ""
    leaders = [_leaders(session, record, name.removesuffix(LEADER)) for name in sorted(held)]
    if any(actor.user_id in ids for ids in leaders):
        return ""
    absent = next(
        (user_id for ids in leaders for user_id in ids if user_id in actor.stands_in_for), None)
    return name_of(session, absent)


def may_decide_for(session: Session, substitute: Actor, absent: Actor) -> bool:
    """Return whether a substitute holds every right to approve that the absent person holds.

    Args:
        session: any session.
        substitute: who is to stand in.
        absent: who will be away.
    """
    needed = {
        need
        for binding in current_host().workflows()
        for step in publishing.read_in_force(session, binding.workflow.name).transitions
        if step.approval for need in step.needs
    }
    return all(substitute.can(*need) for need in needed if absent.can(*need))


def noted(name: str) -> dict[str, list[str | None]]:
    """Return what ``in_place_of`` found as a fact for the audit trail."""
    return {IN_PLACE_OF: [None, name]} if name else {}


def _leaders(session: Session, record: Any, column: str) -> list[int]:
    """Return those who lead where a column of a record points, the nearest first."""
    key = getattr(record, f"{column}_id")
    if column.endswith("team"):
        return [leader for leader in session.scalars(
            select(Team.leader_id).where(Team.id == key)) if leader is not None]
    return leaders_of(session, key)
