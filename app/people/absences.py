"""Who is away on a day, and for how much of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deadlines.calendar_store import default_calendar
from app.people.clock import local_zone
from app.people.models import Absence, Staff
from app.people.presence import Interval, presence_share


def absences_between(
    session: Session, user_ids: Collection[int], first: dt.date, last: dt.date,
    kinds: Collection[str] = (),
) -> dict[int, list[tuple[str, Interval]]]:
    """Return kind, start and end of the absences that touch a time, by user id.

    Args:
        session: any session.
        user_ids: keys of users.
        first: first local date.
        last: last local date.
        kinds: kinds of absence; all where none is named.
    """
    found: dict[int, list[tuple[str, Interval]]] = defaultdict(list)
    if not user_ids:
        return found
    zone = local_zone()
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    statement = (
        select(Staff.user_id, Absence.kind, Absence.starts_at, Absence.ends_at)
        .join(Staff, Staff.id == Absence.staff_id)
        .where(Staff.user_id.in_(list(user_ids)), Absence.starts_at < end, Absence.ends_at > start)
        .order_by(Absence.starts_at, Absence.id)
    )
    if kinds:
        statement = statement.where(Absence.kind.in_(list(kinds)))
    for user_id, kind, starts_at, ends_at in session.execute(statement):
        found[user_id].append((kind, (starts_at, ends_at)))
    return found


def presence_on(
    session: Session, user_ids: Collection[int], day: dt.date
) -> dict[int, float]:
    """Return the share of a day for which users are there, 0.0 to 1.0, by user id.

    Args:
        session: any session.
        user_ids: keys of users.
        day: local date; a closed day counts with all its hours.
    """
    away = absences_between(session, user_ids, day, day)
    if not away:
        return dict.fromkeys(user_ids, 1.0)
    calendar, zone = default_calendar(session), local_zone()
    return {
        user_id: presence_share(
            calendar, day, (interval for _kind, interval in away.get(user_id, ())), zone)
        for user_id in user_ids
    }
