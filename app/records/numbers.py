"""Numbers of records: prefix, year, counter, e.g. ``TS-2026-000001``."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.database import utcnow
from app.jobs.hidden_rows import highest_key
from app.records.models import Counter
from app.statements import built_once

_SPOKEN = re.compile(
    r"(?:(?P<prefix>[A-Za-z]{1,8})-?)?(?:(?P<year>[0-9]{4})-)?(?P<value>[0-9]{1,6})\Z"
)


def format_number(prefix: str, year: int, value: int) -> str:
    """Return the number as people read it, at least six digits wide."""
    return f"{prefix}-{year}-{value:06d}"


def meant_number(prefix: str, text: str, year: int) -> str:
    """Return the whole number that somebody means who says only part of it, or an empty text.

    "161", "TS161", "ts-161", "2026-161" and "TS-2026-161" all mean ``TS-2026-000161``.

    Args:
        prefix: of the kind of record.
        text: what was typed.
        year: the year that goes without saying.
    """
    match = _SPOKEN.match(text.strip())
    if match is None or (match["prefix"] or prefix).upper() != prefix:
        return ""
    return format_number(prefix, int(match["year"] or year), int(match["value"]))


def _take(execute: Any, dialect: str, record_type: str, year: int, count: int) -> int:
    """Count up and return the last value taken; one statement that also locks the row."""
    return execute(_counting(dialect), {
        "record_type": record_type, "year": year, "value": count}).scalar_one()


@built_once
def _counting(dialect: str) -> Any:
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = maker(Counter.__table__)
    return statement.on_conflict_do_update(
        index_elements=["record_type", "year"],
        set_={"value": Counter.value + statement.excluded.value},
    ).returning(Counter.value)


def next_numbers(
    session: Session,
    model: type[Any],
    count: int = 1,
    at: dt.datetime | None = None,
    timezone: str = "Asia/Shanghai",
) -> list[str]:
    """Take the next numbers of a kind of record for the current year.

    Gapless kinds count within the running transaction, so that a rollback gives the number back
    and others wait for the commit. On PostgreSQL other kinds count in a transaction of their
    own, so that nobody waits. (SQLite has one writer at a time anyway.)

    Args:
        session: session with a running write.
        model: class with the ``Record`` mixin.
        count: how many numbers.
        at: moment that decides the year; now by default.
        timezone: zone in which the year is counted.
    """
    moment = (at or utcnow()).astimezone(zoneinfo.ZoneInfo(timezone))
    dialect = session.get_bind().dialect.name
    key = model.__record_type__
    if dialect == "postgresql" and not model.__number_gapless__:
        with session.get_bind().engine.begin() as connection:
            last = _take(connection.execute, dialect, key, moment.year, count)
    else:
        last = _take(session.execute, dialect, key, moment.year, count)
    first = last - count + 1
    return [
        format_number(model.__number_prefix__, moment.year, value)
        for value in range(first, last + 1)
    ]


def set_counter(session: Session, record_type: str, year: int, at_least: int) -> None:
    """Make sure that the counter stands at least here; for imports that bring numbers along."""
    value = session.scalar(
        select(Counter.value).where(Counter.record_type == record_type, Counter.year == year)
    )
    if value is None:
        session.execute(
            insert(Counter).values(record_type=record_type, year=year, value=at_least)
        )
    elif value < at_least:
        session.execute(
            update(Counter)
            .where(Counter.record_type == record_type, Counter.year == year)
            .values(value=at_least)
        )


def reserve_ids(session: Session, model: type[Any], count: int) -> list[int]:
    """Return primary keys for rows about to be inserted in bulk.

    An insert that returns keys goes row by row or in small parts; one that brings them goes at
    the full speed of the database.

    Args:
        session: session with a running write.
        model: mapped class with an integer key named ``id``.
        count: how many.
    """
    table = model.__table__
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        keys = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return list(session.scalars(keys))
    first = (session.scalar(highest_key(table)) or 0) + 1
    return list(range(first, first + count))
