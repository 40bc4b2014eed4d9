"""What visits offer to other plugins, and what they show on customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.visits.models import Visit
from plugins.visits.workflow import VIEW
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import (
    N_,
    Ability,
    Event,
    EventField,
    LinkKind,
    RecordAction,
    RecordChip,
    RecordColumn,
    RecordFact,
    Suggestion,
    SuggestionSource,
    TimelineFeed,
    Typed,
)
from app.sdk.events import emit
from app.sdk.models import Customer
from app.sdk.records import create, link
from app.sdk.screens import Chip
from app.sdk.services import Actor, is_present, scope_filter, search_filter
from app.sdk.workflow import Field, Form, Kind, Message, Section

MOST_AT_ONCE = 5
CUSTOMERS = "customers.customer"

# --- events of its own -----------------------------------------------------------------------
LEFT = Event(
    name="visits.left", title=N_("A visitor has left"),
    fields=(EventField(name="result", kind=str, text="what came of the visit"),),
)


def announce(session: Session, actor: Actor, visit: Visit, values: Mapping[str, Any]) -> None:
    """Effect of the last step: whoever listens hears of it after the commit."""
    emit(session, LEFT.name, visit, {"result": values["result"]}, by=actor)


# --- what others may ask for -----------------------------------------------------------------
def register(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Visit:
    """Register a visit; the record that it came from is linked with it."""
    return create(session, actor, Visit, dict(values))


def visitor(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    """Begin the form with the customer whose page the visit is registered on."""
    if not isinstance(origin, Customer):
        return {}
    return {"visitor": origin.name, "customer_id": origin.id}


REGISTER = Ability(
    name="visits.register", title=N_("Register a visit"), view=VIEW, permission="can_add",
    run=register, defaults=visitor, icon="building-store",
    form=Form("register_visit", N_("Register a visit"), (Section("main", "", (
        Field("visitor", Kind.TEXT, N_("Visitor"), required=True, length=80),
        Field("customer_id", Kind.RECORD, N_("Customer"), target=CUSTOMERS),
    )),)),
)

# --- kinds of link ---------------------------------------------------------------------------
COMPANION = LinkKind(name="visits.companion", forward=N_("Came with"), backward=N_("Came with"))


# --- on the page of a customer ---------------------------------------------------------------
def in_the_house(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    """Return how many visits of a customer are open and when the last one began, as SQL."""
    own = (Visit.customer_id == customer.id, is_present(Visit), scope_filter(actor, Visit))
    return {
        "count": select(func.count()).where(Visit.is_open, *own).scalar_subquery(),
        "last": select(Visit.number).where(*own).order_by(Visit.id.desc()).limit(1)
        .scalar_subquery(),
    }


def chip(_customer: Customer, values: Mapping[str, Any]) -> Chip | None:
    """Mark a customer who is in the house."""
    return Chip(label=N_("In the house"), tone="good") if values["count"] else None


CHIP = RecordChip(record_type=CUSTOMERS, view=VIEW, values=in_the_house, show=chip)
FACT = RecordFact(record_type=CUSTOMERS, view=VIEW, label=N_("Last visit"), values=in_the_house,
                  show=lambda _customer, values: values["last"])
COLUMN = RecordColumn(
    record_type=CUSTOMERS, name="visits.last", label=N_("Last visit"), kind="text", view=VIEW,
    expression=lambda actor, model: in_the_house(actor, model)["last"])
ACTION = RecordAction(record_type=CUSTOMERS, ability=REGISTER.name)
TIMELINE = TimelineFeed(
    record_type=Visit.__record_type__, icon="building-store",
    entries={"create": N_("came to the showroom"), LEFT.name: N_("left: %(result)s")},
)


# --- while somebody types --------------------------------------------------------------------
def earlier(session: Session, actor: Actor, typed: Typed) -> list[Suggestion]:
    """Return earlier visits that hold what was typed, the latest first."""
    found = session.scalars(
        select(Visit).where(search_filter(session, Visit, typed.text), is_present(Visit),
                            scope_filter(actor, Visit)).order_by(Visit.id.desc()).limit(3))
    return [Suggestion(key=str(visit.id), title=f"{visit.number} {visit.visitor}",
                       text=visit.result) for visit in found]


def note_use(session: Session, actor: Actor, typed: Typed, key: str, use: str) -> None:
    """Note on the visit that it was an answer; other uses count for nothing here."""
    visit = session.get(Visit, int(key)) if use == "answered" else None
    if visit is not None and typed.record is not None:
        link(session, actor, typed.record, visit, COMPANION.name)


SUGGESTIONS = SuggestionSource(name="visits.earlier", title=N_("Earlier visits"), view=VIEW,
                               suggest=earlier, note=note_use)


# --- a veto ----------------------------------------------------------------------------------
def assignment_veto(session: Session, record: Any, user_id: int) -> Message | None:
    """Deny a visitor to somebody who receives several already."""
    if not isinstance(record, Visit):
        return None
    others = session.scalar(select(func.count()).select_from(Visit).where(
        Visit.owner_id == user_id, Visit.is_open, Visit.id != (record.id or 0)))
    if others < MOST_AT_ONCE:
        return None
    return Message(N_("This person receives %(count)s visitors already."), {"count": others})
