"""Guards and effects that the workflow of applications names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.events import emit
from app.sdk.people import local_today
from app.sdk.services import Actor, comment, name_of, notice_kinds, tell, utcnow
from app.sdk.workflow import Message
from plugins.loans.applications import approvals
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.review import open_findings
from plugins.loans.applications.rules import FINDING_COLUMNS, listed, missing
from plugins.loans.applications.taking_up import make_loan
from plugins.loans.applications.telling import SERVICE, contact
from plugins.loans.applications.workflow import (
    APPROVAL,
    HANDED_OVER,
    MISSING,
    RECEIVED,
    REVIEW,
)
from plugins.loans.applications.workflow import APPROVED as APPROVED_STATE
from plugins.loans.applications.workflow import NOT_ELIGIBLE as NOT_ELIGIBLE_STATE
from plugins.loans.applications.workflow import REFUSED as REFUSED_STATE
from plugins.loans.checklist.services import documents_of, still_to_bring
from plugins.loans.choices import APPROVED, NOT_ELIGIBLE, REFUSED, WITHDRAWN
from plugins.loans.settings import setting

TOLD = "loans.told"
STAYS = {
    RECEIVED: "minutes_received", MISSING: "minutes_missing", REVIEW: "minutes_review",
    NOT_ELIGIBLE_STATE: "minutes_not_eligible", HANDED_OVER: "minutes_handed_over",
    APPROVAL: "minutes_approval", APPROVED_STATE: "minutes_approved",
    REFUSED_STATE: "minutes_refused",
}
"""By state the column with the minutes that an application stood there."""
_MINUTE = 60


# --- guards: (session, actor, application) -> why not ---------------------------------------
def has_no_owner(session: Session, actor: Actor, application: LoanApplication) -> Message | None:
    """Only what nobody works on can be taken."""
    return Message(N_("Somebody works on it already.")) if application.owner_id else None


def something_to_bring(
    session: Session, actor: Actor, application: LoanApplication
) -> Message | None:
    """Who is asked for documents has to bring some."""
    return None if application.to_bring else Message(N_("No required document is missing."))


def filled_for_review(
    session: Session, actor: Actor, application: LoanApplication
) -> Message | None:
    """The first review needs vehicle, livelihood and income."""
    names = missing({name: getattr(application, name) for name in (
        "vehicle_text", "employment", "monthly_income")})
    return Message(N_("Still missing: %(fields)s"), {"fields": listed(names)}) if names else None


def another_reviewer(
    session: Session, actor: Actor, application: LoanApplication
) -> Message | None:
    """Where the setting says so, whoever took an application in does not review it."""
    if actor.user_id != application.created_by_id or not setting(session, "four_eyes"):
        return None
    return Message(N_("You took this application in: another person reviews it."))


def review_is_finished(
    session: Session, actor: Actor, application: LoanApplication
) -> Message | None:
    """Handed over is what is complete, true and valid, on the day of the hand-over too."""
    if open_findings(application):
        return Message(N_("Confirm first that the documents are complete, truthful and valid."))
    if still_to_bring(documents_of(session, application)):
        return Message(N_("Required documents are missing, rejected or expired."))
    return None


def acts_in_post(session: Session, actor: Actor, application: LoanApplication) -> Message | None:
    """The post whose turn it is decides, or the deputy of its holder."""
    row = approvals.waiting(approvals.chain_of(session, application.id))
    if row is None:
        return Message(N_("Every post has decided."))
    if actor.user_id in {one.user_id for one in approvals.acting(session, application, row)}:
        return None
    return Message(N_("It is the turn of another post; see Approval and follow-up."))


def is_last(session: Session, actor: Actor, application: LoanApplication) -> Message | None:
    """The last post of the chain gives the approval."""
    if _open_places(session, application) == 1:
        return None
    return Message(N_("Another post decides after this one."))


def is_not_last(session: Session, actor: Actor, application: LoanApplication) -> Message | None:
    """Passed on is what another post has to approve as well."""
    if _open_places(session, application) > 1:
        return None
    return Message(N_("No other post decides after this one."))


def _open_places(session: Session, application: LoanApplication) -> int:
    return sum(not row.decision for row in approvals.chain_of(session, application.id))


GUARDS = {
    "has_no_owner": has_no_owner, "something_to_bring": something_to_bring,
    "filled_for_review": filled_for_review, "another_reviewer": another_reviewer,
    "review_is_finished": review_is_finished, "acts_in_post": acts_in_post,
    "is_last": is_last, "is_not_last": is_not_last,
}


# --- effects: (session, actor, application, values) in the transaction ----------------------
def store(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Store what the form asked for in the columns of the same names."""
    columns = LoanApplication.__table__.c
    for name, value in values.items():
        if name in columns:
            is_text = not columns[name].nullable
            setattr(application, name, "" if value is None and is_text else value)


