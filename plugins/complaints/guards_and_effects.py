"""Guards and effects that the workflow of complaints names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.events import emit
from app.sdk.models import Department
from app.sdk.people import note_given
from app.sdk.services import (
    Actor,
    actor_for,
    comment,
    find,
    leader_of,
    lock,
    record_act,
    utcnow,
    who_lead,
)
from app.sdk.workflow import Message
from plugins.complaints.assignment import suggest
from plugins.complaints.collaboration import FINISHED, RATED, RESPONSIBLE
from plugins.complaints.merging import tie, untie
from plugins.complaints.models import Complaint
from plugins.complaints.services import missing_for_record
from plugins.complaints.workflow import VIEW

_FIELDS = {
    "customer_name": N_("Customer name"), "contact": N_("Contact"), "channel_id": N_("Channel"),
    "reason": N_("What happened"), "demand": N_("What the customer demands"),
}


# --- guards: (session, actor, complaint) -> why not ----------------------------------------
def registration_complete(session: Session, actor: Actor, complaint: Complaint) -> Message | None:
    """The complaint record form must be filled before a complaint counts as recorded."""
    missing = missing_for_record(complaint)
    if not missing:
        return None
    return Message(N_("Still missing: %(fields)s"), {"fields": _listed(missing)})


def _listed(names: Sequence[str]) -> Message:
    """Return the names of fields in the language of the reader."""
    first, *rest = (Message(_FIELDS[name]) for name in names)
    for one in rest:
        first = Message(N_("%(first)s, %(next)s"), {"first": first, "next": one})
    return first


def has_no_owner(session: Session, actor: Actor, complaint: Complaint) -> Message | None:
    """Only what nobody works on can be taken."""
    return Message(N_("Somebody works on it already.")) if complaint.owner_id else None


def is_not_major(session: Session, actor: Actor, complaint: Complaint) -> Message | None:
    """A major complaint cannot become one again."""
    return Message(N_("It is a major complaint already.")) if complaint.is_major else None


GUARDS = {
    "registration_complete": registration_complete,
    "has_no_owner": has_no_owner,
    "is_not_major": is_not_major,
}


# --- effects: (session, actor, complaint, values) in the transaction -----------------------
def store(session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]) -> None:
    """Store what the form asked for in the columns of the same names.

    A complaint that is given to a department without a responsible person goes to the one whom the
    share-out names.
    """
    before = complaint.handler_id
    for name, value in values.items():
        if hasattr(Complaint, name):
            setattr(complaint, name, "" if value is None and _is_text(name) else value)
    if "responsible_department_id" in values:
        _require_approver(session, complaint)
        if complaint.handler_id is None:
            _share_out(session, actor, complaint)
        _require_handler(session, complaint)
        if complaint.handler_id is not None and complaint.handler_id != before:
            note_given(session, Complaint.__record_type__, {complaint.handler_id: (1, 1.0)})


def _is_text(name: str) -> bool:
    column = Complaint.__table__.c[name]
    return not column.nullable


def _share_out(session: Session, actor: Actor, complaint: Complaint) -> None:
    session.flush()
    department_id = complaint.responsible_department_id
    assert department_id is not None, "_require_approver has seen to it"
    [choice] = suggest(session, [complaint], department_id).choices
    if choice.user_id is None:
        raise Invalid({"handler_id": choice.message})
    complaint.handler_id = choice.user_id
    record_act(
        session, actor, "share_out", record_type=Complaint.__record_type__,
        record_id=complaint.id, number=complaint.number,
        changes={"handler_id": [None, choice.user_id], "reason": choice.reason.value,
                 "load": choice.load, "quota": choice.quota},
    )


def _require_approver(session: Session, complaint: Complaint) -> None:
    """An approver without the right to approve is an error now, not an empty page later."""
    leader = leader_of(session, complaint.responsible_department_id)
    if leader is None:
        raise Invalid({"responsible_department_id": Message(
            N_("This department has no leader who could approve a solution.")
        )})
    person = actor_for(session, leader)
    if person is None or not person.can("can_approve", VIEW):
        raise Invalid({"responsible_department_id": Message(
            N_("The leader of this department lacks the permission to approve solutions.")
        )})


def _require_handler(session: Session, complaint: Complaint) -> None:
    """Refuse a responsible person with whom the complaint could not come to its end."""
    handler = actor_for(session, complaint.handler_id)
    if handler is None or not handler.can("can_edit", VIEW):
        raise _not_handler(N_("This person may not work on complaints."))
    if not _is_of(session, handler, complaint.responsible_department_id):
        raise _not_handler(N_("This person does not belong to the responsible department."))
    others = (actor_for(session, user_id)
              for user_id in who_lead(session, complaint.responsible_department_id)
              if user_id != handler.user_id)
    if not any(other is not None and other.can("can_approve", VIEW) for other in others):
        raise _not_handler(N_("Nobody else could approve what this person proposes."))


def _is_of(session: Session, person: Actor, department_id: int | None) -> bool:
    """Return whether a person belongs to a department or to one below it, or leads it."""
    own, wanted = (session.get(Department, key) if key else None
                   for key in (person.department_id, department_id))
    below = own is not None and wanted is not None and own.path.startswith(wanted.path)
    return below or department_id in person.led_department_ids


def _not_handler(msgid: str) -> Invalid:
    return Invalid({"handler_id": Message(msgid)})


# What was decided on one solution says nothing about the next one; the history keeps it.
_DECISIONS = ("approver_id", "approved_at", "approval_note", "consent_note", "consented_at")
_OUTCOME = ("solution", "proposer_id", "result", "resolved_at", "feedback", "summary",
            "improvement", "withdrawal_reason", "closed_at")


def _empty(complaint: Complaint, names: Iterable[str]) -> None:
    for name in names:
        setattr(complaint, name, "" if _is_text(name) else None)


def void_decisions(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Take back what was decided on a solution that will not be carried out."""
    _empty(complaint, _DECISIONS)


