"""What deadlines depend on was put right on a form: the clocks of the record follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import utcnow, write
from app.deadlines.clock_rows import earliest_due
from app.deadlines.policy_selection import choose_anew, depends_on, leave_less_time
from app.deadlines.start_correction import move_start
from app.deadlines.state_history import Move
from app.records.operations import operations_of
from app.records.values import values_of
from app.workflow import engine
from app.workflow.clock_results import show_clocks
from app.workflow.models import LogRow
from app.workflow.services import deadline_facts, log, workflow_of

_CUSTOMER = "customer_id"


def clocks_follow(
    session: Session, actor: Actor, record: Any, before: Mapping[str, Any]
) -> list[str]:
    """Choose a record's clocks anew where what they depend on has changed, and say so.

    Clocks that are chosen now run as if they had been from the beginning: from the receipt on,
    with every step since. A customer who was found out later may leave less time: running clocks
    are due sooner then, and never later.

    Args:
        session: session with a running write, in which the record was changed.
        actor: who changed it.
        record: the record.
        before: values of its columns before the change, see ``values_of``.

    Returns:
        The keys of the clocks that were called off, begun, or made shorter.
    """
    kind = record.__record_type__
    facts = values_of(record)
    changed = {name for name, value in facts.items() if before.get(name) != value}
    is_linked, is_chosen = _CUSTOMER in changed, depends_on(session, kind, changed)
    if record.workflow_id is None or not (is_linked or is_chosen):
        return []
    with write(session):
        due = record.due_at
        facts = deadline_facts(session, record)
        moved = choose_anew(
            session, kind, record.id, facts, course_of(session, record), utcnow(),
        ) if is_chosen else []
        if is_linked:
            moved += leave_less_time(session, kind, record.id, facts)
        if moved:
            show_clocks(session, record, session.scalar(earliest_due(kind, record.id)))
            record_act(
                session, actor, "deadlines_moved", record_type=kind, record_id=record.id,
                number=record.number,
                changes={"due_at": [due, record.due_at], "clock": ", ".join(moved)},
            )
            session.flush()
    return moved


def receipt_moved(
    session: Session, actor: Actor, record: Any, changes: Mapping[str, list[Any]]
) -> None:
    """Let the clocks that began with the receipt follow its correction, and say so.

    Args:
        session: session with a running write, in which the record was changed.
        actor: who changed it.
        record: the record.
        changes: ``{field: [before, after]}``.

    Raises:
        ClockRefused: the time of receipt is later than what has been done since.
    """
    before, after = changes.get(record.__receipt_field__, (None, None))
    if before is None or after is None:
        return
    kind, due = record.__record_type__, record.due_at
    if moved := move_start(session, kind, record.id, before, after, utcnow()):
        show_clocks(session, record, session.scalar(earliest_due(kind, record.id)))
        record_act(
            session, actor, "deadlines_moved", record_type=kind, record_id=record.id,
            number=record.number,
            changes={"due_at": [due, record.due_at], "clock": ", ".join(moved)},
        )
        session.flush()


def _standing(lines: list[LogRow]) -> list[LogRow]:
    """Return the lines of a log without steps that were taken back, and without their undoing."""
    undone = {line.undoes_id for line in lines if line.undoes_id is not None}
    return [line for line in lines if line.undoes_id is None and line.id not in undone]


def course_of(session: Session, record: Any) -> list[Move]:
    """Return the moves that clocks react to, from the receipt of a record to its present state.

    Args:
        session: any session.
        record: a record that a workflow drives.
    """
    workflow = workflow_of(session, record)
    lines = _standing(log(session, record))
    received = getattr(record, record.__receipt_field__, None) if record.__receipt_field__ else None
    moves: list[Move] = []
    for line in lines:
        names = engine.moving_names(workflow, line.transition, line.target)
        at = (received or line.at) if not moves else max(line.at, moves[-1].at)
        moves.append(Move(names, at))
    # Of a workflow: the class imports this module.
    operations: Any = operations_of(cast("type[Any]", type(record)))
    further: Sequence[Move] = operations.further_moves(session, record)
    return sorted([*moves, *further], key=lambda move: move.at) if further else moves
