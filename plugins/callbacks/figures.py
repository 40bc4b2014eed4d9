"""Figures of callbacks: reach, follow-up, satisfaction, coverage, calls against the quota.

Every rate comes with its numerator and its denominator, and with the filters of the list of
callbacks that shows the records behind it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.customers import Contact
from app.sdk.demo import default_calendar
from app.sdk.models import Customer
from app.sdk.people import IN_DAYS, attendance, members
from app.sdk.screens import zone
from app.sdk.services import Actor, is_present, scope_filter
from plugins.callbacks.choices import GRADES, SATISFACTIONS
from plugins.callbacks.metrics import FOLLOW_UP_DAYS, NOT_CANCELLED
from plugins.callbacks.models import Task
from plugins.callbacks.settings import setting
from plugins.callbacks.workflow import VIEW

Filters = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """A rate.

    Attributes:
        label: what it says (message id).
        part: numerator.
        whole: denominator.
        of: what the denominator counts (message id).
        filters: address arguments of the list of callbacks that shows the numerator.
        all_filters: the same for the denominator.
        page: page of the screen that shows the records; the list by default.
    """

    label: str
    part: int
    whole: int
    of: str
    filters: Filters
    all_filters: Filters
    page: str = "list"

    @property
    def percent(self) -> float | None:
        """The rate in percent with one decimal; ``None`` of nothing."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


@dataclasses.dataclass(frozen=True, slots=True)
class PersonLine:
    """What a person has done against the quota.

    Attributes:
        user_id: the person.
        name: name of the person.
        made: contacts and tries for callbacks.
        days: working days of the time on which the person was there, absences in days taken off.
        quota: callbacks expected in those days.
    """

    user_id: int
    name: str
    made: int
    days: float
    quota: float

    @property
    def percent(self) -> float | None:
        """Share of the quota in percent; ``None`` without a quota."""
        return round(100 * self.made / self.quota, 1) if self.quota else None


def reach(session: Session, actor: Actor, first: dt.date, last: dt.date) -> Rate:
    """Return how many of the callbacks that were tried last in a time reached the customer.

    Args:
        session: any session.
        actor: only callbacks in sight count.
        first, last: local dates, both in the time.
    """
    row = session.execute(select(
        func.count(), func.count().filter(Task.was_reached),
    ).where(*_seen(actor), *between_days(Task.last_tried_at, first, last))).one()
    when = _between("last_tried_at", first, last)
    return Rate(N_("Reached"), row[1], row[0], N_("callbacks tried"),
                {**when, "was_reached__is": ["true"]}, when)


def follow_up(session: Session, actor: Actor, first: dt.date, last: dt.date) -> Rate:
    """Return how many of the callbacks that became due in a time were contacted within three days.

    Arguments as for ``reach``. Those whose three days are not over count too: they lower the rate
    until they are made.
    """
    where = (*_seen(actor), Task.state.in_(NOT_CANCELLED),
             *between_days(Task.due_from, first, last))
    row = session.execute(select(
        func.count(), func.count().filter(Task.days_to_first < FOLLOW_UP_DAYS),
    ).where(*where)).one()
    when = {**_between("due_from", first, last), "state__in": NOT_CANCELLED}
    return Rate(N_("Within three days"), row[1], row[0], N_("callbacks due"),
                {**when, "days_to_first__at_most": [FOLLOW_UP_DAYS - 1]}, when)


def satisfaction(session: Session, actor: Actor, first: dt.date, last: dt.date) -> list[Rate]:
    """Return how many of the customers who rated were satisfied, fair, dissatisfied.

    Arguments as for ``reach``; a callback counts on the day on which it was closed.
    """
    rows = dict(session.execute(
        select(Task.satisfaction, func.count())
        .where(*_seen(actor), Task.satisfaction != "", *between_days(Task.closed_at, first, last))
        .group_by(Task.satisfaction)).all())
    when, whole = _between("closed_at", first, last), sum(rows.values())
    every = {**when, "satisfaction__in": [value for value, _ in SATISFACTIONS]}
    return [Rate(label, rows.get(value, 0), whole, N_("customers who rated"),
                 {**when, "satisfaction__in": [value]}, every)
            for value, label in SATISFACTIONS]


def coverage(session: Session, actor: Actor, first: dt.date, last: dt.date) -> list[Rate]:
    """Return by grade how many customers had a finished callback in a time.

    Arguments as for ``reach``.
    """
    whole = dict(session.execute(
        select(Customer.grade, func.count()).where(is_present(Customer))
        .group_by(Customer.grade)).all())
    covered = dict(session.execute(
        select(Customer.grade, func.count(Task.customer_id.distinct()))
        .join(Customer, Customer.id == Task.customer_id)
        .where(*_seen(actor), is_present(Customer), Task.state == "closed",
               *between_days(Task.closed_at, first, last))
        .group_by(Customer.grade)).all())
    when = {**_between("closed_at", first, last), "state__in": ["closed"]}
    return [Rate(N_("Covered"), covered.get(grade, 0), whole.get(grade, 0),
                 label, when, {}) for grade, label in GRADES]


def people(session: Session, actor: Actor, first: dt.date, last: dt.date) -> list[PersonLine]:
    """Return what each person has done against the quota, which absences shrink.

    Args:
        session: any session.
        actor: whoever leads nobody sees their own line only.
        first, last: local dates, both in the time.
    """
    found = members(session, can=("can_edit", VIEW), present=False)
    led = [one for one in found if one.user_id == actor.user_id
           or one.department_id in actor.led_department_ids or one.team_id in actor.led_team_ids
           or (actor.can("can_reassign", VIEW) and one.department_id in actor.department_ids)]
    keys = [one.user_id for one in led]
    made: dict[int | None, int] = dict(session.execute(
        select(Contact.by_id, func.count())
        .where(Contact.by_id.in_(keys), Contact.record_type == Task.__record_type__,
               *between_days(Contact.at, first, last))
        .group_by(Contact.by_id)).all())
    calendar, quota = default_calendar(session), setting(session, "daily_quota")
    days = sum(bool(calendar.shifts_on(first + dt.timedelta(days=number)))
               for number in range((last - first).days + 1))
    away = attendance(session, keys, first, last + dt.timedelta(days=1))
    lines = []
    for one in led:
        missed = float(sum(away[one.user_id].amount(kind) for kind in IN_DAYS))
        there = max(days - missed, 0.0)
        lines.append(PersonLine(one.user_id, one.name, made.get(one.user_id, 0), there,
                                there * quota))
    return lines


def _seen(actor: Actor) -> Sequence[Any]:
    return (is_present(Task), scope_filter(actor, Task, indexed=False))


def between_days(column: Any, first: dt.date, last: dt.date) -> Sequence[Any]:
    """Return the conditions that a moment lies within local days, both of them included."""
    start = dt.datetime.combine(first, dt.time(), zone())
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone())
    return (column >= start, column < end)


def _between(name: str, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Return the filters of the list for a time, both days within."""
    return {f"{name}__between": [first.isoformat(), last.isoformat()]}
