"""What an enquiry becomes: a complaint, a repair report, a suggestion, a request, a message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.abilities import call, has_ability
from app.sdk.errors import Invalid
from app.sdk.records import AvailableAction, act, create, link
from app.sdk.services import SYSTEM, Actor, sees
from app.sdk.workflow import Choice, Condition, Field, Form, Kind, Message, Op
from plugins.enquiries import access, choices
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.messages.models import Message as MessageRecord
from plugins.enquiries.repairs.models import Repair
from plugins.enquiries.requests.models import Request
from plugins.enquiries.settings import department_of
from plugins.enquiries.suggestions.models import Suggestion

COMPLAIN, CALL_BACK = "complaints.open", "callbacks.plan"
MAKE_COMPLAINT, MAKE_REPAIR, MAKE_OTHER = "make_complaint", "make_repair", "make_other"
NAMES = frozenset({MAKE_COMPLAINT, MAKE_REPAIR, MAKE_OTHER})
_ORIGIN = "core.origin"
_MADE = {choices.COMPLAINT: MAKE_COMPLAINT, choices.REPAIR: MAKE_REPAIR,
         choices.RESCUE: MAKE_REPAIR}
_OTHERS = {choices.SUGGESTION: access.SUGGESTION, choices.REQUEST: access.REQUEST,
           choices.MESSAGE: access.MESSAGE}


def of_kind(enquiry: Enquiry) -> tuple[str, Mapping[str, Any]]:
    """Return the action that makes of an enquiry what its kind says, and its values.

    Args:
        enquiry: as it was taken; one that stays an enquiry gives an empty name.
    """
    if enquiry.kind in _OTHERS:
        return MAKE_OTHER, {"into": enquiry.kind, "message_for_id": enquiry.message_for_id}
    return _MADE.get(enquiry.kind, ""), {}


def actions(actor: Actor, enquiry: Enquiry) -> Sequence[AvailableAction]:
    """Return what an enquiry can become by this actor, in the order of the page.

    Args:
        actor: who would make it.
        enquiry: the enquiry.
    """
    found: list[AvailableAction] = []
    if has_ability(COMPLAIN, actor):
        found.append(AvailableAction(name=MAKE_COMPLAINT, label=N_("Make a complaint"),
                                     icon="message-report"))
    if actor.can("can_add", access.REPAIR):
        label = N_("Make a rescue call") if enquiry.kind == choices.RESCUE else (
            N_("Make a repair report"))
        found.append(AvailableAction(name=MAKE_REPAIR, label=label, icon="tool"))
    others = [kind for kind, view in _OTHERS.items() if actor.can("can_add", view)]
    if others:
        found.append(AvailableAction(name=MAKE_OTHER, label=N_("Pass on"), icon="share",
                                     form=_form(others)))
    return found


def _form(kinds: Sequence[str]) -> Form:
    is_message = Condition("into", Op.EQUALS, choices.MESSAGE)
    return Form.of(
        "make_other",
        Field("into", Kind.CHOICE, N_("As"), True, choices=tuple(
            Choice(kind, choices.label_of(choices.KINDS, kind)) for kind in kinds)),
        Field("message_for_id", Kind.PERSON, N_("Message for"), visible_when=is_message,
              required_when=is_message),
        title=N_("Pass on"))


def make(
    session: Session, actor: Actor, enquiry: Enquiry, name: str, values: Mapping[str, Any]
) -> Any:
    """Make a record of an enquiry, with all that was written; origin and result are linked.

    Args:
        session: session with a running write.
        actor: who makes it.
        enquiry: what it is made of.
        name: one of ``NAMES``.
        values: of the action's form.

    Returns:
        The record; the actor need not be able to see it.
    """
    kind = values["into"] if name == MAKE_OTHER else name
    return _MAKERS[kind](session, actor, enquiry, values)


def told(enquiry: Enquiry, besides: Collection[str] = ()) -> str:
    """Return the question with when, where, why and how, as far as they are known.

    Args:
        enquiry: the enquiry.
        besides: columns that the new record has of its own.
    """
    lines = [enquiry.question, *(
        f"{label}: {text}" for label, name in (
            (gettext("When"), "happened_when"), (gettext("Where"), "happened_where"),
            (gettext("Why"), "happened_why"), (gettext("How"), "happened_how"),
            (gettext("Plate"), "plate"), (gettext("Remarks"), "remarks"))
        if name not in besides and (text := getattr(enquiry, name)))]
    return "\n".join(lines)


def _clear(value: Any) -> str:
    # The number goes from one sensitive column into another; nobody reads it on the way.
    return value.reveal() if value else ""


def _complaint(
    session: Session, actor: Actor, enquiry: Enquiry, _values: Mapping[str, Any]
) -> Any:
    return call(session, actor, COMPLAIN, {
        "customer_id": enquiry.customer_id, "customer_name": enquiry.customer_name,
        "contact": _clear(enquiry.phone or enquiry.wechat or enquiry.qq),
        "reason": told(enquiry)}, origin=enquiry)


def _caller(enquiry: Enquiry) -> dict[str, Any]:
    return {"customer_id": enquiry.customer_id, "customer_name": enquiry.customer_name,
            "phone": enquiry.phone}


def _joined(session: Session, actor: Actor, enquiry: Enquiry, record: Any) -> Any:
    # What is for another department need not be in the sight of whoever took the call.
    link(session, actor if sees(actor, record) else SYSTEM, enquiry, record, _ORIGIN)
    return record


def _repair(session: Session, actor: Actor, enquiry: Enquiry, _values: Mapping[str, Any]) -> Any:
    repair = create(session, actor, Repair, {
        **_caller(enquiry), "plate": enquiry.plate, "items": enquiry.repair_items,
        "place": enquiry.happened_where, "situation": told(enquiry, ("plate", "happened_where")),
        "kind": choices.RESCUE if enquiry.kind == choices.RESCUE else choices.REPAIR})
    workshop = department_of(session, "workshop_department_id")
    if workshop is not None:
        act(session, actor, repair, "forward", {"responsible_department_id": workshop})
    return _joined(session, actor, enquiry, repair)


def _suggestion(
    session: Session, actor: Actor, enquiry: Enquiry, _values: Mapping[str, Any]
) -> Any:
    return _joined(session, actor, enquiry, create(
        session, actor, Suggestion, {**_caller(enquiry), "content": told(enquiry)}))


def _request(session: Session, actor: Actor, enquiry: Enquiry, _values: Mapping[str, Any]) -> Any:
    return _joined(session, actor, enquiry, create(
        session, actor, Request, {"content": told(enquiry)}))


def _message(session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]) -> Any:
    """Make the colleague's callback; without callbacks or a customer, a message with a notice."""
    colleague = values.get("message_for_id")
    if not colleague:
        raise Invalid({"message_for_id": Message(N_("Say for whom the message is."))})
    if enquiry.customer_id is not None and has_ability(CALL_BACK, actor):
        return call(session, actor, CALL_BACK, {
            "customer_id": enquiry.customer_id, "subject": enquiry.subject,
            "owner_id": colleague}, origin=enquiry)
    return _joined(session, actor, enquiry, create(session, actor, MessageRecord, {
        **_caller(enquiry), "content": told(enquiry), "owner_id": colleague}))


_MAKERS: Mapping[str, Callable[..., Any]] = {
    MAKE_COMPLAINT: _complaint, MAKE_REPAIR: _repair, choices.SUGGESTION: _suggestion,
    choices.REQUEST: _request, choices.MESSAGE: _message,
}
