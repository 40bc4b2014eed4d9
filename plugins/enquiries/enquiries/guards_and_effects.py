"""Guards and effects that the workflow of enquiries names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.events import emit
from app.sdk.services import Actor, utcnow
from app.sdk.workflow import Message
from plugins.enquiries.choices import ANSWERED, SATISFACTIONS, SETTLED, SILENT
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.shared import give, store

RATED = "enquiries.rated"
_LEVELS = frozenset(dict(SATISFACTIONS))


def is_not_rated(session: Session, actor: Actor, enquiry: Enquiry) -> Message | None:
    """A customer is asked once."""
    return Message(N_("The customer has said so already.")) if enquiry.satisfaction else None


def has_no_owner(session: Session, actor: Actor, enquiry: Enquiry) -> Message | None:
    """Only what nobody follows can be taken."""
    return Message(N_("Somebody follows it already.")) if enquiry.owner_id else None


GUARDS = {"is_not_rated": is_not_rated, "has_no_owner": has_no_owner}


def store_filled(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Store what the form was filled with; what was left empty stays as it is."""
    store(session, actor, enquiry, {name: value for name, value in values.items() if value})


def note_answer(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Remember when it was answered."""
    enquiry.answered_at = utcnow()


def note_verdict(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Keep how content the customer is, and tell whoever listens."""
    verdict = values.get("outcome", "")
    if verdict in _LEVELS:
        enquiry.satisfaction = verdict
        emit(session, RATED, enquiry, {"satisfaction": verdict}, by=actor)


def _close(enquiry: Enquiry, ending: str) -> None:
    enquiry.closed_at, enquiry.waiting_since = utcnow(), None
    enquiry.ending = enquiry.ending or ending


def note_closed(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Remember when it ended, with an answer."""
    _close(enquiry, ANSWERED)


def note_silent(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Remember when it ended, without a word of the customer."""
    _close(enquiry, SILENT)


def note_settled(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Remember when it ended; what became another record keeps that ending."""
    _close(enquiry, SETTLED)


def note_waiting(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Remember since when the customer is waited for."""
    enquiry.waiting_since = utcnow()


def note_asked(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Begin with a department anew: an answer and a person of before are those of another."""
    enquiry.handler_id, enquiry.department_answer = None, ""


def note_reopened(
    session: Session, actor: Actor, enquiry: Enquiry, values: Mapping[str, Any]
) -> None:
    """Begin anew; the answer so far stays until there is another."""
    enquiry.closed_at, enquiry.ending, enquiry.satisfaction = None, "", ""
    enquiry.answered_at, enquiry.answered_at_once = None, False


EFFECTS = {
    "store": store, "store_filled": store_filled, "give": give, "note_answer": note_answer,
    "note_verdict": note_verdict, "note_closed": note_closed, "note_silent": note_silent,
    "note_settled": note_settled, "note_waiting": note_waiting, "note_asked": note_asked,
    "note_reopened": note_reopened,
}
