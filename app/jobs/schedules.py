"""Work done again and again, by one worker of the installation at a time."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.database import utcnow, write
from app.jobs.kinds import Schedule
from app.jobs.models import LONGEST_ERROR, ScheduleRow, WorkerRow
from app.jobs.services import STALE_AFTER

log = logging.getLogger(__name__)


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


def due(session: Session, now: dt.datetime) -> set[str]:
    """Return the names of schedules that are due and that no living worker runs."""
    found = set(session.scalars(select(ScheduleRow.name).where(*_free(now))))
    session.rollback()
    return found


def run_schedule(session: Session, schedule: Schedule, worker_id: str, now: dt.datetime) -> bool:
    """Run a schedule if it is due and no other worker has it.

    Args:
        session: outside of any writing block.
        schedule: what to run.
        worker_id: this worker.
        now: current time.

    Returns:
        Whether it was run; a failure of the work itself is written down and logged.
    """
    with write(session):
        claimed = session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.name == schedule.name, *_free(now))
            .values(worker_id=worker_id, last_started_at=now)
            .execution_options(synchronize_session=False)
        )
    if not claimed.rowcount:
        return False
    error: str | None = None
    try:
        schedule.run(session, now)
    except Exception as failure:
        log.exception("schedule %s failed", schedule.name)
        error = f"{type(failure).__name__}: {failure}"[:LONGEST_ERROR]
        session.rollback()
    with write(session):
        session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.name == schedule.name, ScheduleRow.worker_id == worker_id)
            .values(
                # From the start, not the end; what was missed is not made up for.
                next_run_at=max(now + dt.timedelta(seconds=schedule.every_seconds), utcnow()),
                worker_id=None, last_finished_at=utcnow(), last_error=error,
            )
        )
    return True


def _free(now: dt.datetime) -> tuple[object, ...]:
    living = select(WorkerRow.id).where(WorkerRow.seen_at >= now - STALE_AFTER)
    return (
        ScheduleRow.next_run_at <= now,
        or_(ScheduleRow.worker_id.is_(None), ScheduleRow.worker_id.not_in(living)),
    )
