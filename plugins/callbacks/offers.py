"""Times offered to a customer for the next contact, all of them by the rules of contact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.customers import may_contact_at
from app.sdk.demo import default_calendar
from app.sdk.people import local_zone
from app.sdk.services import SYSTEM
from plugins.callbacks.choices import BY_NUMBER
from plugins.callbacks.models import Task

OFFERS = 3
_HOURS = (10, 15)
_DAYS_AHEAD = 7
# Two offers are no choice where they lie closer together than this.
_APART = dt.timedelta(hours=2)


def offers(session: Session, task: Task, now: dt.datetime) -> list[dt.datetime]:
    """Return the next times at which somebody is at work and the customer may be contacted.

    A customer who wishes other hours is offered those, on days that are worked.

    Args:
        session: any session.
        task: the callback.
        now: present moment, aware; offers begin on the day after.

    Returns:
        Up to three aware moments, the earliest first; none where a person has to decide first.
    """
    zone, calendar = local_zone(), default_calendar(session)
    today = now.astimezone(zone).date()
    wanted = [
        dt.datetime.combine(today + dt.timedelta(days=number), dt.time(hour), zone)
        for number in range(1, _DAYS_AHEAD + 1) for hour in _HOURS]
    worked = [one for one in wanted if calendar.is_working(one)]
    number: Any = task.contact if task.channel in BY_NUMBER else ""
    verdicts = may_contact_at(session, SYSTEM, task.customer_id, task.channel,
                              task.contact_purpose, worked, number=number)
    found: list[dt.datetime] = []
    for moment, verdict in zip(worked, verdicts, strict=True):
        opens = moment if verdict.allowed else verdict.opens_at
        if opens is not None and all(abs(opens - one) >= _APART for one in found):
            found.append(opens.astimezone(zone))
    return sorted(found)[:OFFERS]
