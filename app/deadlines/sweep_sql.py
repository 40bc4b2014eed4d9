"""The sweep's two statements in each database's own JSON: no row travels through Python.

``schedule`` is a list of ``[moment, kind, level, to]`` in order, ``passed`` says how many of them
have fallen due; moments are texts of UTC that both databases read and compare as times.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import TextClause, bindparam, text

from app.database import UTCDateTime

MOMENT = "%Y-%m-%d %H:%M:%S.%f"

_COLUMNS = (
    'clock_id, record_type, record_id, extended, kind, level, "to", at, due_at'
)
_RETURNING = "RETURNING clock_id, record_type, record_id, kind, level, \"to\" AS told, due_at"

_WRITE = {
    "sqlite": f"""
        INSERT INTO deadlines_event ({_COLUMNS})
        SELECT c.id, c.record_type, c.record_id, c.extended,
               json_extract(e.value, '$[1]'), json_extract(e.value, '$[2]'),
               json_extract(e.value, '$[3]'), json_extract(e.value, '$[0]'), c.due_at
        FROM json_each(:ids) AS i
        JOIN deadlines_clock AS c ON c.id = i.value
        JOIN json_each(c.schedule) AS e
        WHERE e.key >= c.passed AND json_extract(e.value, '$[0]') <= :now
        """,
    "postgresql": f"""
        INSERT INTO deadlines_event ({_COLUMNS})
        SELECT c.id, c.record_type, c.record_id, c.extended,
               e.value->>1, (e.value->>2)::integer, e.value->>3, (e.value->>0)::timestamp, c.due_at
        FROM deadlines_clock AS c
        CROSS JOIN LATERAL jsonb_array_elements(c.schedule) WITH ORDINALITY AS e(value, place)
        WHERE c.id IN (SELECT value::bigint FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))
          AND e.place > c.passed AND (e.value->>0)::timestamp <= :now
        """,
}
_ADVANCE = {
    "sqlite": """
        UPDATE deadlines_clock
        SET passed = f.passed,
            next_event_at = json_extract(schedule, '$[' || f.passed || '][0]')
        FROM (
            SELECT c.id AS id, max(c.passed, (
                SELECT count(*) FROM json_each(c.schedule) AS e
                WHERE json_extract(e.value, '$[0]') <= :now
            )) AS passed
            FROM json_each(:ids) AS i JOIN deadlines_clock AS c ON c.id = i.value
        ) AS f
        WHERE deadlines_clock.id = f.id
        """,
    "postgresql": """
        UPDATE deadlines_clock AS c
        SET passed = f.passed, next_event_at = (c.schedule->f.passed->>0)::timestamp
        FROM (
            SELECT o.id, greatest(o.passed, (
                SELECT count(*) FROM jsonb_array_elements(o.schedule) AS e(value)
                WHERE (e.value->>0)::timestamp <= :now
            ))::integer AS passed
            FROM deadlines_clock AS o
            WHERE o.id IN (SELECT value::bigint FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))
        ) AS f
        WHERE c.id = f.id
        """,
}


def write_events(dialect: str, returning: bool) -> TextClause:
    """Return the statement that writes what fell due of the clocks ``:ids`` up to ``:now``.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        returning: whether it gives back what it wrote.
    """
    return _bound(_WRITE[dialect] + (_RETURNING if returning else ""))


def advance(dialect: str) -> TextClause:
    """Return the statement that moves the clocks ``:ids`` on to what comes after ``:now``."""
    return _bound(_ADVANCE[dialect])


def to_text(moment: dt.datetime) -> str:
    """Return a moment as it stands in a schedule."""
    return moment.astimezone(dt.UTC).strftime(MOMENT)


def from_text(moment: str) -> dt.datetime:
    """Return the moment of a schedule's text."""
    return dt.datetime.strptime(moment, MOMENT).replace(tzinfo=dt.UTC)


def _bound(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("now", type_=UTCDateTime), bindparam("ids"))
