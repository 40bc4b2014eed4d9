"""Clocks of a record whose last step was taken back: they are as if it had never been taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.database import write
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.policies import ClockRule
from app.deadlines.policy_store import policies_by_id
from app.deadlines.state_history import Move, runs_of


def rewind(
    session: Session, record_type: str, record_id: int, moves: Sequence[Move]
) -> list[str]:
    """Let the clocks of a record follow a course that has become shorter.

    A run that the course no longer gives is removed with its events; one that it still gives has
    the pauses and the end of the course again, and keeps its extensions.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_id: its id.
        moves: what happened to the record without the step, the oldest first.

    Returns:
        The keys of the clocks that changed. The record's own ``due_at`` is the caller's to write.
    """
    with write(session):
        rows = session.scalars(
            select(ClockRow)
            .where(ClockRow.record_type == record_type, ClockRow.record_id == record_id)
            .order_by(ClockRow.key, ClockRow.run).with_for_update()
        ).all()
        policies = policies_by_id(session, {row.policy_id for row in rows})
        calendars = Calendars(session)
        changed = [
            row.key for row in rows
            if _rewind_row(session, row, calendars, moves, policies[row.policy_id].rule(row.key))
        ]
        session.flush()
    return list(dict.fromkeys(changed))


def _rewind_row(
    session: Session, row: ClockRow, calendars: Calendars, moves: Sequence[Move], rule: ClockRule
) -> bool:
    if row.stopped_at is not None and row.kept is None:
        return False  # called off, under another policy
    held = clock_of(row, rule)
    given = next(
        (one for one in runs_of(rule, moves) if one.started_at == row.started_at), None
    )
    if given is None:
        session.execute(delete(ClockEventRow).where(ClockEventRow.clock_id == row.id))
        session.delete(row)
        return True
    wanted = dataclasses.replace(held, pauses=given.pauses, stopped_at=given.stopped_at)
    if wanted == held:
        return False
    put(row, wanted, calendars.get(row.calendar_id), passed=row.passed)
    if wanted.stopped_at is None:
        row.kept = None
    return True
