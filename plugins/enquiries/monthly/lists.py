"""The monthly lists of the telephone desk (SPEC E4): what stands on them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import Metric, Period, count_by, metrics_by_name, records_url
from app.sdk.models import Customer, CustomerEvent, Vehicle
from app.sdk.people import local_zone
from app.sdk.screens import localised_label
from app.sdk.services import Actor, is_present, scope_filter
from plugins.enquiries import metrics

MOST = 5000
COMPLAINTS, CATEGORY = "complaints.received", "category"
_WORKSHOP, _DELIVERED = "workshop_visit", "delivered"


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A customer on a list.

    Attributes:
        key: of the customer.
        number: of the customer.
        name: of the customer.
        phone: masked.
        plates: plates of the customer's vehicles.
        at: moment of the event that put the customer on the list.
    """

    key: int
    number: str
    name: str
    phone: str
    plates: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How often a category was named.

    Attributes:
        name: of the category; empty for none.
        number: how often.
        url: address of the records behind the number.
    """

    name: str
    number: int
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ByCategory:
    """What customers were displeased with in a month, by category.

    Attributes:
        name: identifies the list on the page.
        title: heading (message id).
        url: address of all records.
        lines: the most frequent category first.
    """

    name: str
    title: str
    url: str
    lines: Sequence[Line]


# Days before and after them have no moment in every time zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


def month_of(text: str, today: dt.date) -> Period:
    """Return the month that a text names, e.g. ``2026-11``; the present one for any other text.

    Args:
        text: year and month.
        today: the present day.
    """
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    first = (first if _FIRST_YEAR <= first.year <= _LAST_YEAR else today).replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return Period(first=first, last=following - dt.timedelta(days=1))


def _within(column: ColumnElement[dt.datetime], month: Period) -> ColumnElement[bool]:
    assert month.first is not None and month.last is not None, "see month_of"
    begin, end = (dt.datetime.combine(day, dt.time(), local_zone())
                  for day in (month.first, month.last + dt.timedelta(days=1)))
    return (column >= begin) & (column < end)


def new_workshop_customers(session: Session, actor: Actor, month: Period) -> list[Person]:
    """Return the customers whose first workshop visit lies in a month (新经场客户).

    Args:
        session: any session.
        actor: who looks.
        month: see ``month_of``.
    """
    return _first_events(session, actor, month, _WORKSHOP)


def sales_base(session: Session, actor: Actor, month: Period) -> list[Person]:
    """Return the customers to whom the first car was delivered in a month (基盘客户).

    Args:
        session: any session.
        actor: who looks.
        month: see ``month_of``.
    """
    return _first_events(session, actor, month, _DELIVERED)


def size_of_base(session: Session, actor: Actor) -> int:
    """Return how many customers have a car, all months taken together."""
    return session.scalar(
        select(func.count(Vehicle.customer_id.distinct()))
        .join(Customer, Customer.id == Vehicle.customer_id)
        .where(is_present(Vehicle), is_present(Customer), scope_filter(actor, Customer))) or 0


def _first_events(
    session: Session, actor: Actor, month: Period, kind: str
) -> list[Person]:
    first = func.min(CustomerEvent.happened_at, type_=CustomerEvent.happened_at.type)
    rows = session.execute(
        select(Customer.id, Customer.number, Customer.name, Customer.phone, Customer.plates,
               first.label("at"))
        .join(CustomerEvent, CustomerEvent.customer_id == Customer.id)
        .where(CustomerEvent.kind == kind, is_present(CustomerEvent), is_present(Customer),
               scope_filter(actor, Customer))
        .group_by(Customer.id, Customer.number, Customer.name, Customer.phone, Customer.plates)
        .having(_within(first, month)).order_by(first, Customer.id).limit(MOST))
    return [Person(row.id, row.number, row.name, str(row.phone), row.plates, row.at)
            for row in rows]


def grievances(session: Session, actor: Actor, month: Period) -> list[ByCategory]:
    """Return what customers were displeased with in a month by category (客户抱怨、投诉分类).

    Args:
        session: any session.
        actor: who looks.
        month: see ``month_of``.

    Returns:
        Grumbles, and complaints where a plugin counts them and the actor may see the figure.
    """
    found = [(N_("Grumbles by category"), metrics.BY_NAME[metrics.GRUMBLES.name])]
    found += [(N_("Complaints by category"), one)
              for one in metrics_by_name([COMPLAINTS], reader=actor).values()
              if CATEGORY in one.numerator.dimensions]
    return [_by_category(session, actor, title, metric, month) for title, metric in found]


def _by_category(
    session: Session, actor: Actor, title: str, metric: Metric, month: Period
) -> ByCategory:
    words = _words(session, metric)
    counted = count_by(session, actor, metric.numerator, CATEGORY, month)
    lines = [Line(name=words.get(str(key), ""), number=number,
                  url=records_url(metric, month, {CATEGORY: key}))
             for key, number in counted.items()]
    return ByCategory(
        name=metric.name.replace(".", "-"), title=title, url=records_url(metric, month),
        lines=sorted(lines, key=lambda line: (-line.number, line.name)))


def _words(session: Session, metric: Metric) -> dict[str, str]:
    """Return the names of a metric's categories by key, as the list of that plugin has them."""
    model = inspect(metric.numerator.model).relationships[CATEGORY].mapper.class_
    return {str(key): name for key, name in session.execute(
        select(model.id, localised_label(model)))}
