"""Records on their way: what may be done now, and doing it as one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import plain
from app.database import AnySelect, utcnow, write
from app.deadlines import services as deadlines
from app.deadlines.less_time import LESS_TIME, less_time_of
from app.errors import AlreadyTaken, Invalid, Rejected, StaleRecord
from app.host.host import current_host
from app.i18n import N_, Message
from app.jobs.outbox import emit
from app.people.services import name_of
from app.records import saving
from app.records.models import File
from app.records.values import values_of
from app.statements import built_once
from app.workflow import engine, publishing
from app.workflow.actor_relations import relations_of
from app.workflow.clock_results import show_clocks
from app.workflow.definition import Transition, Workflow
from app.workflow.delegation import in_place_of, noted
from app.workflow.engine import AvailableTransition, Guard, Plan, TransitionContext
from app.workflow.models import LogRow
from app.workflow.reference_validation import require_known
from app.workflow.state_guard import engine_writes

LOG_ID = "log_id"
"""Fact of a transition's audit entry: the id of its line in the log."""

Veto = Callable[[Session, Actor, Any, str], Iterable[Message]]
"""Asks others whether a transition is denied; returns their reasons."""



@dataclasses.dataclass(frozen=True, slots=True)
class TakenTransition:
    """A transition that was taken."""

    record: Any
    plan: Plan
    log_id: int


# Beginning ----------------------------------------------------------------------------------


def begin(
    session: Session,
    actor: Actor,
    record: Any,
    workflow_name: str,
    received_at: dt.datetime | None = None,
) -> None:
    """Put a new record at the beginning of its workflow.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who creates it.
        record: the record.
        workflow_name: workflow whose version in force the record will keep to.
        received_at: when its clocks begin; now by default.

    Raises:
        NotPublished: the workflow has no published version.
        ValueError: it has begun already.
    """
    with write(session):
        if record.workflow_id is not None:
            raise ValueError(f"{record.number} has begun already")
        definition_id, workflow = publishing.in_force(session, workflow_name)
        state = workflow.state(workflow.initial)
        with engine_writes():
            record.workflow_id = definition_id
            record.state = state.name
            record.is_open = not state.category.is_final
        session.add(log_row(actor, record, target=state.name))
        due_at = deadlines.react(
            session, record.__record_type__, record.id, engine.entering_names(workflow),
            deadline_facts(session, record), received_at or utcnow(),
        )
        show_clocks(session, record, due_at)
        session.flush()


# Offers -------------------------------------------------------------------------------------


def deadline_facts(session: Session, record: Any) -> dict[str, Any]:
    """Return what the deadlines of a record depend on: its values, and its less time.

    Args:
        session: any session.
        record: the record.
    """
    return {**values_of(record), LESS_TIME: less_time_of(session, record)}


def workflow_of(session: Session, record: Any) -> Workflow:
    """Return the version of the workflow that a record keeps to.

    Args:
        session: any session.
        record: the record.

    Raises:
        NotPublished: the record never began.
    """
    return publishing.by_id(session, record.workflow_id)


def available_transitions(
    session: Session, actor: Actor, record: Any
) -> tuple[AvailableTransition, ...]:
    """Return every transition from where the record stands, with whether and why not.

    Vetoes of plugins are asked when a transition is taken, not here.
    """
    workflow = workflow_of(session, record)
    return engine.available_transitions(
        workflow, record.state, _facts(session, actor, record, workflow))


def log(session: Session, record: Any) -> list[LogRow]:
    """Return what happened to a record, the oldest first.

    Args:
        session: any session.
        record: the record.
    """
    return list(session.scalars(
        _log_of(), {"kind": record.__record_type__, "record": record.id}))


@built_once
def _log_of() -> AnySelect:
    return (
        select(LogRow)
        .where(LogRow.record_type == bindparam("kind"), LogRow.record_id == bindparam("record"))
        .order_by(LogRow.id)
    )


# Taking a transition ------------------------------------------------------------------------


def ask_plugins(session: Session, actor: Actor, record: Any, name: str) -> Iterable[Message]:
    """Return the reasons of plugins that deny a transition."""
    vetoes = current_host().check(
        "check_transition", session=session, actor=actor, record=record, transition=name
    )
    return [veto.reason for veto in vetoes]


def perform(
    session: Session,
    actor: Actor,
    record: Any,
    transition: str,
    values: Mapping[str, Any],
    expected_version: int | None = None,
    veto: Veto = ask_plugins,
) -> TakenTransition:
    """Take a transition: state, log line, clocks, effects, history, events, all or nothing.

    The record is read anew under a lock; of several people at once the first one wins, and the
    others are measured against what the first one left.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts; may see the record.
        record: the record.
        transition: name of the transition.
        values: fields of its form; besides ``comment``, ``files``, ``signature``, ``outcome``.
        expected_version: version that the person had before their eyes; ``None`` skips the check.
        veto: asks plugins; a test may give another.

    Raises:
        AlreadyTaken: it is a claim, and another person has the record.
        StaleRecord: the record has changed since; carries both versions.
        Rejected: not from here, not this person, or something stands against it.
        Invalid: a field, evidence or the outcome is missing or wrong.
    """
    with write(session):
        workflow, step = _lock(session, actor, record, transition, values, expected_version)
        facts = _facts(session, actor, record, workflow)
        plan = engine.plan(workflow, record.state, transition, values, facts)
        _require_own_files(session, record, plan)
        require_known(session, actor, record, plan.log.values)
        for reason in veto(session, actor, record, transition):
            raise Rejected(reason)
        return _carry_out(session, actor, record, workflow, step, plan)


