"""The nightly round: owners are reminded, then supervisors, then customers get another owner."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import CarelineError
from app.sdk.models import Customer, Staff
from app.sdk.people import Task as Work
from app.sdk.people import Worker, members, nearest_leader, share_out
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, create, is_present, notice_kinds, tell, update
from plugins.callbacks.models import Silence, Task
from plugins.callbacks.settings import setting
from plugins.callbacks.silence.choices import GIVEN, OWNER, SUPERVISOR
from plugins.callbacks.silence.quiet import days_of_grades, newly_quiet, no_longer_quiet
from plugins.callbacks.workflow import VIEW

_TEXTS = {
    OWNER: N_("%(number)s customers of yours have no planned contact."),
    SUPERVISOR: N_("%(number)s customers still have no planned contact after their owners were "
                   "reminded."),
}


def go_round(session: Session, now: dt.datetime) -> Mapping[str, int]:
    """End what is over, take the next step where one is due, and list who is newly missed.

    Args:
        session: session with a running write.
        now: moment for which it runs, aware.

    Returns:
        How many customers came to each step.
    """
    days, reminders = days_of_grades(session), Reminders()
    for one in no_longer_quiet(session, now, days):
        end(session, one, now)
    waited = now - dt.timedelta(days=setting(session, "silence_step_days"))
    for one in session.scalars(
        select(Silence).where(Silence.is_listed, is_present(Silence), Silence.step != GIVEN,
                              Silence.stepped_at <= waited).order_by(Silence.id)).all():
        if one.step == OWNER:
            _take_step(session, one, SUPERVISOR, now)
            reminders.add(SUPERVISOR, supervisors_of(session, one.customer))
        elif _give_away(session, one, now):
            reminders.add(GIVEN, [])
    for customer, since in newly_quiet(session, now, days):
        reminders.add(*_begin(session, customer, since, now))
    reminders.send(session)
    return reminders.steps


class Reminders:
    """Notices of one night: everybody gets one of each kind, with the number of customers."""

    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self._people: Counter[tuple[str, int]] = Counter()

    def add(self, step: str, user_ids: Iterable[int]) -> None:
        """Count one customer who came to a step, for those who are reminded of it."""
        self.steps[step] += 1
        self._people.update((step, user_id) for user_id in user_ids)

    def send(self, session: Session) -> None:
        """Send the notices."""
        for (step, user_id), number in sorted(self._people.items()):
            tell(session, [user_id], notice_kinds.WAITING, _TEXTS[step],
                 values={"number": number})


def follows_saving(payload: Mapping[str, Any]) -> bool:
    """Return whether a callback was planned.

    Args:
        payload: of ``on_record_saved``.
    """
    return (payload["record_type"], payload["action"]) == (Task.__record_type__, "create")


def after_saving(session: Session, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """End a silence as soon as a callback of the customer is planned.

    Args:
        session: session with a running write.
        payload: of ``on_record_saved``.
        now: moment of it, aware.
    """
    if not follows_saving(payload):
        return
    found = session.scalar(
        select(Silence).join(Task, Task.customer_id == Silence.open_customer_id)
        .where(Task.id == payload["record_id"]))
    if found is not None:
        end(session, found, now)


def end(session: Session, silence: Silence, now: dt.datetime) -> None:
    """Close the entry of a customer who is contacted again, or missed no more."""
    operations_of(Silence).store(session, SYSTEM, silence, {
        "is_listed": False, "open_customer_id": None, "ended_at": now})


def _begin(
    session: Session, customer: Customer, since: dt.datetime, now: dt.datetime
) -> tuple[str, list[int]]:
    """List a customer; without an owner the supervisor hears of it at once."""
    step = SUPERVISOR if customer.owner_id is None else OWNER
    create(session, SYSTEM, Silence, {
        "customer_id": customer.id, "open_customer_id": customer.id, "grade": customer.grade,
        "quiet_since": since, "step": step, "stepped_at": now, "owner_id": customer.owner_id,
    })
    if customer.owner_id is not None:
        return step, [customer.owner_id]
    return step, supervisors_of(session, customer)


def supervisors_of(session: Session, customer: Customer) -> list[int]:
    """Return who leads the place of a customer, or of the owner, and who stands in."""
    return nearest_leader(session, *place_of(session, customer), of=customer.owner_id)


def place_of(session: Session, customer: Customer) -> tuple[int | None, int | None]:
    """Return the department and the team of a customer, else those of the owner.

    Args:
        session: any session.
        customer: any customer; without place and owner, there is neither.
    """
    if customer.department_id or customer.team_id or customer.owner_id is None:
        return customer.department_id, customer.team_id
    found = session.execute(select(Staff.department_id, Staff.team_id)
                            .where(Staff.user_id == customer.owner_id)).one_or_none()
    return (None, None) if found is None else (found.department_id, found.team_id)


def _take_step(
    session: Session, silence: Silence, step: str, now: dt.datetime, **values: Any
) -> None:
    operations_of(Silence).store(
        session, SYSTEM, silence, {"step": step, "stepped_at": now, **values})


def _give_away(session: Session, silence: Silence, now: dt.datetime) -> bool:
    """Give a customer to another person of the same place; return whether somebody was there.

    Otherwise, or where a plugin refuses, the customer stays and it is tried the next night.
    """
    customer = silence.customer
    user_id = _another(session, customer)
    if user_id is None:
        return False
    former = customer.owner_id
    try:
        with session.begin_nested():
            update(session, SYSTEM, customer, {"owner_id": user_id}, reason=silence.number)
    except CarelineError:
        return False
    _take_step(session, silence, GIVEN, now, owner_id=user_id, former_owner_id=former)
    return True


def _another(session: Session, customer: Customer) -> int | None:
    """Return the present person of the customer's place with the fewest open callbacks."""
    department_id, team_id = place_of(session, customer)
    if team_id is None and department_id is None:
        return None
    people = [one for one in members(
        session, team_id=team_id, department_id=None if team_id else department_id,
        can=("can_edit", VIEW),
    ) if one.user_id != customer.owner_id]
    load: dict[int | None, int] = dict(session.execute(
        select(Task.owner_id, func.count())
        .where(Task.owner_id.in_([one.user_id for one in people]), Task.is_open, is_present(Task))
        .group_by(Task.owner_id)).all())
    [choice] = share_out([Work(key=customer.id)], [
        Worker(user_id=one.user_id, load=load.get(one.user_id, 0), presence=one.presence)
        for one in people])
    return choice.user_id
