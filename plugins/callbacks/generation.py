"""Callbacks that rules make: after an event of another plugin, and before a date of a customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from app.sdk.models import Customer
from app.sdk.screens import zone
from app.sdk.services import SYSTEM, Place, actor_for, create, is_present
from plugins.callbacks.choices import BIRTHDAY, COMPLAINT_FINISHED
from plugins.callbacks.models import Rule, Task
from plugins.callbacks.services import script_for
from plugins.callbacks.workflow import VIEW

_MORNING = dt.time(9)
_LANGUAGE = "zh"


def active_rules(session: Session, trigger: str) -> list[Rule]:
    """Return the rules in use with a trigger."""
    return list(session.scalars(
        select(Rule).where(Rule.trigger == trigger, Rule.active, is_present(Rule))
        .order_by(Rule.id)))


def after_transition(session: Session, payload: Mapping[str, Any]) -> int:
    """Make the callbacks that follow a finished complaint; return how many were made.

    Args:
        session: session with a running write.
        payload: of ``on_transition``.
    """
    finished = (payload["record_type"] == "complaints.complaint"
                and payload["to_category"] == "done" != payload["from_category"])
    customer = session.get(Customer, payload["customer_id"] or 0) if finished else None
    if customer is None or customer.is_away:
        return 0
    at = dt.datetime.fromisoformat(payload["at"])
    subject = f"complaints.complaint:{payload['record_id']}:{payload['log_id']}"
    return sum(
        make(session, rule, customer, at + dt.timedelta(days=rule.days), subject,
             payload["owner_id"])
        for rule in active_rules(session, COMPLAINT_FINISHED)
    )


def before_dates(session: Session, due: dt.datetime) -> int:
    """Make the callbacks for birthdays; return how many were made.

    Args:
        session: session with a running write.
        due: moment for which it runs, aware.
    """
    today, made = due.astimezone(zone()).date(), 0
    for rule in active_rules(session, BIRTHDAY):
        day = today + dt.timedelta(days=rule.days)
        start = dt.datetime.combine(today, _MORNING, zone())
        for customer in _born_on(session, day):
            made += make(session, rule, customer, start, f"customer:{customer.id}:{day.year}")
    return made


def make(
    session: Session, rule: Rule, customer: Customer, start: dt.datetime, subject: str,
    owner_id: int | None = None,
) -> bool:
    """Make a callback by a rule unless it was made before; return whether it was made.

    Args:
        session: session with a running write.
        rule: the rule.
        customer: whom the callback is for.
        start: when it may be made at the earliest, aware.
        subject: what it is about; with the rule it identifies the callback.
        owner_id: who has dealt with the customer; otherwise the customer's own agent.
    """
    if rule.grade and customer.grade != rule.grade:
        return False
    key = f"{rule.id}:{subject}"
    if not customer.phone or session.scalar(select(Task.id).where(Task.origin_key == key)):
        return False
    script = script_for(session, rule.script_code, _LANGUAGE) if rule.script_code else None
    create(session, SYSTEM, Task, {
        "customer_id": customer.id, "purpose_id": rule.purpose_id, "channel": rule.channel,
        "priority": rule.priority, "due_from": start, "origin_key": key, "rule_id": rule.id,
        "due_until": start + dt.timedelta(days=rule.window_days),
        "script_id": script.id if script else None,
        "owner_id": _able(session, owner_id) or _able(session, customer.owner_id),
    }, place=Place(department_id=rule.department_id, team_id=rule.team_id))
    return True


def _able(session: Session, user_id: int | None) -> int | None:
    person = actor_for(session, user_id) if user_id else None
    return person.user_id if person is not None and person.can("can_edit", VIEW) else None


def _born_on(session: Session, day: dt.date) -> Iterator[Customer]:
    days = [(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + dt.timedelta(days=1)).month == 3:
        days.append((2, 29))
    yield from session.scalars(select(Customer).where(
        is_present(Customer), or_(*(
            (extract("month", Customer.born_on) == month)
            & (extract("day", Customer.born_on) == number) for month, number in days
        ))).order_by(Customer.id)).all()
