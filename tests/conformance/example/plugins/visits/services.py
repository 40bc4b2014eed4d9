"""What can be done with visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugins.visits.models import Note, Purpose, Visit
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.importing import CREATED, SKIPPED, ImportRow, Outcome
from app.sdk.metrics import Measure, count
from app.sdk.models import Customer
from app.sdk.services import Actor, create, scope_filter, settings_of

PURPOSES = (("buy", "To buy a car", "看车购车"), ("service", "Maintenance or repair", "保养维修"),
            ("loan", "Applying for a loan", "办理贷款"))


OPEN_VISITS = Measure(name="visits.open", model=Visit, where={"is_open__is": "true"})
RECEIVED_VISITS = Measure(name="visits.received", model=Visit, day="created_at")


def open_visits(session: Session, actor: Actor) -> int:
    """Return how many visitors in the actor's sight are still in the house."""
    return count(session, actor, OPEN_VISITS)


def visits_of_customer(session: Session, actor: Actor, customer: Customer) -> dict[str, Any]:
    """Return the visits under a customer's phone number, for the panel on the customer's page."""
    visits = session.scalars(
        select(Visit).where(Visit.phone == customer.phone, scope_filter(actor, Visit))
        .order_by(Visit.id.desc()).limit(settings_of(session, "visits")["panel_rows"])
    ).all()
    return {"visits": visits}


def ship_purposes(session: Session) -> None:
    """Add purposes that are not there; what an admin renamed stays as it is."""
    known = set(session.scalars(select(Purpose.code)))
    session.add_all(
        Purpose(code=code, name=name, name_zh=name_zh, position=place)
        for place, (code, name, name_zh) in enumerate(PURPOSES) if code not in known
    )
    session.flush()


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], _on_existing: str
) -> list[Outcome]:
    """Write rows of a file; a visitor who is known by name and phone is left as it is."""
    outcomes = []
    for row in rows:
        known = session.scalar(select(Visit.id).where(
            Visit.visitor == row.values["visitor"], Visit.phone == row.values["phone"]))
        if known is None:
            create(session, actor, Visit, dict(row.values))
        outcomes.append(Outcome(row.line, CREATED if known is None else SKIPPED))
    return outcomes


def note(session: Session, event_id: str, text: str) -> None:
    """Note an event once, however often it is delivered."""
    if session.get(Note, event_id) is None:
        session.add(Note(event_id=event_id, text=text))
        session.flush()
