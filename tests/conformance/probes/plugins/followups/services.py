"""What can be done with follow-up calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from plugins.followups.models import FollowUp
from plugins.followups.workflow import VIEW
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_, Metric
from app.sdk.metrics import Measure, Period, count_by
from app.sdk.models import Customer, Vehicle
from app.sdk.people import Task, Worker, local_today, members, open_load, profiles, share_out
from app.sdk.records import create, get, link, update
from app.sdk.services import SYSTEM, Actor, Place, is_present, utcnow

DAYS_AFTER_DELIVERY = 7
FINISHED = Measure(name="followups.finished", model=FollowUp, day="finished_at",
                   where={"finished_at__filled": "1"})
METRIC = Metric(name="followups.finished", title=N_("Follow-ups"), numerator=FINISHED,
                unit=N_("calls"), endpoint="FollowUpView.list", view=VIEW)


def plan(
    session: Session, customer: Customer, made_for: str, reason: str, place: Place
) -> FollowUp | None:
    """Plan a call once, however often it is asked for."""
    if session.scalar(select(FollowUp.id).where(FollowUp.made_for == made_for)):
        return None
    return create(session, SYSTEM, FollowUp, {
        "customer_id": customer.id, "made_for": made_for, "reason": reason}, place=place)


def after_transition(session: Session, payload: Mapping[str, Any]) -> None:
    """Plan a call to the customer of a complaint that is done, and link both."""
    if payload["record_type"] != "complaints.complaint" or payload["to_category"] != "done":
        return
    complaint = get(session, SYSTEM, payload["record_type"], payload["record_id"])
    customer = get(session, SYSTEM, "customers.customer", payload["customer_id"] or 0)
    if complaint is None or customer is None:
        return
    [owner] = profiles(session, user_ids=[payload["owner_id"]]) or [None]
    place = Place(department_id=owner.department_id, team_id=owner.team_id) if owner else Place()
    made = plan(session, customer, f"complaint {complaint.id}", payload["number"], place)
    if made is not None:
        link(session, SYSTEM, complaint, made, "core.origin")


def after_delivery(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Plan a call a week after a car was bought; each missed night is made up for."""
    bought = due.date() - dt.timedelta(days=DAYS_AFTER_DELIVERY)
    for vehicle in session.scalars(
            select(Vehicle).where(Vehicle.bought_on == bought, is_present(Vehicle))):
        customer = get(session, SYSTEM, "customers.customer", vehicle.customer_id or 0)
        if customer is not None:
            plan(session, customer, f"vehicle {vehicle.id} {bought}", vehicle.plate,
                 Place(department_id=customer.department_id, team_id=customer.team_id))


def share(session: Session, _due: dt.datetime, _now: dt.datetime) -> None:
    """Give calls of nobody to the agents who are there, by load."""
    waiting = {row.id: row for row in session.scalars(select(FollowUp).where(
        FollowUp.owner_id.is_(None), FollowUp.is_open, is_present(FollowUp)))}
    agents = members(session, role="agent", can=("can_edit", VIEW), on=local_today())
    load = open_load(session, FollowUp, [one.user_id for one in agents])
    for choice in share_out([Task(key=key) for key in waiting], [
            Worker(user_id=one.user_id, load=load[one.user_id], quota=15, presence=one.presence)
            for one in agents]):
        if choice.user_id is not None:
            update(session, SYSTEM, waiting[choice.task], {"owner_id": choice.user_id})


def keep_score(
    _session: Session, _actor: Actor, record: FollowUp, values: Mapping[str, Any]
) -> None:
    """Effect of the last step."""
    record.score, record.finished_at = values["score"], utcnow()


def calls_by_day(session: Session, actor: Actor, days: int) -> dict[dt.date, dict[int, int]]:
    """Return how many calls each person has finished on each of the last days."""
    found = {}
    for back in range(days):
        day = local_today() - dt.timedelta(days=back)
        found[day] = count_by(session, actor, FINISHED, "person", Period(first=day, last=day))
    return found
