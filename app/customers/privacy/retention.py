"""Retention (保存期限): how long customers are kept after the last that happened with them.

Nobody is erased by time alone: a schedule works out from which day on a customer is due, a list
shows them, and two persons decide as on any other erasure. Of each customer it can be asked why
they are not due.
"""

# Not strict: the kinds of record that plugins bring have no types here.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.customers.contact_models import Contact
from app.customers.items import review_due
from app.customers.models import Customer
from app.customers.privacy.obstacles import erasure_refusal, with_open_work, workflow_models
from app.customers.profile_settings import SETTINGS_NAME
from app.database import held_seconds, write
from app.i18n import Message
from app.jobs.portions import Pace
from app.people.clock import local_today, local_zone
from app.settings.services import settings_of

_CUSTOMERS = Customer.__table__
Last = Mapping[int, dt.datetime]
"""The last that happened with each customer, by key."""


@dataclasses.dataclass(frozen=True, slots=True)
class Retention:
    """How long a customer is kept.

    Attributes:
        years: years of retention by the rules; 0 where nobody is proposed for erasure.
        last_at: when the last happened with the customer.
        due_on: day from which on the customer is due by time alone; ``None`` without a time.
        against: why the customer cannot be erased now whatever the time; ``None`` where nothing is.
    """

    years: int
    last_at: dt.datetime
    due_on: dt.date | None
    against: Message | None

    @property
    def is_due(self) -> bool:
        """Whether the customer is due for erasure today."""
        return self.against is None and self.due_on is not None and self.due_on < local_today()


def retention_of(session: Session, customer: Customer) -> Retention:
    """Return how long a customer is kept, and what stands against the end of it.

    Args:
        session: any session.
        customer: the customer.
    """
    years = settings_of(session, SETTINGS_NAME)["retention_years"]
    last = _last_with(session, [customer.id]).get(customer.id, customer.created_at)
    return Retention(years, last, _years_after(last, years), erasure_refusal(session, customer))


def propose_erasures(session: Session, _due: dt.datetime, _now: dt.datetime) -> int:
    """Work out from which day on customers are due for erasure, in portions; a schedule.

    Args:
        session: session without unsaved changes.

    Returns:
        For how many customers the day has changed.
    """
    years = settings_of(session, SETTINGS_NAME)["retention_years"]
    keys = session.scalars(select(Customer.id).order_by(Customer.id)).all()
    session.rollback()
    changed = 0
    for portion in Pace(held=lambda: held_seconds(session)).portions(keys):
        with write(session):
            changed += _note_due(session, portion, years)
    return changed


def _note_due(session: Session, keys: Sequence[int], years: int) -> int:
    last, busy = (_last_with(session, keys), with_open_work(session, keys)) if years else ({}, ())
    rows = session.execute(
        select(Customer.id, Customer.created_at, Customer.erasure_due_on, Customer.on_hold,
               Customer.erased_at)
        .where(Customer.id.in_(keys)).with_for_update()).all()
    changed = []
    for row in rows:
        kept = not years or row.on_hold or row.erased_at is not None or row.id in busy
        due = None if kept else _years_after(last.get(row.id, row.created_at), years)
        if due != row.erasure_due_on:
            changed.append({"key": row.id, "due": due})
    if changed:
        # It follows from other facts: it is no change of the record, and its version stays.
        session.execute(
            update(_CUSTOMERS).where(_CUSTOMERS.c.id == bindparam("key"))
            .values(erasure_due_on=bindparam("due")), changed)
    return len(changed)


def _years_after(moment: dt.datetime, years: int) -> dt.date | None:
    return review_due(moment.astimezone(local_zone()).date(), 12 * years)


def _last_with(session: Session, keys: Sequence[int]) -> Last:
    """Return the last contact with, or the last change of a case about, each of some customers."""
    found: dict[int, dt.datetime] = {}
    for model, moment in _moments(session):
        for key, last in session.execute(
            select(model.customer_id, func.max(moment))
            .where(model.customer_id.in_(keys)).group_by(model.customer_id)
        ):
            found[key] = max(last, found.get(key, last))
    return found


def _moments(session: Session) -> Iterator[tuple[Any, Any]]:
    yield Contact, Contact.at
    for model in workflow_models(session):
        yield model, model.updated_at
