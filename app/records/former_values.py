"""What sensitive columns held before and after each change: encrypted, beside the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.audit import change_set
from app.access.sensitive.values import SensitiveValue
from app.database import utcnow
from app.inserts import insert_rows
from app.records.models import FormerValue

# Values before and after a change, by record and column.
Former = Mapping[tuple[int, str], tuple[Any, Any]]


def note_former_values(
    session: Session, saved: Iterable[tuple[Any, Mapping[str, Any]]]
) -> None:
    """Write down what changes did to the sensitive columns of records; part of that write.

    Args:
        session: session with a running write.
        saved: each changed record with ``{column: [before, after]}``.
    """
    now, together = utcnow(), change_set(session)
    rows = [
        {"at": now, "change_set": together, "record_type": record.__record_type__,
         "record_id": record.id, "name": name, "before": before or "", "after": after or ""}
        for record, changes in saved for name, (before, after) in changes.items()
        if isinstance(before, SensitiveValue) or isinstance(after, SensitiveValue)
    ]
    insert_rows(session.connection(), FormerValue.__table__, rows)


def forget_former_values(session: Session, record: Any) -> None:
    """Delete what the sensitive columns of a record held before: nobody gives it back any more.

    For retention: what is emptied for good must not stay beside the audit trail, which keeps masks.

    Args:
        session: session with a running write, in which the columns were emptied.
        record: the record.
    """
    session.flush()
    session.execute(
        delete(FormerValue)
        .where(FormerValue.record_type == record.__record_type__,
               FormerValue.record_id == record.id)
        .execution_options(synchronize_session=False))


def former_values(
    session: Session, record_type: str, change_sets: Iterable[str],
    record_ids: Iterable[int] | None = None,
) -> Former:
    """Return the values before and after the changes of some change sets.

    Args:
        session: any session.
        record_type: kind of the records.
        change_sets: ids of change sets.
        record_ids: keys of some hundreds of records; of all that were changed by default.
    """
    statement = (
        select(FormerValue.record_id, FormerValue.name, FormerValue.before, FormerValue.after)
        .where(FormerValue.record_type == record_type,
               FormerValue.change_set.in_(set(change_sets)))
        .order_by(FormerValue.id)
    )
    if record_ids is not None:
        statement = statement.where(FormerValue.record_id.in_(list(record_ids)))
    rows = session.execute(statement)
    found: dict[tuple[int, str], tuple[Any, Any]] = {}
    for record_id, name, before, after in rows:
        first = found.get((record_id, name))
        found[record_id, name] = (first[0] if first else before, after)
    return found
