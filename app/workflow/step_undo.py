"""Taking back a step: a compensating step in the log, only while nothing followed.

The state, the columns and the clocks are as they were before the step; both steps stay in the log
and in the audit trail. An approval, a signature, and a step that told somebody outside are never
taken back: others may have relied on them.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import plain
from app.access.models import AuditEntry
from app.deadlines.clock_rows import earliest_due
from app.deadlines.rewind import rewind
from app.errors import Rejected
from app.i18n import N_, Message
from app.records import saving
from app.records.values import held_value, typed_value
from app.workflow.clock_results import show_clocks
from app.workflow.deadline_sync import course_of
from app.workflow.definition import Evidence, Transition, Workflow
from app.workflow.models import LogRow
from app.workflow.services import LOG_ID, log_row, workflow_of
from app.workflow.state_guard import engine_writes

# Acts that stand after a step without having changed the record.
_NOTHING_FOLLOWED = ("deadlines_moved", "link", "unlink")


def may_be_undone(step: Transition) -> bool:
    """Return whether a step of this kind can be taken back at all."""
    return not (step.approval or step.is_final_word or Evidence.SIGNATURE in step.evidence)


def undo_step(session: Session, actor: Actor, record: Any, entry: AuditEntry) -> None:
    """Take back the step that an audit entry tells of.

    Args:
        session: session with a running write; the record has been read anew under a lock.
        actor: who takes it back.
        record: the record.
        entry: the entry of the step, with what it changed.

    Raises:
        Rejected: it is not the last thing that happened, or is never taken back.
    """
    last = _last_line(session, record)
    refused = _refusal(session, record, entry, last)
    if refused is not None:
        raise Rejected(refused)
    workflow, before = workflow_of(session, record), _before(record, entry)
    with engine_writes():
        for name, value in before.items():
            setattr(record, name, value)
        record.is_open = not workflow.state(record.state).category.is_final
    line = log_row(
        actor, record, transition=last.transition, source=last.target, target=record.state,
        undoes_id=last.id,
    )
    session.add(line)
    session.flush()
    rewind(session, record.__record_type__, record.id, course_of(session, record))
    show_clocks(
        session, record, session.scalar(earliest_due(record.__record_type__, record.id)))
    changes = {
        name: [pair[1], pair[0]]
        for name, pair in (entry.changes or {}).items() if _is_column_change(record, name, pair)
    }
    saving.save(
        session, actor, record, "step_undone", changes, facts={LOG_ID: line.id},
    )


def undo_refusal(session: Session, record: Any, entry: AuditEntry) -> Message | None:
    """Return why the step that an audit entry tells of stands, or ``None`` where it need not.

    Args:
        session: any session.
        record: the record.
        entry: the entry of the step, with what it changed.
    """
    return _refusal(session, record, entry, _last_line(session, record))


def _last_line(session: Session, record: Any) -> LogRow:
    return session.scalars(
        select(LogRow)
        .where(LogRow.record_type == record.__record_type__, LogRow.record_id == record.id)
        .order_by(LogRow.id.desc()).limit(1)
    ).one()


def _refusal(session: Session, record: Any, entry: AuditEntry, last: LogRow) -> Message | None:
    step = _step_of(workflow_of(session, record), last, entry)
    if step is None or not may_be_undone(step):
        return Message(N_("A step of this kind is not taken back."))
    if last.undoes_id is not None or _followed(session, record, entry):
        return Message(N_("Something has happened since, so the step stands."))
    return None


def _step_of(workflow: Workflow, last: LogRow, entry: AuditEntry) -> Transition | None:
    if (entry.changes or {}).get(LOG_ID) != last.id:
        return None
    return next((one for one in workflow.transitions if one.name == last.transition), None)


def _followed(session: Session, record: Any, entry: AuditEntry) -> bool:
    """Return whether anything has happened to the record after the step."""
    later = session.scalar(
        select(AuditEntry.id).where(
            AuditEntry.record_type == entry.record_type,
            AuditEntry.record_id == entry.record_id, AuditEntry.id > entry.id,
            AuditEntry.action.not_in(_NOTHING_FOLLOWED),
        ).limit(1)
    )
    changed = any(
        plain(held_value(record, name)) != pair[1]
        for name, pair in (entry.changes or {}).items() if _is_column_change(record, name, pair)
    )
    return later is not None or changed


def _is_column_change(record: Any, name: str, pair: Any) -> bool:
    return (
        isinstance(pair, list) and len(pair) == 2
        and name in type(record).__mapper__.columns
    )


def _before(record: Any, entry: AuditEntry) -> dict[str, Any]:
    columns = type(record).__mapper__.columns
    return {
        name: typed_value(columns[name], pair[0])
        for name, pair in (entry.changes or {}).items() if _is_column_change(record, name, pair)
    }
