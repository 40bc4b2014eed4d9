"""What makes callbacks necessary: events of customers and of other plugins, and dates."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from app.sdk.customers import INFORMATION_IN_ORDER
from app.sdk.demo import default_calendar
from app.sdk.models import Customer, CustomerEvent, Investment, Loan, Vehicle
from app.sdk.screens import zone
from app.sdk.services import is_present
from plugins.callbacks.choices import (
    BIRTHDAY,
    DATE_TRIGGERS,
    DELIVERED,
    HOLIDAY,
    INSPECTION,
    INSURANCE,
    INVESTMENT_MATURES,
    LOAN_MATURES,
    LOST,
    MAINTENANCE,
    REGISTERED,
    SALES_CONTACT,
    UNVERIFIED,
    WORKSHOP_VISIT,
)
from plugins.callbacks.models import ForeignEvent

MORNING = dt.time(9)
BY_DATE = frozenset(code for code, _label in DATE_TRIGGERS)
AFTER_DATE = frozenset({UNVERIFIED})
"""Those of them whose days are counted after the date; the others' are before it."""
_DAY = dt.timedelta(days=1)
_DUE = {INSURANCE: "insurance_due_on", INSPECTION: "inspection_due_on",
        MAINTENANCE: "maintenance_due_on"}


@dataclasses.dataclass(frozen=True, slots=True)
class Occasion:
    """Something after, or before, which a customer is called back.

    Attributes:
        customer_id: key of the customer.
        at: when it happened, or the morning of the date; aware.
        subject: identifies it; with a rule it makes one callback.
        vehicle_id: key of the vehicle, if it is about one.
        source: kind and key of the record that it is about, if there is one.
    """

    customer_id: int
    at: dt.datetime
    subject: str
    vehicle_id: int | None = None
    source: tuple[str, int] | None = None


def happened(
    session: Session, trigger: str, first: dt.datetime, last: dt.datetime
) -> list[Occasion]:
    """Return the events of a time, the earliest first.

    Args:
        session: any session.
        trigger: one of ``EVENT_TRIGGERS``, or the name of an event that a plugin offers.
        first, last: aware moments; ``last`` is not in the time any more.
    """
    if trigger == REGISTERED:
        rows = session.execute(
            select(Customer.id, Customer.created_at)
            .where(is_present(Customer), Customer.created_at >= first, Customer.created_at < last)
            .order_by(Customer.created_at, Customer.id))
        return [registration(row.id, row.created_at) for row in rows]
    if trigger not in (SALES_CONTACT, DELIVERED, WORKSHOP_VISIT, LOST):
        return [Occasion(row.customer_id, row.at, row.subject,
                         source=None if row.source_id is None else (
                             row.source_type, row.source_id))
                for row in session.scalars(
                    select(ForeignEvent).where(
                        ForeignEvent.trigger == trigger, ForeignEvent.at >= first,
                        ForeignEvent.at < last).order_by(ForeignEvent.at, ForeignEvent.id))]
    return [of_event(one) for one in session.scalars(
        select(CustomerEvent).where(
            CustomerEvent.kind == trigger, is_present(CustomerEvent),
            CustomerEvent.happened_at >= first, CustomerEvent.happened_at < last)
        .order_by(CustomerEvent.happened_at, CustomerEvent.id))]


def registration(customer_id: int, at: dt.datetime) -> Occasion:
    """Return the registration of a customer as an occasion."""
    return Occasion(customer_id, at, f"registered:{customer_id}")


def of_event(event: CustomerEvent) -> Occasion:
    """Return an event of a customer as an occasion."""
    return Occasion(event.customer_id, event.happened_at, f"event:{event.id}", event.vehicle_id,
                    (event.__record_type__, event.id))


def dated(session: Session, trigger: str, day: dt.date) -> list[Occasion]:
    """Return what falls on a date.

    Args:
        session: any session.
        trigger: one of ``DATE_TRIGGERS``.
        day: local date; of registration for customers who are not verified.
    """
    at = dt.datetime.combine(day, MORNING, zone())
    if trigger in _DUE:
        column = getattr(Vehicle, _DUE[trigger])
        rows = session.execute(select(Vehicle.id, Vehicle.customer_id).where(
            column == day, is_present(Vehicle)).order_by(Vehicle.id))
        return [Occasion(row.customer_id, at, f"{trigger}:{row.id}:{day}", row.id)
                for row in rows]
    return list(_OTHERS[trigger](session, day, at)) if trigger in _OTHERS else []


def _birthdays(session: Session, day: dt.date, at: dt.datetime) -> Iterator[Occasion]:
    days = [(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + _DAY).month == 3:
        days.append((2, 29))
    for key in session.scalars(select(Customer.id).where(is_present(Customer), or_(*(
        (extract("month", Customer.born_on) == month) & (extract("day", Customer.born_on) == number)
        for month, number in days))).order_by(Customer.id)):
        yield Occasion(key, at, f"customer:{key}:{day.year}")


def _maturing(session: Session, day: dt.date, at: dt.datetime) -> Iterator[Occasion]:
    terms = session.scalars(select(Loan.term_months).where(is_present(Loan)).distinct()).all()
    starts = [(term, start) for term in terms for start in _months_before(day, term)]
    if not starts:
        return
    rows = session.execute(
        select(Loan.id, Loan.customer_id, Loan.vehicle_id)
        .where(is_present(Loan), Loan.status != "settled", or_(*(
            (Loan.term_months == term) & (Loan.started_on == start) for term, start in starts)))
        .order_by(Loan.id))
    for row in rows:
        yield Occasion(row.customer_id, at, f"loan:{row.id}", row.vehicle_id,
                       (Loan.__record_type__, row.id))


def _investments(session: Session, day: dt.date, at: dt.datetime) -> Iterator[Occasion]:
    for row in session.execute(
        select(Investment.id, Investment.customer_id)
        .where(Investment.matures_on == day, Investment.status != "redeemed",
               is_present(Investment))
        .order_by(Investment.id)
    ):
        yield Occasion(row.customer_id, at, f"investment:{row.id}:{day}",
                       source=(Investment.__record_type__, row.id))


def _unverified(session: Session, day: dt.date, at: dt.datetime) -> Iterator[Occasion]:
    start = dt.datetime.combine(day, dt.time(), zone())
    for key in session.scalars(
        select(Customer.id)
        .where(is_present(Customer), Customer.information_state != INFORMATION_IN_ORDER,
               Customer.created_at >= start, Customer.created_at < start + _DAY)
        .order_by(Customer.id)
    ):
        yield Occasion(key, at, f"unverified:{key}")


def _months_before(day: dt.date, months: int) -> Iterator[dt.date]:
    """Return the dates that lie so many months before a day; the 31st may mean a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last_of_month = (day + _DAY).month != day.month
    for number in range(day.day, (31 if last_of_month else day.day) + 1):
        try:
            yield dt.date(year, month + 1, number)
        except ValueError:
            return


def _holidays(session: Session, day: dt.date, at: dt.datetime) -> Iterator[Occasion]:
    calendar = default_calendar(session)
    if day not in calendar.off_days or day - _DAY in calendar.off_days:
        return
    for key in session.scalars(select(Customer.id).where(is_present(Customer))
                               .order_by(Customer.id)):
        yield Occasion(key, at, f"holiday:{key}:{day}")


_OTHERS: dict[str, Callable[[Session, dt.date, dt.datetime], Any]] = {
    BIRTHDAY: _birthdays, LOAN_MATURES: _maturing, INVESTMENT_MATURES: _investments,
    HOLIDAY: _holidays, UNVERIFIED: _unverified,
}
