"""Announcements: which ones a person sees, and putting one away."""

from __future__ import annotations

from collections.abc import Sequence

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import utcnow, write
from app.notices.models import Announcement, Dismissal
from app.notices.models import announcement_roles as for_one


def _for(actor: Actor) -> list[ColumnElement[bool]]:
    now = utcnow()
    return [
        Announcement.starts_at <= now,
        or_(Announcement.ends_at.is_(None), Announcement.ends_at > now),
        or_(
            ~exists().where(for_one.c.announcement_id == Announcement.id),
            exists().where(
                for_one.c.announcement_id == Announcement.id, for_one.c.role_id == Role.id,
                Role.name.in_(actor.roles),
            ),
        ),
        ~exists().where(
            Dismissal.announcement_id == Announcement.id, Dismissal.user_id == actor.user_id
        ),
    ]


def count_announcements(actor: Actor) -> Select[int]:
    """Return a SELECT of how many announcements the actor has before them."""
    return select(func.count()).select_from(Announcement).where(*_for(actor))


def announcements_for(session: Session, actor: Actor) -> Sequence[Announcement]:
    """Return the announcements that the actor has before them, newest first."""
    return session.scalars(
        select(Announcement).where(*_for(actor)).order_by(Announcement.starts_at.desc()).limit(5)
    ).all()


def dismiss(session: Session, actor: Actor, announcement_id: int) -> bool:
    """Put an announcement away for the actor alone.

    Returns:
        Whether the actor had it before them.
    """
    with write(session):
        found = session.scalar(
            select(Announcement.id).where(Announcement.id == announcement_id, *_for(actor))
        )
        if found is not None:
            session.add(Dismissal(user_id=actor.user_id, announcement_id=found))
    return found is not None
