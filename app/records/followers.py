"""Who follows a record, and who has it open just now.

Owner and creator follow by themselves; a person's own decision comes before that.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from sqlalchemy import delete, literal, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import UTCDateTime, changed_rows, put_row, utcnow, write
from app.records.mixin import Record
from app.records.models import Follow, Presence

# Pages ask every 20 seconds: three of them may be missed.
PRESENT_FOR = dt.timedelta(seconds=70)
# What was noted so shortly before is not written again.
NOTED_FOR = dt.timedelta(seconds=15)


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


def follow(session: Session, actor: Actor, record: Record, following: bool) -> None:
    """Keep whether a person follows a record."""
    kind, key = _key(record)
    with write(session):
        put_row(
            session, Follow,
            {"record_type": kind, "record_id": key, "user_id": actor.user_id},
            {"following": following},
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Watch:
    """Who else has a record open, and whether one follows it.

    Attributes:
        others: name of each, and whether that person is changing it; by name.
        following: whether the person who asks follows it.
    """

    others: tuple[tuple[str, bool], ...]
    following: bool


def look(session: Session, actor: Actor, record: Record, editing: bool = False) -> Watch:
    """Note that a person has a record open, and return who else has.

    One statement reads; another writes, unless the same was noted a moment ago.

    Args:
        session: session without unsaved changes.
        actor: who looks.
        record: at what.
        editing: whether the form is open.
    """
    kind, key = _key(record)
    now = utcnow()
    rows = session.execute(union_all(
        select(literal(True).label("is_presence"), Presence.user_id, Presence.user_name,
               Presence.editing.label("flag"), Presence.seen_at)
        .where(Presence.record_type == kind, Presence.record_id == key,
               Presence.seen_at >= now - PRESENT_FOR),
        select(literal(False), Follow.user_id, literal(""), Follow.following,
               literal(now, UTCDateTime))
        .where(Follow.record_type == kind, Follow.record_id == key,
               Follow.user_id == actor.user_id),
    )).all()
    present = [row for row in rows if row.is_presence]
    own = next((row for row in present if row.user_id == actor.user_id), None)
    if own is None or own.flag != editing or own.seen_at < now - NOTED_FOR:
        with write(session):
            put_row(
                session, Presence,
                {"record_type": kind, "record_id": key, "user_id": actor.user_id},
                {"user_name": actor.name[:128], "editing": editing, "seen_at": now},
            )
    decided = next((row.flag for row in rows if not row.is_presence), None)
    return Watch(
        others=tuple(sorted((row.user_name, row.flag) for row in present if row is not own)),
        following=actor.user_id in _by_themselves(record) if decided is None else decided,
    )


def forget_absent(session: Session, now: dt.datetime) -> int:
    """Delete who had a record open some time ago; for the worker's schedule."""
    with write(session):
        return changed_rows(session.execute(
            delete(Presence).where(Presence.seen_at < now - PRESENT_FOR)
            .execution_options(synchronize_session=False)
        ))
