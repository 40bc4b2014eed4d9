"""Finds the customers who got a wrong answer, and makes a callback for each of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.sdk.customers import may_contact_many
from app.sdk.models import Customer
from app.sdk.people import local_zone, members
from app.sdk.services import SYSTEM, Actor, Place, create, is_present, utcnow
from plugins.callbacks.choices import PHONE
from plugins.callbacks.corrections.choices import PURPOSE
from plugins.callbacks.models import (
    CallbackPurpose,
    Correction,
    CorrectionReceiver,
    OutcomeRule,
    Task,
)
from plugins.callbacks.workflow import VIEW

DAYS_TO_CALL = 3
_CONTACT_PURPOSE = "service"


def callbacks_with(session: Session, correction: Correction) -> list[Task]:
    """Return the callbacks in which the wrong answer was given, the latest of each customer.

    They are those in which a person was reached. That others' callbacks count as well is the
    point of it: everybody who got the answer is called.

    Args:
        session: any session.
        correction: names one callback, or what the callbacks have in common.
    """
    conditions = _conditions(correction)
    if not conditions:
        return []
    reached = select(OutcomeRule.outcome_id).where(OutcomeRule.reached, is_present(OutcomeRule))
    latest = (
        select(func.max(Task.id)).join(Customer, Customer.id == Task.customer_id)
        .where(Task.outcome_id.in_(reached), Task.correction_id.is_(None), is_present(Task),
               is_present(Customer), *conditions)
        .group_by(Task.customer_id))
    return list(session.scalars(select(Task).where(Task.id.in_(latest)).order_by(Task.id)))


@dataclasses.dataclass(frozen=True, slots=True)
class Receiver:
    """A customer who got the wrong answer.

    Attributes:
        customer: the customer.
        earlier: the callback in which it was given, if it was one.
        source: kind and key of the record in which it was given; an empty kind for none.
    """

    customer: Customer
    earlier: Task | None = None
    source: tuple[str, int | None] = ("", None)


def receivers(session: Session, correction: Correction) -> list[Receiver]:
    """Return the customers who got the wrong answer, each with where they did."""
    if correction.customer is not None:
        return [] if correction.customer.is_away else [Receiver(correction.customer)]
    if is_named(session, correction):
        return _named(session, correction)
    return [Receiver(task.customer, task, (Task.__record_type__, task.id))
            for task in callbacks_with(session, correction)]


def is_named(session: Session, correction: Correction) -> bool:
    """Return whether the receivers of a correction are named one by one."""
    return session.scalar(_receivers_of(correction).with_only_columns(
        CorrectionReceiver.id).limit(1)) is not None


def _receivers_of(correction: Correction) -> Select[Any]:
    return select(CorrectionReceiver).where(
        CorrectionReceiver.correction_id == correction.id).order_by(CorrectionReceiver.id)


def _named(session: Session, correction: Correction) -> list[Receiver]:
    rows = session.scalars(_receivers_of(correction).options(
        joinedload(CorrectionReceiver.customer))).all()
    tasks = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(
        [row.record_id for row in rows if row.record_type == Task.__record_type__])))}
    return [
        Receiver(row.customer,
                 tasks.get(row.record_id) if row.record_type == Task.__record_type__ else None,
                 (row.record_type, row.record_id))
        for row in rows if not row.customer.is_away]


def to_call(session: Session, correction: Correction) -> list[Receiver]:
    """Return those of the receivers for whom no correction call was made yet."""
    called = set(session.scalars(
        select(Task.customer_id).where(Task.correction_id == correction.id)))
    return [one for one in receivers(session, correction)
            if one.customer.id not in called and one.customer.phone]


def make_calls(session: Session, actor: Actor, correction: Correction) -> int:
    """Make the correction calls that are not made yet; return how many were made.

    Whoever gave the answer corrects it; where that person makes no callbacks any more, the
    callback is shared out.

    Args:
        session: session with a running write.
        actor: who has them made; where no earlier callback names a place, it is the actor's, and
            the correction's where the actor has none.
        correction: what was wrong, and who got it.
    """
    now, found = utcnow(), to_call(session, correction)
    purpose = session.scalar(select(CallbackPurpose.id).where(CallbackPurpose.code == PURPOSE))
    working = {one.user_id for one in members(session, can=("can_edit", VIEW), present=False)}
    verdicts = may_contact_many(
        session, SYSTEM, [one.customer.id for one in found], PHONE, _CONTACT_PURPOSE, now)
    for one in found:
        key, (source_type, source_id) = one.customer.id, one.source
        begin = verdicts[key].opens_at or now
        create(session, SYSTEM, Task, {
            "customer_id": key, "purpose_id": purpose, "subject": correction.subject,
            "contact_purpose": _CONTACT_PURPOSE, "channel": PHONE, "priority": "urgent",
            "due_from": begin, "due_until": begin + dt.timedelta(days=DAYS_TO_CALL),
            "correction_id": correction.id,
            "origin_key": f"correction:{correction.id}:{key}",
            "source_type": source_type, "source_id": source_id,
            **_of_earlier(one.earlier, working),
        }, place=_place(actor, correction, one.earlier))
    return len(found)


def _of_earlier(earlier: Task | None, working: set[int]) -> dict[str, Any]:
    if earlier is None:
        return {}
    return {"vehicle_id": earlier.vehicle_id,
            "owner_id": earlier.owner_id if earlier.owner_id in working else None}


def _place(actor: Actor, correction: Correction, earlier: Task | None) -> Place:
    for one in (earlier, actor):
        if one is not None and (one.department_id or one.team_id):
            return Place(department_id=one.department_id, team_id=one.team_id)
    return Place(department_id=correction.department_id, team_id=correction.team_id)


def _conditions(correction: Correction) -> Sequence[Any]:
    if correction.callback_number:
        return [Task.number == correction.callback_number]
    found = [column == wanted for column, wanted in (
        (Task.script_id, correction.script_id), (Task.purpose_id, correction.purpose_id),
        (Task.owner_id, correction.agent_id)) if wanted is not None]
    if correction.first_day:
        found.append(Task.last_tried_at >= _midnight(correction.first_day))
    if correction.last_day:
        found.append(Task.last_tried_at < _midnight(correction.last_day + dt.timedelta(days=1)))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), local_zone())
