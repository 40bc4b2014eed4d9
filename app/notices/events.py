"""From events to notices: run by the worker, in the transaction that marks the event as done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.models import AuditEntry
from app.deadlines.models import ClockRow
from app.deadlines.policy_store import policies_by_id
from app.host.host import current_host
from app.i18n import N_
from app.notices.kinds import ASSIGNED, CHANGED, DEADLINE, JOB, MENTION, MOVED, WAITING
from app.notices.models import Notice
from app.notices.services import message, tell, tell_sum, who_may_see
from app.people.services import name_of
from app.records.changes import CREATE
from app.records.comments import mentioned
from app.records.followers import followers
from app.records.values import values_of
from app.statements import built_once
from app.workflow.candidates import people_columns, related_people
from app.workflow.definition import Workflow
from app.workflow.services import workflow_of

_ENDS = {"done": N_("is done"), "failed": N_("has failed")}
IMPORTED = N_("Imported from %(file)s: %(passed)s deadlines have passed, %(near)s are near")
_TOLD_OF_ACTS = tuple(kind.name for kind in (ASSIGNED, CHANGED, MOVED, WAITING))
_DEADLINE_TEXTS = {
    "warning": N_("%(clock)s: the deadline is near"),
    "breach": N_("%(clock)s: the deadline has passed"),
    "escalation": N_("%(clock)s: overdue, escalated to you"),
}


def _record(session: Session, payload: Mapping[str, Any]) -> Any | None:
    kind = current_host().record_type(payload["record_type"])
    found = None if kind is None else session.get(kind.model, payload["record_id"])
    return found if found is not None and found.deleted_at is None else None


def _related(session: Session, record: Any, relation: str) -> set[int]:
    """Return the nearest user whom a relation names; those above and stand-ins hear by others."""
    found = related_people(session, type(record), values_of(record), relation)
    return set(found[:1])


def _deciders(session: Session, workflow: Workflow, record: Any) -> set[int]:
    """Return those whom the record waits for: a transition that only a relation may take."""
    people: set[int] = set()
    for step in workflow.transitions:
        who = step.who
        if record.state not in workflow.sources_of(step) or who.roles or who.permissions:
            continue
        found = _all_related(session, record, who.relations)
        people |= found - _all_related(session, record, who.never)
    return people


def _all_related(session: Session, record: Any, relations: Iterable[str]) -> set[int]:
    return {user for name in relations for user in _related(session, record, name)}


def concerns_people(payload: Mapping[str, Any]) -> bool:
    """Return whether somebody may hear of what was saved; of a new record those who get it.

    Args:
        payload: payload of ``on_record_saved``.
    """
    if payload["action"] != CREATE or payload["undoes"]:
        return True
    kind = current_host().record_type(payload["record_type"])
    return kind is not None and not _people_of(kind.model).isdisjoint(payload["fields"])


@built_once
def _people_of(model: type[Any]) -> frozenset[str]:
    return frozenset(people_columns(model))


def notify_on_saving(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those whom a record was given to, and of a change those who follow it.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    record = _record(session, payload)
    if record is None:
        return
    if payload.get("undoes"):
        _withdraw(session, record, payload)
        return
    named = [name for name in people_columns(type(record)) if name in payload["fields"]]
    people = {getattr(record, name) for name in named} - {None}
    if not record.__notifies_owner__:
        people = set()
    # Transitions have an event of their own, and a new record is no change.
    is_told = payload["action"] == "change" and record.__notifies_changes__
    others = followers(session, record) - people if is_told else set()
    by = payload["actor_id"]
    if (people | others) - {by}:
        by_name = name_of(session, by)
        tell(session, people, ASSIGNED, N_("Assigned to you"), record=record, by=by,
             by_name=by_name)
        tell(session, others, CHANGED, N_("Changed"), record=record, by=by, by_name=by_name,
             once=True)


def _withdraw(session: Session, record: Any, payload: Mapping[str, Any]) -> None:
    """Remove what nobody has read yet of an act that was taken back.

    It stays where the same person has done more with the record since: one notice may tell of both.
    """
    by, undone = payload["actor_id"], payload["undoes"]
    since = dt.datetime.fromisoformat(undone["at"])
    more = session.scalar(
        select(AuditEntry.id).where(
            AuditEntry.record_type == record.__record_type__, AuditEntry.record_id == record.id,
            AuditEntry.actor_id == by, AuditEntry.at >= since,
            AuditEntry.change_set.not_in([undone["change_set"], payload["change_set"]]),
        ).limit(1))
    if more is None:
        session.execute(delete(Notice).where(
            Notice.record_type == record.__record_type__, Notice.record_id == record.id,
            Notice.kind.in_(_TOLD_OF_ACTS), Notice.actor_name == name_of(session, by),
            Notice.created_at >= since, Notice.read_at.is_(None)))


def notify_on_comment(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those whom a comment names, and those who follow the record; ``on_comment``."""
    record = _record(session, payload)
    if record is None:
        return
    by = payload["actor_id"]
    named = set(mentioned(session, payload["comment_id"]))
    others = followers(session, record) - named
    if (named | others) - {by}:
        by_name = name_of(session, by)
        tell(session, named, MENTION, N_("You are named in a comment"), record=record, by=by,
             by_name=by_name)
        tell(session, others, MENTION, N_("New comment"), record=record, by=by, by_name=by_name,
             once=True)


