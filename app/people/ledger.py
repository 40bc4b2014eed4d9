"""The ledger of share-outs: who got how much of which kind of record on which day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.database import utcnow
from app.people.clock import local_zone
from app.people.models import ShareOutEntry

_INSERT = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    """What a person got in a time.

    Attributes:
        number: how many records.
        weight: how much load they were.
        last_at: when the person last got one, aware, in UTC.
    """

    number: int
    weight: float
    last_at: dt.datetime


def note_given(
    session: Session, record_type: str, given: Mapping[int, tuple[int, float]],
    at: dt.datetime | None = None,
) -> None:
    """Enter what people got.

    Args:
        session: session with a running write.
        record_type: kind of record, e.g. ``complaints.complaint``.
        given: number and weight of the records by user id.
        at: when, aware; now by default.
    """
    moment = at or utcnow()
    day = moment.astimezone(local_zone()).date()
    rows = [
        {"user_id": user_id, "record_type": record_type, "day": day, "number": number,
         "weight": decimal.Decimal(str(weight)), "last_at": moment}
        for user_id, (number, weight) in sorted(given.items()) if number
    ]
    if not rows:
        return
    statement = _INSERT[session.get_bind().dialect.name](ShareOutEntry).values(rows)
    session.execute(statement.on_conflict_do_update(
        index_elements=["user_id", "record_type", "day"],
        set_={
            "number": ShareOutEntry.number + statement.excluded.number,
            "weight": ShareOutEntry.weight + statement.excluded.weight,
            "last_at": statement.excluded.last_at,
        },
    ))


def note_taken_back(
    session: Session, record_type: str, taken: Mapping[int, tuple[int, float]], at: dt.datetime
) -> None:
    """Take what people got back out of the ledger, for the day on which they got it.

    Args:
        session: session with a running write.
        record_type: kind of record, e.g. ``complaints.complaint``.
        taken: number and weight of the records by user id.
        at: when they were given, aware.
    """
    entry, day = ShareOutEntry, at.astimezone(local_zone()).date()
    for user_id, (number, weight) in sorted(taken.items()):
        of_day = (entry.user_id == user_id, entry.record_type == record_type, entry.day == day)
        session.execute(update(entry).where(*of_day).values(
            number=entry.number - number, weight=entry.weight - decimal.Decimal(str(weight))))
        # Who has nothing left of a day was not served on it.
        session.execute(delete(entry).where(*of_day, entry.number <= 0))


def given_between(
    session: Session, record_type: str, first: dt.date, last: dt.date,
    user_ids: Collection[int] | None = None,
) -> dict[int, Received]:
    """Return what people got in a time, by user id; who got nothing is left out.

    Args:
        session: any session.
        record_type: kind of record.
        first: first local date.
        last: last local date.
        user_ids: only these users; everybody by default.
    """
    entry = ShareOutEntry
    statement = (
        select(entry.user_id, func.sum(entry.number), func.sum(entry.weight),
               func.max(entry.last_at, type_=entry.last_at.type))
        .where(entry.record_type == record_type, entry.day >= first, entry.day <= last)
        .group_by(entry.user_id)
    )
    if user_ids is not None:
        statement = statement.where(entry.user_id.in_(list(user_ids)))
    return {
        user_id: Received(int(number), float(weight), last_at)
        for user_id, number, weight, last_at in session.execute(statement)
    }


def last_served(
    session: Session, record_type: str, user_ids: Collection[int]
) -> dict[int, dt.datetime]:
    """Return when users last got a record of a kind, by user id; who never did is left out.

    Args:
        record_type: kind of record.
        user_ids: primary keys of users.
    """
    if not user_ids:
        return {}
    entry = ShareOutEntry
    return dict(session.execute(
        select(entry.user_id, func.max(entry.last_at, type_=entry.last_at.type))
        .where(entry.record_type == record_type, entry.user_id.in_(list(user_ids)))
        .group_by(entry.user_id)
    ).all())
