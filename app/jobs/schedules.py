"""Work done again and again, by one worker of the installation at a time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.database import changed_rows, reset, utcnow, write
from app.jobs.due_moments import OfficeDays
from app.jobs.kinds import Schedule
from app.jobs.models import LONGEST_ERROR, ScheduleRow, WorkerRow
from app.jobs.retries import write_again
from app.jobs.services import LEASE, STALE_AFTER

log = logging.getLogger(__name__)
# A schedule that waits or runs for longer than this, and than its interval, is shown as overdue.
OVERDUE_AFTER = dt.timedelta(minutes=5)


# Pauses before a run for a due moment that failed is tried again; past the last it is given up.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60))
_STANDARD = OfficeDays()


def prepare(
    session: Session, schedules: Iterable[Schedule], now: dt.datetime,
    office: OfficeDays = _STANDARD,
) -> None:
    """Make a row for each schedule that has none, and follow changed times of day.

    What runs at an interval is due at once; what runs at a time of day, at the next such moment.
    A moment that was missed before the declaration changed keeps its run.

    Args:
        session: outside of any writing block.
        schedules: those that are in force.
        now: current time.
        office: the organisation's clock and calendar.
    """
    schedules = list(schedules)
    if not schedules:
        return
    with write(session):
        make = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}
        insert = make[session.get_bind().dialect.name]
        # Two workers that start together both do this.
        session.execute(
            insert(ScheduleRow).on_conflict_do_nothing(),
            [{"name": one.name, **_first_run(one, now, office)} for one in schedules])
        declared = dict(session.execute(
            select(ScheduleRow.name, ScheduleRow.declared)
            .where(ScheduleRow.name.in_([one.name for one in schedules]))).all())
        for one in schedules:
            if declared[one.name] != _declared(one):
                session.execute(
                    update(ScheduleRow)
                    .where(ScheduleRow.name == one.name, ScheduleRow.declared != _declared(one),
                           or_(ScheduleRow.due_at.is_(None), ScheduleRow.due_at > now))
                    .values(attempts=0, **_first_run(one, now, office))
                    .execution_options(synchronize_session=False))


def _declared(schedule: Schedule) -> str:
    return f"{schedule.at} {schedule.days}" if schedule.at else ""


def _first_run(schedule: Schedule, now: dt.datetime, office: OfficeDays) -> dict[str, object]:
    due_time = schedule.due_time
    due_at = due_time.next_candidate(now, office) if due_time else None
    return {"next_run_at": due_at or now, "due_at": due_at, "declared": _declared(schedule)}


def due(session: Session, now: dt.datetime, worker_id: str = "") -> set[str]:
    """Return the names of schedules that are due and that nobody runs.

    Args:
        session: outside of any writing block.
        now: current time.
        worker_id: the worker that asks. What it holds a claim on is named too: it knows itself
            what it still runs, and a claim beyond that is left from a run whose end could not be
            written.
    """
    found = set(session.scalars(select(ScheduleRow.name).where(*_free(now, worker_id))))
    session.rollback()
    return found


def overdue(
    session: Session, schedules: Iterable[Schedule], now: dt.datetime
) -> dict[str, dt.datetime]:
    """Return when schedules that should have run long ago last ended, by name.

    Args:
        session: any session.
        schedules: those that are in force; rows of others do not count.
        now: current time.

    Returns:
        For each overdue schedule the time since which it waits or runs.
    """
    # A time of day has an hour to be late.
    every = {schedule.name: schedule.every_seconds or 3600 for schedule in schedules}
    rows = session.execute(
        select(ScheduleRow.name, ScheduleRow.next_run_at)
        .where(ScheduleRow.name.in_(every), ScheduleRow.next_run_at < now - OVERDUE_AFTER)
    )
    return {
        row.name: row.next_run_at for row in rows
        # What comes often may be late by a few rounds while a long round runs.
        if now - row.next_run_at > dt.timedelta(seconds=min(every[row.name], 3600))
    }


def run_schedule(
    session: Session, schedule: Schedule, worker_id: str, now: dt.datetime,
    office: OfficeDays = _STANDARD,
) -> bool:
    """Run a schedule if it is due and no other worker has it.

    Args:
        session: outside of any writing block.
        schedule: what to run.
        worker_id: this worker, which does not run this schedule at present.
        now: current time.
        office: the organisation's clock and calendar, for schedules with a time of day.

    Returns:
        Whether it was run; a failure of the work itself is written down and logged.

    Raises:
        DBAPIError: the claim could not be written, or its end in several tries; then the claim
            expires by itself.
    """
    with write(session):
        claimed = session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.name == schedule.name, *_free(now, worker_id))
            .values(worker_id=worker_id, last_started_at=now, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        held_from = session.scalar(
            select(ScheduleRow.due_at).where(ScheduleRow.name == schedule.name))
    if not changed_rows(claimed):
        return False
    turn = _turn_of(schedule, held_from, now, office)
    if turn.due is None and turn.next_at is not None:
        # None of the days that have come counts by the calendar.
        write_again(session, lambda: _release(session, schedule, worker_id, now, turn))
        return False
    turn.error = "It was interrupted."
    try:
        if turn.due is None:
            schedule.run(session, now)
        else:
            schedule.run(session, turn.due, now)
        turn.error = None
    except Exception as failure:
        log.exception("schedule %s failed", schedule.name)
        turn.error = f"{type(failure).__name__}: {failure}"[:LONGEST_ERROR]
    finally:
        reset(session)
        write_again(session, lambda: _release(session, schedule, worker_id, now, turn))
    return True


@dataclasses.dataclass(slots=True)
class _Turn:
    """One claim: the moment to run for, and what comes after it.

    ``due`` and ``next_at`` are ``None`` at an interval.
    """

    due: dt.datetime | None
    next_at: dt.datetime | None
    error: str | None = None


def _turn_of(
    schedule: Schedule, held_from: dt.datetime | None, now: dt.datetime, office: OfficeDays
) -> _Turn:
    due_time = schedule.due_time
    if due_time is None:
        return _Turn(None, None)
    missed = due_time.due_between(held_from or now, now, office)
    due = next(missed, None)
    if due is not None and not schedule.catch_up:
        *_, due = due, *missed
    return _Turn(due, due_time.next_candidate(now if due is None else due, office))


def renew(session: Session, worker_id: str, names: Iterable[str], now: dt.datetime) -> None:
    """Renew the leases of what a worker runs; part of the running write.

    Args:
        session: session with a running write.
        worker_id: the worker.
        names: schedules that it runs at present.
        now: current time.
    """
    session.execute(
        update(ScheduleRow)
        .where(ScheduleRow.worker_id == worker_id, ScheduleRow.name.in_(list(names)))
        .values(lease_until=now + LEASE).execution_options(synchronize_session=False)
    )


def _release(
    session: Session, schedule: Schedule, worker_id: str, started_at: dt.datetime, turn: _Turn
) -> None:
    with write(session):
        # The start as well: the lease may have expired, and another run have begun.
        mine = (ScheduleRow.name == schedule.name, ScheduleRow.worker_id == worker_id,
                ScheduleRow.last_started_at == started_at)
        attempts = session.scalar(select(ScheduleRow.attempts).where(*mine)) or 0
        session.execute(
            update(ScheduleRow).where(*mine).values(
                worker_id=None, lease_until=None, last_finished_at=utcnow(),
                last_error=turn.error, **_next_run(schedule, started_at, turn, attempts))
            .execution_options(synchronize_session=False)
        )


def _next_run(
    schedule: Schedule, started_at: dt.datetime, turn: _Turn, attempts: int
) -> dict[str, object]:
    if turn.next_at is None:
        # From the start, not the end; what was missed is not made up for.
        interval = dt.timedelta(seconds=schedule.every_seconds or 0)
        return {"next_run_at": max(started_at + interval, utcnow())}
    if turn.error is not None and attempts < len(PAUSES):
        return {"next_run_at": utcnow() + PAUSES[attempts], "due_at": turn.due,
                "attempts": attempts + 1}
    ran = {} if turn.due is None else {"last_due_at": turn.due}
    return {"next_run_at": turn.next_at, "due_at": turn.next_at, "attempts": 0, **ran}


def _free(now: dt.datetime, worker_id: str = "") -> tuple[ColumnElement[bool], ...]:
    living = select(WorkerRow.id).where(WorkerRow.seen_at >= now - STALE_AFTER)
    return (
        ScheduleRow.next_run_at <= now,
        or_(
            ScheduleRow.worker_id.is_(None), ScheduleRow.worker_id == worker_id,
            ScheduleRow.worker_id.not_in(living), ScheduleRow.lease_until < now,
        ),
    )
