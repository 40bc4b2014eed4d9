"""Which customers nobody has contacted for the days of their grade, and nobody plans to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.sdk.customers import Contact, DoNotContact
from app.sdk.models import Customer
from app.sdk.people import local_zone
from app.sdk.services import is_present
from plugins.callbacks.choices import GRADES
from plugins.callbacks.models import Silence, Task
from plugins.callbacks.settings import setting

MOST_AT_ONCE = 500


def days_of_grades(session: Session) -> dict[str, int]:
    """Return after how many days customers are missed, by grade; only grades that are watched."""
    found = {grade: setting(session, f"silence_days_{grade.lower()}") for grade, _label in GRADES}
    return {grade: days for grade, days in found.items() if days}


def newly_quiet(
    session: Session, now: dt.datetime, days: Mapping[str, int]
) -> list[tuple[Customer, dt.datetime]]:
    """Return customers who are not listed yet, each with the time since when nobody made contact.

    Those who have never been contacted count from their registration. Who wants no contact at all
    is not missed.

    Args:
        session: any session.
        now: moment of asking, aware.
        days: see ``days_of_grades``.
    """
    last = (select(func.max(Contact.at)).where(Contact.customer_id == Customer.id)
            .correlate(Customer).scalar_subquery())
    found: list[tuple[Customer, dt.datetime]] = []
    for grade, number in sorted(days.items()):
        before = now - dt.timedelta(days=number)
        rows = session.execute(
            select(Customer, last)
            .where(is_present(Customer), Customer.grade == grade, Customer.created_at <= before,
                   ~_contacted_after(Customer.id, before), ~_planned(Customer.id),
                   ~_unwanted(Customer.id, now),
                   ~exists().where(Silence.open_customer_id == Customer.id))
            .order_by(Customer.id).limit(MOST_AT_ONCE))
        found += [(customer, at or customer.created_at) for customer, at in rows]
    return found


def no_longer_quiet(
    session: Session, now: dt.datetime, days: Mapping[str, int]
) -> list[Silence]:
    """Return what has ended: a contact was made or is planned, or the customer is not missed."""
    return list(session.scalars(
        select(Silence).join(Customer, Customer.id == Silence.customer_id)
        .where(Silence.is_listed, is_present(Silence), or_(
            Customer.deleted_at.is_not(None), Customer.grade.not_in(list(days)),
            _contacted_after(Customer.id, Silence.quiet_since), _planned(Customer.id),
            _unwanted(Customer.id, now)))
        .order_by(Silence.id)))


def _contacted_after(customer_id: Any, moment: Any) -> ColumnElement[bool]:
    return exists().where(Contact.customer_id == customer_id, Contact.at > moment)


def _planned(customer_id: Any) -> ColumnElement[bool]:
    return exists().where(and_(Task.customer_id == customer_id, Task.is_open, is_present(Task)))


def _unwanted(customer_id: Any, now: dt.datetime) -> ColumnElement[bool]:
    today = now.astimezone(local_zone()).date()
    return exists().where(
        DoNotContact.customer_id == customer_id, DoNotContact.purpose == "",
        or_(DoNotContact.until_on.is_(None), DoNotContact.until_on >= today))