def count_stay(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Add the minutes that it stood where it comes from; they are whole, rounded down."""
    now, column = utcnow(), STAYS.get(application.counted_state)
    if column is not None and application.state_entered_at is not None:
        stayed = int((now - application.state_entered_at).total_seconds()) // _MINUTE
        setattr(application, column, (getattr(application, column) or 0) + max(stayed, 0))
    application.counted_state, application.state_entered_at = application.state, now


def note_asked(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep what the customer was asked for, and when the owner is reminded of it first."""
    application.remind_on = local_today()
    comment(session, actor, application, values["asked_text"], kind="progress")


def note_reviewer(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Remember who reviews: that person never approves."""
    application.reviewer_id = actor.user_id


def begin_approval(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Begin the chain of approvals."""
    application.handed_over_at = utcnow()
    session.flush()
    approvals.begin(session, actor, application)


def note_approval(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep that this post approves."""
    approvals.decide(session, actor, application, APPROVED, values.get("approval_note") or "")


def pass_to_next(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Call on the next post."""
    row = approvals.waiting(approvals.chain_of(session, application.id))
    assert row is not None, "the guard has seen to it"
    approvals.call_on(session, actor, application, row)


def note_approved(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep what was approved, at most what was applied for."""
    approved = application.approved_amount or application.amount
    if approved > application.amount:
        raise Invalid({"approved_amount": Message(
            N_("No more is approved than the customer applied for."))})
    application.approved_amount = approved
    _decided(session, actor, application, APPROVED)


def note_refused(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep why it was refused, and advice."""
    _advise(session, application)
    assert application.refusal_reason is not None, "the form asks for it"
    approvals.decide(session, actor, application, REFUSED, application.refusal_reason.name)
    _decided(session, actor, application, REFUSED)


def note_not_eligible(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep why the customer is not eligible, and advice."""
    _advise(session, application)
    _decided(session, actor, application, NOT_ELIGIBLE)


def _advise(session: Session, application: LoanApplication) -> None:
    session.flush()
    session.refresh(application, ["refusal_reason"])
    reason = application.refusal_reason
    if reason is not None and not application.advice:
        # The customers of the house read Chinese; who tells them may change it.
        application.advice = reason.advice_in("zh")


def _decided(session: Session, actor: Actor, application: LoanApplication, result: str) -> None:
    application.result, application.decided_at = result, utcnow()
    application.promised_on = None
    if application.owner_id != actor.user_id:
        tell(session, [application.owner_id], notice_kinds.WAITING,
             N_("A loan application has been decided: tell the customer."), record=application,
             by=actor.user_id)


def note_told(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep what the customer was told, by the rules of contact."""
    contact(session, actor, application, values, SERVICE)
    application.told_at, application.told_by_id = utcnow(), actor.user_id
    application.told_channel, application.told_text = values["told_channel"], values["told_text"]
    application.closed_at = utcnow()
    emit(session, TOLD, application, {"result": application.result}, by=actor)


def take_up(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Make the loan of the customer where the customer takes it."""
    if values.get("takes_up"):
        loan = make_loan(session, actor, application, values.get("contract") or "")
        application.loan_id = loan.id


def note_withdrawn(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Keep when it ended."""
    application.result, application.closed_at = WITHDRAWN, utcnow()
    application.promised_on = application.remind_on = None


_RESULT = ("result", "refusal_reason_id", "advice", "decided_at", "approved_amount",
           "withdrawal_reason", "closed_at", "promised_on")
_REVIEW = ("reviewer_id", *(name for pair in FINDING_COLUMNS.values() for name in pair))


def void_result(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """What was decided says nothing of the new beginning; the history keeps it."""
    _empty(application, _RESULT)


def void_review(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """What is sent back is reviewed anew."""
    _empty(application, [name for name in _REVIEW if name != "reviewer_id"])
    application.promised_on = None


def tell_reviewer(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> None:
    """Tell reviewer and owner what the approvers want first."""
    comment(session, actor, application, values["return_reason"])
    tell(session, [application.reviewer_id, application.owner_id], notice_kinds.WAITING,
         N_("%(name)s has returned a loan application to the first review."),
         values={"name": name_of(session, actor.user_id)}, record=application, by=actor.user_id)


def _empty(application: LoanApplication, names: Iterable[str]) -> None:
    columns = LoanApplication.__table__.c
    for name in names:
        setattr(application, name, None if columns[name].nullable else "")


EFFECTS = {
    "store": store, "count_stay": count_stay, "note_asked": note_asked,
    "note_reviewer": note_reviewer, "begin_approval": begin_approval,
    "note_approval": note_approval, "pass_to_next": pass_to_next,
    "note_approved": note_approved, "note_refused": note_refused,
    "note_not_eligible": note_not_eligible, "note_told": note_told, "take_up": take_up,
    "note_withdrawn": note_withdrawn, "void_result": void_result, "void_review": void_review,
    "tell_reviewer": tell_reviewer,
}
