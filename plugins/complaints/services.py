"""What can be done with complaints beyond what every record can."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, load_only
from sqlalchemy.sql.base import ExecutableOption

from app.sdk import N_
from app.sdk.models import Loan, Vehicle
from app.sdk.services import Actor, Unindexed, is_present, scope_filter, utcnow
from plugins.complaints.choices import HOUSE
from plugins.complaints.models import Complaint
from plugins.complaints.settings import setting
from plugins.complaints.workflow import VIEW

REQUIRED_TO_RECORD = ("customer_name", "contact", "channel_id", "reason", "demand")
LONGEST_SUBJECT = 60


def missing_for_record(complaint: Any) -> list[str]:
    """Return the columns that the complaint record form needs and that are still empty."""
    return [name for name in REQUIRED_TO_RECORD if not getattr(complaint, name)]


def owner_of(
    session: Session, actor: Actor, model: type[Vehicle | Loan], key: int | None
) -> int | None:
    """Return the customer of a vehicle or loan that the actor may see, or ``None``.

    Args:
        session: any session.
        actor: who asks.
        model: vehicles or loans.
        key: which one.
    """
    if key is None:
        return None
    return session.scalar(
        select(model.customer_id).where(
            model.id == key, is_present(model), scope_filter(actor, model)
        )
    )


def subject_of(reason: str) -> str:
    """Return the first sentence of what happened, short enough for a list."""
    first = reason.strip().splitlines()[0] if reason.strip() else ""
    for stop in "。！？.!?":
        position = first.find(stop)
        if 0 < position < LONGEST_SUBJECT:
            first = first[:position]
    return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1] + "…"


def likely_duplicates(
    session: Session, actor: Actor, *, customer_id: int | None = None, contact: str = "",
    limit: int = 5,
) -> list[Complaint]:
    """Return open complaints of the same caller of the last days that the actor may see.

    Args:
        session: any session.
        actor: who registers.
        customer_id: the chosen customer.
        contact: the phone number given.
        limit: most rows returned.
    """
    same = of_caller(actor, customer_id, contact)
    if same is None:
        return []
    within = dt.timedelta(days=setting(session, "duplicate_days"))
    return list(session.scalars(
        select(Complaint)
        # Found by who calls: SQLite would rather read everything that is open and recent.
        .where(same, Unindexed(Complaint.is_open.expression).is_(True),
               Unindexed(Complaint.received_at.expression) >= utcnow() - within)
        .order_by(Complaint.id.desc())
        .limit(limit)
        .options(_line())
    ))


def past_complaints(
    session: Session, actor: Actor, *, customer_id: int | None = None, contact: str = "",
    besides: Collection[int] = (), limit: int = 5,
) -> list[Complaint]:
    """Return what a caller has complained about before, the newest first.

    Args:
        session: any session.
        actor: who registers; what they may not see is left out.
        customer_id: the chosen customer.
        contact: the phone number given.
        besides: keys of complaints that are told of already.
        limit: most rows returned.
    """
    same = of_caller(actor, customer_id, contact)
    if same is None:
        return []
    return list(session.scalars(
        select(Complaint)
        .where(same, Complaint.id.not_in(besides))
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(limit)
        .options(_line())
    ))


def _line() -> ExecutableOption:
    """Return the option by which a complaint is read as far as one line shows it."""
    return load_only(
        Complaint.number, Complaint.subject, Complaint.state, Complaint.satisfaction,
        Complaint.received_at)


def of_caller(
    actor: Actor, customer_id: int | None, contact: str
) -> ColumnElement[bool] | None:
    """Return the condition of complaints of one caller that the actor may see.

    Args:
        actor: who looks.
        customer_id: the customer, where known.
        contact: a number that they call from, in any notation.

    Returns:
        ``None`` where neither says who calls.
    """
    same = []
    if customer_id:
        same.append(Complaint.customer_id == customer_id)
    if contact.strip():
        same.append(Complaint.contact == contact)
    if not same:
        return None
    return and_(or_(*same), Complaint.deleted_at.is_(None),
                scope_filter(actor, Complaint, indexed=False))


def not_corrected(
    actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> dict[str, str]:
    """Return why the actor may not write some of several values, as message ids by field.

    What the law wants is not put aside, nor a deadline won, by whoever may write: a statutory rule
    book is taken off or changed, and the receipt moved to a later time, with a right of its own.

    Args:
        actor: who changes the complaint.
        complaint: as it is now.
        values: what is to be written, by name of column.
    """
    if actor.can("can_correct", VIEW):
        return {}
    found = {}
    book = values.get("rule_book", complaint.rule_book)
    if complaint.rule_book != HOUSE and book != complaint.rule_book:
        found["rule_book"] = N_("Only those who may correct receipt and rule book take a "
                                "statutory rule book off or change it.")
    received_at = values.get("received_at")
    if received_at is not None and received_at > complaint.received_at:
        found["received_at"] = N_("Only those who may correct receipt and rule book move the "
                                  "receipt to a later time.")
    return found


def silent_since(hours: int) -> dt.datetime:
    """Return the point in time before which a customer must have heard from us last."""
    return utcnow().replace(microsecond=0) - dt.timedelta(hours=hours)


def without_progress(
    session: Session, actor: Actor, hours: int, limit: int = 50
) -> list[Complaint]:
    """Return open complaints whose customer has heard nothing for this many hours (P3)."""
    since = silent_since(hours)
    return list(session.scalars(
        select(Complaint)
        .where(
            Complaint.is_open, Complaint.deleted_at.is_(None),
            scope_filter(actor, Complaint, indexed=False),
            Complaint.heard_at < since,
        )
        .order_by(Complaint.received_at, Complaint.id)
        .limit(limit)
    ))
