"""Work done again and again, by one worker of the installation at a time."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.database import reset, utcnow, write
from app.jobs.kinds import Schedule
from app.jobs.models import LONGEST_ERROR, ScheduleRow, WorkerRow
from app.jobs.retries import write_again
from app.jobs.services import LEASE, STALE_AFTER

log = logging.getLogger(__name__)
# A schedule that waits or runs for longer than this, and than its interval, is shown as overdue.
OVERDUE_AFTER = dt.timedelta(minutes=5)


def prepare(session: Session, schedules: Iterable[Schedule], now: dt.datetime) -> None:
    """Make a row for each schedule that has none; it is due at once."""
    rows = [{"name": schedule.name, "next_run_at": now} for schedule in schedules]
    if not rows:
        return
    with write(session):
        make = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}
        insert = make[session.get_bind().dialect.name]
        # Two workers that start together both do this.
        session.execute(insert(ScheduleRow).on_conflict_do_nothing(), rows)


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
    every = {schedule.name: schedule.every_seconds for schedule in schedules}
    rows = session.execute(
        select(ScheduleRow.name, ScheduleRow.next_run_at)
        .where(ScheduleRow.name.in_(every), ScheduleRow.next_run_at < now - OVERDUE_AFTER)
    )
    return {
        row.name: row.next_run_at for row in rows
        # What comes often may be late by a few rounds while a long round runs.
        if now - row.next_run_at > dt.timedelta(seconds=min(every[row.name], 3600))
    }


def run_schedule(session: Session, schedule: Schedule, worker_id: str, now: dt.datetime) -> bool:
    """Run a schedule if it is due and no other worker has it.

    Args:
        session: outside of any writing block.
        schedule: what to run.
        worker_id: this worker, which does not run this schedule at present.
        now: current time.

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
    if not claimed.rowcount:
        return False
    error: str | None = "It was interrupted."
    try:
        schedule.run(session, now)
        error = None
    except Exception as failure:
        log.exception("schedule %s failed", schedule.name)
        error = f"{type(failure).__name__}: {failure}"[:LONGEST_ERROR]
    finally:
        reset(session)
        write_again(session, lambda: _release(session, schedule, worker_id, now, error))
    return True


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
    session: Session, schedule: Schedule, worker_id: str, started_at: dt.datetime,
    error: str | None,
) -> None:
    with write(session):
        session.execute(
            update(ScheduleRow)
            # The start as well: the lease may have expired, and another run have begun.
            .where(ScheduleRow.name == schedule.name, ScheduleRow.worker_id == worker_id,
                   ScheduleRow.last_started_at == started_at)
            .values(
                # From the start, not the end; what was missed is not made up for.
                next_run_at=max(
                    started_at + dt.timedelta(seconds=schedule.every_seconds), utcnow()),
                worker_id=None, lease_until=None, last_finished_at=utcnow(), last_error=error,
            )
        )


def _free(now: dt.datetime, worker_id: str = "") -> tuple[object, ...]:
    living = select(WorkerRow.id).where(WorkerRow.seen_at >= now - STALE_AFTER)
    return (
        ScheduleRow.next_run_at <= now,
        or_(
            ScheduleRow.worker_id.is_(None), ScheduleRow.worker_id == worker_id,
            ScheduleRow.worker_id.not_in(living), ScheduleRow.lease_until < now,
        ),
    )
