"""How many complaints are overdue, on home: earlier months from what is held, this one counted."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select

from app.access.scope import scope_filter
from app.metrics import rebuilding
from app.people.clock import local_today, local_zone
from app.sdk.metrics import counts_before_now
from app.sdk.services import utcnow
from plugins.complaints import metrics
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, department, put, registered, step

PEOPLE = ("admin", "supervisor", "agent", "mengdie", "fengtao", "leader")
_MINUTE = dt.timedelta(minutes=1)


def begin_of_month() -> dt.datetime:
    """Return the moment at which this month began for the organisation."""
    return dt.datetime.combine(local_today().replace(day=1), dt.time(), local_zone())


@pytest.fixture
def due(house):
    """Complaints of a team and of a person, open and closed, with deadlines around each border."""
    alone = {"owner_id": house.actor("fengtao").user_id, "team_id": None, "department_id": None,
             "handler_id": None, "responsible_department_id": None}
    begin, now = begin_of_month(), utcnow()
    for moment in (begin - dt.timedelta(days=70), begin - _MINUTE, begin, now - _MINUTE,
                   now + dt.timedelta(hours=1), now + dt.timedelta(days=40), None):
        put(house, registered(house), due_at=moment)
        put(house, registered(house), due_at=moment, **alone)
        put(house, assigned(house), due_at=moment,
            responsible_department_id=department(house, "COLLECT"))
    closed = step(house, assigned(house), "mengdie", "withdraw", withdrawal_reason="已自行解决")
    put(house, closed, due_at=begin - _MINUTE)
    return house


def overdue(house, name: str) -> int:
    """Return what home counts as overdue."""
    [number] = counts_before_now(
        house.session, house.actor(name), [metrics.OPEN_DUE]).values()
    return number


def recounted(house, name: str) -> int:
    """Count it from the records."""
    return house.session.scalar(select(func.count()).select_from(Complaint).where(
        Complaint.is_open, Complaint.deleted_at.is_(None), Complaint.due_at < utcnow(),
        scope_filter(house.actor(name), Complaint)))


@pytest.mark.both_databases
@pytest.mark.parametrize("is_held", [True, False])
def test_everybody_is_told_what_the_records_say(due, is_held):
    if is_held:
        rebuilding.rebuild(due.session)
    found = {name: overdue(due, name) for name in PEOPLE}
    assert found == {name: recounted(due, name) for name in PEOPLE}
    assert found["admin"] >= 12 > found["fengtao"] >= 4


@pytest.mark.both_databases
def test_it_follows_each_change(due):
    rebuilding.rebuild(due.session)
    before = overdue(due, "admin")
    late = next(one for one in due.session.scalars(
        select(Complaint).where(Complaint.due_at < begin_of_month(), Complaint.is_open,
                                Complaint.state == "assigned")))
    step(due, late, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    assert overdue(due, "admin") == recounted(due, "admin") == before - 1


def test_records_of_earlier_months_are_not_read(due):
    rebuilding.rebuild(due.session)
    for name in ("admin", "supervisor", "agent"):
        client = due.client(name)
        client.get("/")
        counting = [
            sql for sql, _ in due.statements_of(lambda client=client: client.get("/"))
            if re.search(r"count\(\*\).*FROM complaints_complaint.*due_at <", sql, re.DOTALL)]
        assert counting and all("due_at >=" in one for one in counting), name


def test_a_measure_without_a_day_is_refused(house):
    with pytest.raises(ValueError, match=r"complaints\.open has no day"):
        counts_before_now(house.session, house.actor("admin"), [metrics.OPEN])


def test_the_figure_opens_its_records(due):
    rebuilding.rebuild(due.session)
    client = due.client("admin")
    number = overdue(due, "admin")
    page = client.get("/complaints/list/?is_open__is=true&due_at__period=past").text
    assert len(re.findall(r'data-row="\d+"', page)) == number
