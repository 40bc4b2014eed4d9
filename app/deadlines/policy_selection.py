"""What a record's clocks depend on was changed otherwise than by a step: they follow at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import write
from app.deadlines import clocks
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.clocks import Clock
from app.deadlines.models import ClockRow
from app.deadlines.policy_store import policies_by_id, policies_in_force
from app.deadlines.services import Chosen, chosen_among, last_move
from app.deadlines.state_history import Move, runs_of


def depends_on(session: Session, record_type: str, names: Collection[str]) -> bool:
    """Return whether a policy in force looks at any of several columns of a kind of record.

    Args:
        session: any session.
        record_type: kind of record.
        names: names of columns.
    """
    return any(
        condition.fact in names
        for policy in policies_in_force(session, record_type).values()
        for condition in policy.applies_when
    )


def choose_anew(
    session: Session,
    record_type: str,
    record_id: int,
    facts: Mapping[str, Any],
    moves: Sequence[Move],
    now: dt.datetime,
) -> list[str]:
    """Let the clocks of a record follow its facts, as if these had held from the beginning.

    A clock whose policy is still the chosen one stays as it is. One whose policy is not is called
    off, and one that is chosen now has the runs that the course of the record gives it; what has
    fallen due of them is told by the next sweep.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_id: its id.
        facts: values of the record that policies look at.
        moves: what happened to the record, the oldest first; no move lies before the one it
            follows.
        now: the present moment.

    Returns:
        The keys of the clocks that were called off or begun. The record's own ``due_at`` is the
        caller's to write, see ``app.deadlines.clock_rows.earliest_due``.

    Raises:
        UnknownCalendar: a policy names a calendar that does not exist.
    """
    with write(session):
        # The sweep may be at work on them.
        rows = session.scalars(
            select(ClockRow)
            .where(ClockRow.record_type == record_type, ClockRow.record_id == record_id)
            .order_by(ClockRow.run).with_for_update()
        )
        latest = {row.key: row for row in rows}
        chosen = chosen_among(policies_in_force(session, record_type), facts)
        held = policies_by_id(session, {row.policy_id for row in latest.values()})
        calendars = Calendars(session)
        changed = [
            key for key in dict.fromkeys((*latest, *chosen))
            if _policy_of(latest.get(key), held) != (
                chosen[key].policy.name if key in chosen else "")
        ]
        moved: list[str] = []
        for key in changed:
            row, rule = latest.get(key), chosen.get(key)
            off = False
            if row is not None and row.stopped_at is None:
                off = True
                clock = clock_of(row, held[row.policy_id].rule(key))
                stopped = clocks.stop(clock, max(now, last_move(clock)))
                put(row, stopped, calendars.get(row.calendar_id))
                row.kept = None  # called off: neither kept nor missed
            agreed_at = rule.rule.agreed_in(facts) if rule is not None else None
            runs = runs_of(rule.rule, moves, agreed_at) if rule is not None else []
            _begin(session, calendars, row, rule, (record_type, record_id), runs)
            if off or runs:
                moved.append(key)
        session.flush()
    return moved


def leave_less_time(
    session: Session, record_type: str, record_id: int, facts: Mapping[str, Any]
) -> list[str]:
    """Shorten the running clocks of a record that would have begun with less time today.

    None of them becomes longer, and a deadline that people agreed on stays.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_id: its id.
        facts: values of the record that policies look at, ``LESS_TIME`` among them.

    Returns:
        The keys of the clocks that were made shorter.

    Raises:
        UnknownCalendar: a policy names a calendar that does not exist.
    """
    chosen = chosen_among(policies_in_force(session, record_type), facts)
    if not any(one.less_time for one in chosen.values()):
        return []
    with write(session):
        # The sweep may be at work on them.
        rows = session.scalars(
            select(ClockRow)
            .where(ClockRow.record_type == record_type, ClockRow.record_id == record_id,
                   ClockRow.stopped_at.is_(None), ClockRow.key.in_(chosen))
            .order_by(ClockRow.id).with_for_update()
        ).all()
        held = policies_by_id(session, {row.policy_id for row in rows})
        calendars = Calendars(session)
        moved: list[str] = []
        for row in rows:
            rule = held[row.policy_id].rule(row.key)
            percent = chosen[row.key].less_time_of(clock_of(row, rule))
            if percent > (row.less_time or 0):
                row.less_time = percent
                put(row, clock_of(row, rule), calendars.get(row.calendar_id))
                moved.append(row.key)
        session.flush()
    return moved


def _policy_of(row: ClockRow | None, held: Mapping[int, Any]) -> str:
    """Return the policy that a clock was run under last; none of one that was called off."""
    if row is None or (row.stopped_at is not None and row.kept is None):
        return ""
    return held[row.policy_id].name


def _begin(
    session: Session, calendars: Calendars, row: ClockRow | None, chosen: Chosen | None,
    record: tuple[str, int], runs: Sequence[Clock],
) -> None:
    """Write the runs of a clock that is chosen now."""
    if chosen is None:
        return
    for number, clock in enumerate(runs, start=row.run + 1 if row is not None else 1):
        new = ClockRow(
            record_type=record[0], record_id=record[1], key=chosen.rule.key, run=number,
            policy_id=chosen.policy_id, calendar_id=calendars.id_of(chosen.policy.calendar),
            less_time=chosen.less_time_of(clock),
        )
        put(new, clock, calendars.get(new.calendar_id), passed=0)
        session.add(new)
