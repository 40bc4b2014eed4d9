"""Freezes the list of a month: who could not be reached in it and has not been reached since."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.models import Vehicle
from app.sdk.people import local_zone
from app.sdk.services import SYSTEM, Place, create, is_present, utcnow
from plugins.callbacks.models import Task, UnreachableLine, UnreachableList

_LONGEST_VEHICLES = 200


def month_before(day: dt.date) -> dt.date:
    """Return the first day of the month before the month of a day."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def freeze(session: Session, first: dt.date) -> UnreachableList | None:
    """Freeze the list of a month; return it, or ``None`` where there is nothing to freeze.

    It is frozen once. A month in which every customer was reached has no list.

    Args:
        session: session with a running write.
        first: first day of the month, which is over.
    """
    month = f"{first:%Y-%m}"
    if session.scalar(select(UnreachableList.id).where(UnreachableList.month == month)):
        return None
    found = _given_up(session, first)
    if not found:
        return None
    frozen: UnreachableList = create(session, SYSTEM, UnreachableList, {
        "month": month, "frozen_at": utcnow(), "lines": len(found)})
    vehicles = _vehicles(session, {one.customer_id for one in found})
    for task in found:
        create(session, SYSTEM, UnreachableLine, {
            "list_id": frozen.id, "task_id": task.id, "customer_id": task.customer_id,
            "customer_name": task.customer_name, "contact": task.contact, "tries": task.tries,
            "vehicles": vehicles.get(task.customer_id, ""), "outcome_id": task.outcome_id,
            "given_up_at": task.closed_at, "owner_id": task.owner_id,
        }, place=Place(department_id=task.department_id, team_id=task.team_id))
    return frozen


def freeze_last_month(session: Session, due: dt.datetime) -> UnreachableList | None:
    """Freeze the list of the month before a moment, if it is not frozen; see ``freeze``."""
    return freeze(session, month_before(due.astimezone(local_zone()).date()))


def _given_up(session: Session, first: dt.date) -> list[Task]:
    following = (first + dt.timedelta(days=31)).replace(day=1)
    start, end = (dt.datetime.combine(day, dt.time(), local_zone()) for day in (first, following))
    return list(session.scalars(
        select(Task).where(Task.state == "unreachable", is_present(Task),
                           Task.closed_at >= start, Task.closed_at < end)
        .order_by(Task.closed_at, Task.id)))


def _vehicles(session: Session, customer_ids: Iterable[int]) -> Mapping[int, str]:
    """Return the plates and models of customers as one text each."""
    held: dict[int, list[str]] = defaultdict(list)
    for one in session.scalars(
        select(Vehicle).where(Vehicle.customer_id.in_(list(customer_ids)), is_present(Vehicle))
        .order_by(Vehicle.id)
    ):
        held[one.customer_id].append(f"{one.plate} {one.brand} {one.model}".strip())
    return {key: "; ".join(names)[:_LONGEST_VEHICLES] for key, names in held.items()}
