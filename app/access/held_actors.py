"""The rights of people, kept in memory until they change."""

from __future__ import annotations

import dataclasses
import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import load_actor
from app.database import utcnow
from app.people.substitutes import next_change

_MOST = 5000


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    """Rights kept in memory: under which number, and until when at the latest.

    Whoever stands in for somebody does so from one moment to another, and nothing is written then.
    """

    version: int
    until: dt.datetime | None
    actor: Actor


class HeldActors:
    """Actors that are read from the database once for every change of rights."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def actor_of(self, session: Session, user: User, version: int) -> Actor:
        """Return a user with the rights in force now.

        Args:
            session: any session.
            user: an active user.
            version: the number under which rights are cached (``access_version``).
        """
        now = utcnow()
        hit = self._held.get(user.id)
        if hit is not None and hit.version == version and (hit.until is None or now < hit.until):
            return hit.actor
        if len(self._held) >= _MOST:
            self._held.clear()
        held = _Held(version, next_change(session, now), load_actor(session, user))
        self._held[user.id] = held
        return held.actor