def note_proposer(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Remember who proposed: that person can never approve."""
    complaint.proposer_id = actor.user_id
    _empty(complaint, _DECISIONS)


def note_approver(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Remember who approved and when."""
    complaint.approver_id = actor.user_id
    complaint.approved_at = utcnow()


def note_consent(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Remember when the customer agreed."""
    complaint.consented_at = utcnow()


def note_resolved(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Remember when it was resolved."""
    complaint.resolved_at = utcnow()


def note_satisfaction(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Keep the customer's verdict; with it the complaint is finished."""
    complaint.satisfaction = values.get("outcome", "")
    complaint.closed_at = utcnow()
    _emit_rating(session, actor, complaint)
    emit(session, FINISHED, complaint, {"satisfaction": complaint.satisfaction}, by=actor)


def note_dissatisfied(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Keep that the customer is not content."""
    complaint.satisfaction = "dissatisfied"
    _emit_rating(session, actor, complaint)


def _emit_rating(session: Session, actor: Actor, complaint: Complaint) -> None:
    emit(session, RATED, complaint,
         {"satisfaction": complaint.satisfaction, "round": complaint.round}, by=actor)


def next_round(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Begin a new round: what the last one decided needs deciding again.

    The verdict on the last round stays until there is another: it is why there is a new one.
    """
    complaint.round += 1
    _empty(complaint, (*_DECISIONS, *_OUTCOME))


def note_closed(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Remember when the case ended, and tell whoever listens for whose responsibility it was."""
    complaint.closed_at = complaint.closed_at or utcnow()
    if complaint.state == "archived" and complaint.liability == "employee" and complaint.handler_id:
        cause = complaint.cause.code if complaint.cause is not None else ""
        emit(session, RESPONSIBLE, complaint,
             {"user_id": complaint.handler_id, "cause": cause}, by=actor)


def escalate(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Make it a major complaint; the deadlines of the highest severity hold from now on."""
    complaint.is_major = True
    complaint.severity = "critical"


def merge(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Tie a duplicate to the complaint that goes on, and say so there.

    Into a closed one it would end without the decision that ends a complaint, so nobody may close
    the other one meanwhile.
    """
    target = find(session, actor, Complaint, values["merged_into_id"])
    if target is None or target.id == complaint.id or not lock(session, target).is_open:
        raise Invalid({"merged_into_id": Message(N_("Choose another open complaint."))})
    complaint.merged_into_id = target.id
    tie(session, actor, complaint, target)
    comment(session, actor, target, f"{complaint.number}: {complaint.subject}", kind="merged")


EFFECTS = {
    "store": store, "void_decisions": void_decisions, "note_proposer": note_proposer,
    "note_approver": note_approver, "note_consent": note_consent,
    "note_resolved": note_resolved, "note_satisfaction": note_satisfaction,
    "note_dissatisfied": note_dissatisfied, "next_round": next_round,
    "note_closed": note_closed, "escalate": escalate, "merge": merge, "untie": untie,
}
