"""What clocks say about a record, in columns of the record: next deadline, and what was kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.deadlines.models import ClockRow

KEPT, MISSED = "kept", "missed"


def show_clocks(session: Session, record: Any, due_at: dt.datetime | None) -> None:
    """Write the next deadline into a record, and whether deadlines that ended were kept.

    A deadline of several runs is kept when each run was; a clock that was called off counts as
    neither. The columns are written with the caller's next flush.

    Args:
        session: session with a running write, in which the clocks were moved.
        record: the record; ``__clock_results__`` names its columns.
        due_at: the earliest deadline of its clocks that run.
    """
    columns = record.__clock_results__
    if columns:
        session.flush()
        rows = session.execute(
            select(ClockRow.key, func.min(case((ClockRow.kept.is_(True), 1), else_=0)))
            .where(ClockRow.record_type == record.__record_type__,
                   ClockRow.record_id == record.id, ClockRow.key.in_(list(columns)),
                   ClockRow.kept.is_not(None))
            .group_by(ClockRow.key))
        kept = dict(rows.all())
        for key, column in columns.items():
            setattr(record, column, {None: "", 1: KEPT, 0: MISSED}[kept.get(key)])
    record.due_at = due_at
