"""Who follows a record, and who has it open just now.

Owner and creator follow by themselves; a person's own decision comes before that.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import put_row, utcnow, write
from app.records.mixin import Record
from app.records.models import Follow, Presence

# Pages ask every 20 seconds: three of them may be missed.
PRESENT_FOR = dt.timedelta(seconds=70)


def _key(record: Record) -> tuple[str, int]:
    return record.__record_type__, record.id


def _by_themselves(record: Record) -> set[int]:
    return {key for key in (record.owner_id, record.created_by_id) if key is not None}


def followers(session: Session, record: Record) -> set[int]:
    """Return the users who follow a record; for notices.

    Args:
        session: any session.
        record: the record.
    """
    kind, key = _key(record)
    found = _by_themselves(record)
    for user_id, following in session.execute(
        select(Follow.user_id, Follow.following)
        .where(Follow.record_type == kind, Follow.record_id == key)
    ):
        (found.add if following else found.discard)(user_id)
    return found


def is_following(session: Session, actor: Actor, record: Record) -> bool:
    """Return whether a person follows a record."""
    if actor.user_id is None:
        return False
    kind, key = _key(record)
    decided = session.scalar(
        select(Follow.following).where(
            Follow.record_type == kind, Follow.record_id == key, Follow.user_id == actor.user_id
        )
    )
    return actor.user_id in _by_themselves(record) if decided is None else decided


def follow(session: Session, actor: Actor, record: Record, following: bool) -> None:
    """Keep whether a person follows a record."""
    kind, key = _key(record)
    with write(session):
        put_row(
            session, Follow,
            {"record_type": kind, "record_id": key, "user_id": actor.user_id},
            {"following": following},
        )


def look(
    session: Session, actor: Actor, record: Record, editing: bool = False
) -> list[tuple[str, bool]]:
    """Note that a person has a record open, and return who else has.

    Args:
        session: session without unsaved changes.
        actor: who looks.
        record: at what.
        editing: whether the form is open.

    Returns:
        Name, and whether the person is changing it; by name.
    """
    kind, key = _key(record)
    now = utcnow()
    with write(session):
        session.execute(delete(Presence).where(
            Presence.record_type == kind, Presence.record_id == key,
            Presence.seen_at < now - PRESENT_FOR,
        ).execution_options(synchronize_session=False))
        put_row(
            session, Presence,
            {"record_type": kind, "record_id": key, "user_id": actor.user_id},
            {"user_name": actor.name[:128], "editing": editing, "seen_at": now},
        )
    rows = session.execute(
        select(Presence.user_name, Presence.editing)
        .where(Presence.record_type == kind, Presence.record_id == key,
               Presence.user_id != actor.user_id)
        .order_by(Presence.user_name)
    )
    return [(row.user_name, row.editing) for row in rows]
