"""Clocks of records that are made by the thousand, in few statements.

What happened to such a record is told at once, as a list of moves. Its clocks come out as if each
move had been made one by one, and as the sweep would have left them: what has fallen due is
written. Nobody is told of it: it lies in a past that never was.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from app.database import write
from app.deadlines import sweep_sql
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import put
from app.deadlines.models import ClockRow
from app.deadlines.policy_store import policies_in_force
from app.deadlines.services import Chosen, chosen_among
from app.deadlines.state_history import Move, runs_of

_COLUMNS: tuple[str, ...] = tuple(
    one.key for one in inspect(ClockRow).column_attrs if one.key not in ("id", "record_id")
)


@dataclasses.dataclass(frozen=True, slots=True)
class Course:
    """The clocks of one record after its moves.

    Attributes:
        due_at: the earliest deadline of those that run, for the record's own column.
        rows: values of their rows, without the record's id.
    """

    due_at: dt.datetime | None
    rows: tuple[dict[str, Any], ...]


class ManyClocks:
    """Makes clocks by the policies and calendars as they are now; for one piece of work.

    Args:
        session: any session.
        record_type: kind of record.
    """

    def __init__(self, session: Session, record_type: str) -> None:
        self._session, self._record_type = session, record_type
        self._calendars = Calendars(session)
        self._policies = policies_in_force(session, record_type)

    def course(self, facts: Mapping[str, Any], moves: Sequence[Move]) -> Course:
        """Return the clocks of a record; nothing is written.

        Args:
            facts: values that policies look at; they are the same for all moves.
            moves: what happened, in order.

        Raises:
            UnknownCalendar: a policy names a calendar that does not exist.
        """
        rows = [
            row
            for chosen in chosen_among(self._policies, facts).values()
            for row in self._runs(chosen, moves, facts)
        ]
        due = min((row.due_at for row in rows if row.stopped_at is None), default=None)
        return Course(due, tuple({key: getattr(row, key) for key in _COLUMNS} for row in rows))

    def _runs(
        self, chosen: Chosen, moves: Sequence[Move], facts: Mapping[str, Any]
    ) -> list[ClockRow]:
        """Return the runs of one clock: one that has stopped may begin again."""
        runs = runs_of(chosen.rule, moves, chosen.rule.agreed_in(facts))
        if not runs:
            return []
        calendar_id = self._calendars.id_of(chosen.policy.calendar)
        rows: list[ClockRow] = []
        for number, clock in enumerate(runs, start=1):
            row = ClockRow(
                record_type=self._record_type, key=chosen.rule.key, run=number,
                policy_id=chosen.policy_id, calendar_id=calendar_id,
                less_time=chosen.less_time_of(clock),
            )
            put(row, clock, self._calendars.get(calendar_id), passed=0)
            rows.append(row)
        return rows

    def store(self, courses: Mapping[int, Course], now: dt.datetime) -> int:
        """Write clocks, and what has fallen due of them, as a sweep at ``now`` would.

        Args:
            courses: by id of the record, some thousands of them; the records have no clocks yet.
            now: aware moment.

        Returns:
            How many clocks were written.
        """
        rows = [
            {**row, "record_id": record_id}
            for record_id, course in courses.items() for row in course.rows
        ]
        if not rows:
            return 0
        with write(self._session):
            self._session.execute(insert(ClockRow.__table__), rows)
            ids = self._session.scalars(
                select(ClockRow.id).where(
                    ClockRow.record_type == self._record_type, ClockRow.record_id.in_(courses)
                )
            ).all()
            dialect = self._session.get_bind().dialect.name
            values = {"ids": json.dumps(list(ids)), "now": now}
            self._session.execute(sweep_sql.write_events(dialect, returning=False), values)
            self._session.execute(sweep_sql.advance(dialect), values)
        return len(rows)