def notify_on_transition(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those who follow a record where it went, and those whose decision it waits for.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_transition``.
    """
    record = _record(session, payload)
    if record is None or record.workflow_id is None or record.state != payload["to_state"]:
        # It has moved on since: the next event tells what counts.
        return
    workflow = workflow_of(session, record)
    by, by_name = payload["actor_id"], name_of(session, payload["actor_id"])
    state = {"state": message(workflow.state(record.state).label)}
    deciders = _deciders(session, workflow, record)
    tell(session, deciders, WAITING, N_("%(state)s: waiting for your decision"), values=state,
         record=record, by=by, by_name=by_name)
    tell(session, followers(session, record) - deciders, MOVED, N_("Now: %(state)s"), values=state,
         record=record, by=by, by_name=by_name)


def notify_on_deadline(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell who works on a record, or whom an escalation names; payload of ``on_deadline``.

    What an import has brought in already overdue comes as one payload for many records, and each
    person is told of all of it by one notice.
    """
    if "imported" in payload:
        _notify_of_imported(session, payload)
        return
    record = _record(session, payload)
    if record is None:
        return
    people = _told_of_deadline(session, record, payload)
    text = _DEADLINE_TEXTS.get(payload["kind"])
    if text is not None:
        tell(session, people, DEADLINE, text, record=record,
             values={"clock": _clock_names(session, payload)})


def _told_of_deadline(session: Session, record: Any, payload: Mapping[str, Any]) -> set[int]:
    relation = payload.get("to") or ""
    if relation:
        return _related(session, record, relation)
    columns = people_columns(type(record))
    return _all_related(session, record, [name.removesuffix("_id") for name in columns])


def _notify_of_imported(session: Session, payload: Mapping[str, Any]) -> None:
    numbers: dict[int, Counter[str]] = {}
    for fallen in payload["imported"]:
        record = _record(session, fallen)
        if record is None or fallen["kind"] not in _DEADLINE_TEXTS:
            continue
        people = _told_of_deadline(session, record, fallen)
        for user_id in who_may_see(session, people, record) if people else ():
            late = "near" if fallen["kind"] == "warning" else "passed"
            numbers.setdefault(user_id, Counter())[late] += 1
    for user_id, number in sorted(numbers.items()):
        tell_sum(session, user_id, DEADLINE, IMPORTED, number,
                 {"file": payload["file"], "import": payload["job_id"],
                  "record_type": payload["record_type"]})


def _clock_names(session: Session, payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what a clock is called in both languages; its key where its policy is gone."""
    key = payload["clock"]
    policy_id = session.scalar(
        select(ClockRow.policy_id).where(
            ClockRow.record_type == payload["record_type"],
            ClockRow.record_id == payload["record_id"], ClockRow.key == key,
        ).order_by(ClockRow.id.desc()).limit(1)
    )
    if policy_id is None:
        return {"en": key, "zh": key}
    rule = policies_by_id(session, {policy_id})[policy_id].rule(key)
    return {language: rule.titled(language) for language in ("en", "zh")}


def notify_on_job(session: Session, job: Any) -> None:
    """Tell who asked for a job that it is over; called in the transaction that ends it."""
    if job.actor_user_id is not None and job.state in _ENDS:
        tell(session, [job.actor_user_id], JOB, N_("%(job)s %(end)s"), values={
            "job": {"msgid": job.title, "values": dict(job.title_values)},
            "end": message(_ENDS[job.state]), "job_id": job.id,
        })
