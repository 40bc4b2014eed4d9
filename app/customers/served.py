"""Customers with a case or contact in a time: what counts as a customer served by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, cast, func, literal, null, select, union
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.contacted import contacts_in
from app.database import AnySelect
from app.host.measures import Measure, Served
from app.i18n import N_
from app.metrics.periods import Period
from app.metrics.served import SERVED_CUSTOMERS, offers
from app.metrics.sources import Question, counted_records


def served_customers(
    session: Session, actor: Actor, period: Period, by_person: bool
) -> Mapping[Any, int]:
    """Return how many different customers had a case or were reached in a period; one statement.

    Cases are the records of what plugins offer as customers served, own work alone. A case of
    somebody who is no customer yet stands for one.

    Args:
        session: any session.
        actor: who asks: what is in their reach.
        period: local days that count.
        by_person: whether to count by who had the case or reached them; a customer of two people
            counts for both.

    Returns:
        Numbers by key of the user, or the number under the key ``None``.
    """
    asked = Question(session, actor, period, origin="")
    contacts = contacts_in(actor, period)
    every = union(
        _rows(contacts.c.by_id, cast(contacts.c.customer_id, String), by_person),
        *(_cases(asked, one.measure, by_person) for one in offers().values()
          if one.measure is not None and hasattr(one.measure.model, "customer_id")),
    ).subquery()
    rows = session.execute(
        select(every.c.person, func.count()).group_by(every.c.person)).all()
    return {None: 0, **dict(rows)} if not by_person else dict(rows)


def _rows(person: Any, customer: Any, by_person: bool) -> AnySelect:
    return select((person if by_person else null()).label("person"), customer.label("customer"))


def _cases(asked: Question, measure: Measure, by_person: bool) -> AnySelect:
    model = measure.model
    person = getattr(model, measure.person) if measure.person else null()
    nobody_yet = literal(f"{model.__record_type__} ") + cast(model.id, String)
    customer = func.coalesce(cast(model.customer_id, String), nobody_yet)
    return _rows(person, customer, by_person).where(counted_records(asked, measure))


SERVED = (Served(name=SERVED_CUSTOMERS, title=N_("customers with a case or contact"),
                 count=served_customers),)
