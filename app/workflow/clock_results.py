"""What clocks say about a record, in its columns: next deadline, what was kept, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.deadlines.models import ClockRow

KEPT, MISSED = "kept", "missed"
_NONE = (None, None)


def show_clocks(session: Session, record: Any, due_at: dt.datetime | None) -> None:
    """Write the next deadline into a record, and whether and when deadlines that ended were kept.

    A deadline of several runs is kept when each run was, and has ended when the first run did; a
    clock that was called off counts as neither. The columns are written with the caller's next
    flush.

    Args:
        session: session with a running write, in which the clocks were moved.
        record: the record; ``__clock_results__`` and ``__clock_ends__`` name its columns.
        due_at: the earliest deadline of its clocks that run.
    """
    columns, ends = record.__clock_results__, record.__clock_ends__
    if columns or ends:
        session.flush()
        rows = session.execute(
            select(ClockRow.key, func.min(case((ClockRow.kept.is_(True), 1), else_=0)),
                   func.min(ClockRow.stopped_at))
            .where(ClockRow.record_type == record.__record_type__,
                   ClockRow.record_id == record.id, ClockRow.key.in_([*columns, *ends]),
                   ClockRow.kept.is_not(None))
            .group_by(ClockRow.key))
        found = {key: (kept, ended_at) for key, kept, ended_at in rows}
        for key, column in columns.items():
            setattr(record, column, {None: "", 1: KEPT, 0: MISSED}[found.get(key, _NONE)[0]])
        for key, column in ends.items():
            setattr(record, column, found.get(key, _NONE)[1])
    record.due_at = due_at
