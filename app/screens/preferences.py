"""Reading and keeping what a person has set up for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import AnySelect, utcnow, write
from app.screens.models import Preference
from app.statements import built_once


def read_preference(session: Session, actor: Actor, name: str) -> dict[str, Any]:
    """Return what the actor has kept under a name; empty without anything.

    Args:
        session: any session.
        actor: whose preference.
        name: e.g. ``list:complaints.Case``.
    """
    return preference_of(session, actor.user_id, name)


def preference_of(session: Session, user_id: int | None, name: str) -> dict[str, Any]:
    """Return what a user has kept under a name; for the moment of sign-in, before one acts.

    Args:
        session: any session.
        user_id: primary key of the user.
        name: e.g. ``menu``.
    """
    found = session.scalar(_kept_value(), {"user_id": user_id, "name": name})
    return found if isinstance(found, dict) else {}


@built_once
def _kept_value() -> AnySelect:
    return select(Preference.value).where(
        Preference.user_id == bindparam("user_id"), Preference.name == bindparam("name"))


def keep_preference(session: Session, actor: Actor, name: str, value: Mapping[str, Any]) -> None:
    """Keep a value under a name in the place of what was there.

    Args:
        session: session without unsaved changes.
        actor: whose preference.
        name: e.g. ``list:complaints.Case``.
        value: plain JSON.
    """
    with write(session):
        kept = session.get(Preference, (actor.user_id, name))
        if kept is None:
            session.add(Preference(user_id=actor.user_id, name=name, value=dict(value)))
        else:
            kept.value = dict(value)
            kept.updated_at = utcnow()
