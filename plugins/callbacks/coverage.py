"""Coverage of members: all of them are called back, and who was not is listed by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Customer
from app.sdk.screens import localised_label
from app.sdk.services import Actor, is_present, scope_filter
from plugins.callbacks.figures import Rate, between_days
from plugins.callbacks.models import Task

PAGE = 50
MONTHS_SHOWN = 12
EVERY, COVERED, MISSING = "all", "covered", "missing"
WHICH = ((MISSING, N_("Not called back yet")), (COVERED, N_("Callback finished")),
         (EVERY, N_("All members")))


def members_covered(session: Session, actor: Actor, first: dt.date, last: dt.date) -> Rate:
    """Return how many members had a finished callback in a time, of all members.

    Args:
        session: any session.
        actor: callbacks in sight count; the members are those of the whole house.
        first, last: local dates, both in the time.
    """
    return _rates(session, actor, [(first, last)])[0]


def by_month(
    session: Session, actor: Actor, last: dt.date, months: int = MONTHS_SHOWN
) -> list[tuple[str, Rate]]:
    """Return the coverage of each of the last months, the earliest first, by its name.

    Arguments as for ``members_covered``; ``last`` lies in the latest month.
    """
    periods: list[tuple[dt.date, dt.date]] = []
    first = last.replace(day=1)
    for _number in range(months):
        periods.insert(0, (first, last))
        last = first - dt.timedelta(days=1)
        first = last.replace(day=1)
    return [(first.strftime("%Y-%m"), rate) for (first, _last), rate in zip(
        periods, _rates(session, actor, periods), strict=True)]


def _rates(
    session: Session, actor: Actor, periods: Sequence[tuple[dt.date, dt.date]]
) -> list[Rate]:
    """Return the coverage of several times in one statement, which reads the members once."""
    members = select(*(
        func.count().filter(_since(last)).label(f"members_{place}")
        for place, (_, last) in enumerate(periods)
    )).where(*_ever_members()).subquery()
    covered = [
        select(func.count(Task.customer_id.distinct()))
        .join(Customer, Customer.id == Task.customer_id)
        .where(*_members(last), *_finished(actor, first, last)).scalar_subquery()
        for first, last in periods]
    row = session.execute(select(*members.c, *covered)).one()
    return [Rate(N_("Members covered"), part, whole, N_("members altogether"),
                 {"which": COVERED}, {"which": EVERY}, "coverage")
            for whole, part in zip(row[:len(periods)], row[len(periods):], strict=True)]


def listed(
    session: Session, actor: Actor, first: dt.date, last: dt.date, which: str, page: int
) -> Sequence[Row[int, str, str, Any, int | None, int]]:
    """Return a page of members by name, and one more where a page follows.

    Args:
        session: any session.
        actor: callbacks in sight count; the caller has checked that customers may be seen.
        first, last: local dates, both in the time.
        which: one of ``WHICH``.
        page: 1 for the first.

    Returns:
        Rows with ``id``, ``number``, ``name``, ``level`` of membership, ``owner_id``, and of the
        last finished callback in the time its key as ``task_id``; ``None`` without one.
    """
    task_id = (
        select(func.max(Task.id))
        .where(Task.customer_id == Customer.id, *_finished(actor, first, last))
        .correlate(Customer).scalar_subquery())
    level = Customer.membership.property.entity.class_
    statement = (
        select(Customer.id, Customer.number, Customer.name, localised_label(level).label("level"),
               Customer.owner_id, task_id.label("task_id"))
        .join(level, level.id == Customer.membership_id)
        .where(*_members(last), *_which(which, task_id))
        .order_by(Customer.name, Customer.id)
        .offset((page - 1) * PAGE).limit(PAGE + 1))
    return session.execute(statement).all()


def _which(which: str, task_id: Any) -> list[ColumnElement[bool]]:
    return {COVERED: [task_id.is_not(None)], MISSING: [task_id.is_(None)]}.get(which, [])


def _members(last: dt.date) -> Sequence[ColumnElement[bool]]:
    """Return the condition of customers who are members, and were so by a day.

    Who was erased is called back no more, and counts in no time: neither here nor there.
    """
    return (*_ever_members(), _since(last))


def _ever_members() -> Sequence[ColumnElement[bool]]:
    return (is_present(Customer), Customer.membership_id.is_not(None),
            Customer.erased_at.is_(None))


def _since(last: dt.date) -> ColumnElement[bool]:
    return or_(Customer.member_since.is_(None), Customer.member_since <= last)


def _finished(actor: Actor, first: dt.date, last: dt.date) -> Sequence[Any]:
    return (Task.state == "closed", is_present(Task), scope_filter(actor, Task, indexed=False),
            *between_days(Task.closed_at, first, last))