def _lock(
    session: Session,
    actor: Actor,
    record: Any,
    transition: str,
    values: Mapping[str, Any],
    expected_version: int | None,
) -> tuple[Workflow, Transition | None]:
    """Read the record anew for writing, and tell a claim that came too late who has it."""
    saving.lock(session, record, None)
    if record.is_away:
        raise Rejected(Message(N_("It lies in the recycle bin: restore it first.")))
    workflow = workflow_of(session, record)
    step = next((one for one in workflow.transitions if one.name == transition), None)
    stale = expected_version is not None and record.version != expected_version
    if step is not None and step.claims and record.owner_id not in (None, actor.user_id):
        gone = record.state not in workflow.sources_of(step)
        if stale or gone or expected_version is None:
            raise AlreadyTaken(record, record.owner_id, name_of(session, record.owner_id))
    if stale:
        raise StaleRecord(record, expected_version, dict(values))
    return workflow, step


def _carry_out(
    session: Session,
    actor: Actor,
    record: Any,
    workflow: Workflow,
    step: Transition | None,
    plan: Plan,
) -> TakenTransition:
    before = values_of(record)
    # Asked before effects may change whom the record refers to.
    leader_away = in_place_of(session, actor, record, step.who.relations)[:128] if step else ""
    with engine_writes():
        record.state = plan.target
        record.is_open = not workflow.state(plan.target).category.is_final
    if step is not None and step.claims:
        record.owner_id = actor.user_id
    given = {
        **plan.log.values, "outcome": plan.log.outcome, "comment": plan.log.comment,
        "files": list(plan.log.files), "signature": plan.log.signature,
    }
    effects = _binding_of(workflow.name).effects
    for name in plan.effects:
        effects[name](session, actor, record, given)
    line = log_row(actor, record, in_place_of=leader_away, **dataclasses.asdict(plan.log))
    session.add(line)
    session.flush()
    due_at = deadlines.react(
        session, record.__record_type__, record.id, plan.names, deadline_facts(session, record),
        utcnow(),
    )
    show_clocks(session, record, due_at)
    # By comparison, not from the session: an effect may have flushed in between.
    changes = {
        name: [before[name], value]
        for name, value in values_of(record).items()
        if value != before[name] and name not in record.__untracked_fields__
    }
    saving.save(
        session, actor, record, "transition", changes, reason=plan.log.comment,
        facts={**noted(leader_away), LOG_ID: line.id},
    )
    subscribers = current_host().subscribers("on_transition")
    if subscribers:
        payload = {
            "record_type": record.__record_type__, "record_id": record.id,
            "number": record.number, "transition": plan.log.transition,
            "from_state": plan.log.source, "to_state": plan.target,
            "from_category": _category(workflow, plan.log.source),
            "to_category": _category(workflow, plan.target),
            "outcome": plan.log.outcome or "", "log_id": line.id,
            "customer_id": getattr(record, "customer_id", None), "owner_id": record.owner_id,
            "at": plain(line.at), "actor_id": actor.user_id,
        }
        emit(session, "on_transition", payload, subscribers)
    return TakenTransition(record, plan, line.id)


def _category(workflow: Workflow, state: str) -> str:
    return str(workflow.state(state).category.value)


# Inside -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _NoCode:
    """A workflow whose plugin is switched off: its records can be read, not moved."""

    guards: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    effects: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])


def _binding_of(name: str) -> Any:
    return current_host().workflow(name) or _NoCode()


def _facts(session: Session, actor: Actor, record: Any, workflow: Workflow) -> TransitionContext:
    def bound(guard: Callable[..., Message | None]) -> Guard:
        return lambda _values: guard(session, actor, record)

    guards = _binding_of(workflow.name).guards
    return TransitionContext(
        roles=actor.roles,
        permissions=actor.permissions,
        relations=relations_of(actor, record),
        record={},
        guards={name: bound(guard) for name, guard in guards.items()},
    )


def _require_own_files(session: Session, record: Any, plan: Plan) -> None:
    """Refuse files, and the file of a signature, that do not lie on this record."""
    wanted = {*plan.log.files, *([plan.log.signature] if plan.log.signature else [])}
    if not wanted:
        return
    found = session.scalar(
        select(func.count(File.id)).where(
            File.id.in_(wanted), File.record_type == record.__record_type__,
            File.record_id == record.id, File.deleted_at.is_(None),
        )
    )
    if found != len(wanted):
        raise Invalid({"files": Message(N_("A file does not belong to this record."))})


def log_row(actor: Actor, record: Any, **columns: Any) -> LogRow:
    """Return a new line of the log of a record.

    Args:
        actor: who acts.
        record: the record.
        columns: the other columns of the line.
    """
    columns = {**columns, "values": plain(columns.get("values") or {})}
    columns["files"] = list(columns.get("files") or ())
    return LogRow(
        record_type=record.__record_type__, record_id=record.id,
        definition_id=record.workflow_id, actor_id=actor.user_id, actor_name=actor.name[:128],
        **columns,
    )
