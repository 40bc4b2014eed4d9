"""Customers with contact in a time: the core's own offer of what counts as a customer served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor, Scope
from app.customers.contact_models import Contact
from app.host.measures import Served
from app.i18n import N_
from app.metrics.periods import Period
from app.metrics.served import CONTACTED
from app.people.clock import local_zone
from app.people.models import Staff


def contacted(
    session: Session, actor: Actor, period: Period, by_person: bool
) -> Mapping[Any, int]:
    """Return how many different customers were reached in a period.

    Args:
        session: any session.
        actor: who asks: contacts of their department or team, or their own, by their scope.
        period: local days that count.
        by_person: whether to count by who reached them; a customer whom two reached counts for
            both.

    Returns:
        Numbers by key of the user, or the number under the key ``None``.
    """
    found = contacts_in(actor, period)
    number = func.count(found.c.customer_id.distinct())
    if not by_person:
        return {None: session.scalar(select(number)) or 0}
    return dict(session.execute(
        select(found.c.by_id, number).group_by(found.c.by_id)).all())


def contacts_in(actor: Actor, period: Period) -> Subquery:
    """Return the contacts of a period in which a customer was reached: ``by_id``, ``customer_id``.

    Args:
        actor: who asks: contacts of their department or team, or their own, by their scope.
        period: local days that count.
    """
    return select(Contact.by_id, Contact.customer_id).where(
        Contact.reached, *_within(period), *_in_sight(actor)).subquery()


def _within(period: Period) -> list[Any]:
    found = []
    if period.first is not None:
        found.append(Contact.at >= dt.datetime.combine(period.first, dt.time(), local_zone()))
    if period.last is not None:
        following = period.last + dt.timedelta(days=1)
        found.append(Contact.at < dt.datetime.combine(following, dt.time(), local_zone()))
    return found


def _in_sight(actor: Actor) -> list[Any]:
    """Return the condition of contacts that people in the actor's reach have made."""
    if actor.is_system or actor.scope is Scope.ALL:
        return []
    near = [Staff.team_id.in_(actor.team_ids | actor.led_team_ids)]
    departments = actor.led_department_ids
    if actor.scope is Scope.DEPARTMENT:
        departments |= actor.department_ids
    near.append(Staff.department_id.in_(departments))
    if actor.scope is Scope.OWN:
        near = [Staff.team_id.in_(actor.led_team_ids), Staff.department_id.in_(departments)]
    return [or_(Contact.by_id == actor.user_id,
                Contact.by_id.in_(select(Staff.user_id).where(or_(*near))))]


SERVED = (Served(name=CONTACTED, title=N_("customers with contact"), count=contacted),)
