"""A new version of a policy against the clocks that run: what would be due when; following it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import held_seconds, write
from app.deadlines import clock_status
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.models import ClockEventRow, ClockRow, PolicyRow
from app.deadlines.policies import Policy
from app.deadlines.policy_store import policies_by_id
from app.deadlines.services import write_due
from app.jobs.hidden_rows import HELD_FROM
from app.jobs.portions import PAUSE_SECONDS, Pace

MOST_SHOWN = 20
PORTION = 500
FIRST, MOST = 50, 500


@dataclasses.dataclass(frozen=True, slots=True)
class MovedClock:
    """A running clock that a new version would move.

    Attributes:
        record_id: key of its record.
        key: key of the clock.
        before: deadline now.
        after: deadline by the new version.
    """

    record_id: int
    key: str
    before: dt.datetime
    after: dt.datetime


@dataclasses.dataclass(slots=True)
class Rehearsal:
    """What a new version would do to the clocks that run under the policy.

    Attributes:
        running: how many run.
        earlier: how many would be due earlier.
        later: how many would be due later.
        overdue_before: how many are overdue now.
        overdue_after: how many would be.
        moved: some of those that would move, those due first.
    """

    running: int = 0
    earlier: int = 0
    later: int = 0
    overdue_before: int = 0
    overdue_after: int = 0
    moved: list[MovedClock] = dataclasses.field(default_factory=list[MovedClock])


def _versions(session: Session, record_type: str, name: str) -> set[int]:
    return set(session.scalars(select(PolicyRow.id).where(
        PolicyRow.record_type == record_type, PolicyRow.name == name)))


def _portions(session: Session, policy_ids: set[int]) -> Iterator[Sequence[ClockRow]]:
    after = 0
    running = select(ClockRow).where(
        ClockRow.policy_id.in_(policy_ids), ClockRow.stopped_at.is_(None))
    while rows := session.scalars(
        running.where(ClockRow.id > after).order_by(ClockRow.id).limit(PORTION)
    ).all():
        after = rows[-1].id
        yield rows
        for row in rows:
            session.expunge(row)


def rehearse(
    session: Session, record_type: str, policy: Policy, now: dt.datetime
) -> Rehearsal:
    """Return what would become of the running clocks if they followed a version; writes nothing.

    Args:
        session: any session.
        record_type: kind of record.
        policy: the version that is not published yet.
        now: the present moment, aware.
    """
    found, calendars = Rehearsal(), Calendars(session)
    with session.no_autoflush:
        for rows in _portions(session, _versions(session, record_type, policy.name)):
            for row in rows:
                after = clock_status.due_at(
                    clock_of(row, policy.rule(row.key)), calendars.get(row.calendar_id))
                found.running += 1
                found.earlier += after < row.due_at
                found.later += after > row.due_at
                found.overdue_before += row.due_at < now
                found.overdue_after += after < now
                if after != row.due_at:
                    found.moved.append(MovedClock(row.record_id, row.key, row.due_at, after))
            found.moved = sorted(
                found.moved, key=lambda one: (one.after, one.record_id))[:MOST_SHOWN]
    return found


def follow(session: Session, record_type: str, name: str) -> int:
    """Let the running clocks of a policy follow its newest version, in portions.

    What was extended and paused stays; what was written as fallen due stays written.

    Args:
        session: outside of a writing block.
        record_type: kind of record.
        name: name of the policy.

    Returns:
        How many clocks follow it now.
    """
    newest = session.scalar(
        select(PolicyRow.id).where(PolicyRow.record_type == record_type, PolicyRow.name == name)
        .order_by(PolicyRow.version.desc()).limit(1))
    if newest is None:
        return 0
    done, pace = 0, Pace(first=FIRST, most=MOST)
    while True:
        with write(session):
            rows = _follow_portion(session, record_type, name, newest, pace.size)
        if not rows:
            return done
        done += len(rows)
        pace.took(len(rows), held_seconds(session))
        for row in rows:
            session.expunge(row)
        time.sleep(PAUSE_SECONDS)


def _follow_portion(
    session: Session, record_type: str, name: str, newest: int, most: int
) -> Sequence[ClockRow]:
    rows = session.scalars(
        select(ClockRow)
        .where(ClockRow.policy_id.in_(_versions(session, record_type, name) - {newest}),
               ClockRow.stopped_at.is_(None))
        .order_by(ClockRow.id).limit(most).with_for_update()
    ).all()
    policy = policies_by_id(session, {newest})[newest]
    calendars, written = Calendars(session), _written(session, rows)
    for row in rows:
        until = row.next_event_at
        row.policy_id = newest
        clock = clock_of(row, policy.rule(row.key))
        calendar = calendars.get(row.calendar_id)
        put(row, clock, calendar)
        # There may be more or fewer warnings and levels than before.
        put(row, clock, calendar, passed=_passed(row, written.get(row.id, ())))
        if until is not None and until >= HELD_FROM:
            row.next_event_at = until
    session.flush()
    write_due(session, record_type, [row.record_id for row in rows])
    return rows


def _written(session: Session, rows: Sequence[ClockRow]) -> dict[int, set[tuple[str, int]]]:
    """Return kind and level of what has fallen due of clocks as long as they are now, by clock."""
    found: dict[int, set[tuple[str, int]]] = {}
    lengths = {row.id: row.extended for row in rows}
    for event in session.execute(
        select(ClockEventRow.clock_id, ClockEventRow.extended, ClockEventRow.kind,
               ClockEventRow.level).where(ClockEventRow.clock_id.in_(lengths))
    ):
        if event.extended == lengths[event.clock_id]:
            found.setdefault(event.clock_id, set()).add((event.kind, event.level))
    return found


def _passed(row: ClockRow, written: Collection[tuple[str, int]]) -> int:
    """Return how many events of a clock's schedule lie behind: up to the last that was written."""
    return max((place for place, (_, kind, level, _to) in enumerate(row.schedule, 1)
                if (kind, level) in written), default=0)
