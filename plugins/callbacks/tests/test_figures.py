"""Figures: every rate with its denominator, and the records behind it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.people.models import AttendanceFact, Staff
from app.sdk.demo import acting_at
from app.sdk.services import act, write
from plugins.callbacks import figures
from plugins.callbacks.models import Task
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned

FIRST, LAST = dt.date(2026, 10, 12), dt.date(2026, 10, 16)
MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)


@pytest.fixture
def made(house) -> list[Task]:
    """Four callbacks of a week: satisfied, dissatisfied, unanswered, and one week before."""
    found = []
    for day, code, values in ((0, "reached", COMPLETE), (1, "no_answer", {}),
                              (4, "reached", {**COMPLETE, "satisfaction": "dissatisfied"}),
                              (-1, "reached", COMPLETE)):
        with acting_at(MONDAY + dt.timedelta(days=day)):
            task = planned(house, customer_id=customer(
                house, phone=f"1390000000{len(found)}", grade="A").id)
            act(house.session, house.actor("agent"), task, "start")
            contact(house, task, code, **values)
        found.append(task)
    return found


def test_reach_counts_those_that_were_tried(house, made):
    rate = figures.reach(house.session, house.actor("agent"), FIRST, LAST)
    assert (rate.part, rate.whole, rate.percent) == (2, 3, 66.7)


@pytest.fixture
def due(house) -> list[Task]:
    """Three callbacks due on Monday: contacted within three days, after them, and not yet."""
    found = []
    for place, hours in enumerate((71, 72, None)):
        with acting_at(MONDAY):
            task = planned(house, due_from=MONDAY, customer_id=customer(
                house, phone=f"1380000000{place}").id)
        found.append(task)
        if hours is not None:
            with acting_at(MONDAY + dt.timedelta(hours=hours)):
                act(house.session, house.actor("agent"), task, "start")
                contact(house, task, "no_answer")
    return found


def test_follow_up_counts_those_contacted_within_three_days(house, due):
    rate = figures.follow_up(house.session, house.actor("agent"), FIRST, LAST)
    assert [one.days_to_first for one in due] == [2, 3, None]
    assert (rate.part, rate.whole, rate.percent) == (1, 3, 33.3)
    client = house.client("agent")
    for filters, number in ((rate.filters, 1), (rate.all_filters, 3)):
        page = client.get("/callbacks/list/", query_string=filters).text
        assert sum(one.number in page for one in due) == number


def test_only_the_first_contact_counts_and_cancelled_ones_do_not(house, due):
    with acting_at(MONDAY + dt.timedelta(days=9)):
        act(house.session, house.actor("agent"), due[0], "start")
        contact(house, due[0], "reached", **COMPLETE)
    assert due[0].days_to_first == 2
    act(house.session, house.actor("supervisor"), due[2], "cancel", {"cancel_reason": "重复"})
    rate = figures.follow_up(house.session, house.actor("agent"), FIRST, LAST)
    assert (rate.part, rate.whole) == (1, 2)


def test_satisfaction_counts_those_who_rated(house, made):
    rates = figures.satisfaction(house.session, house.actor("agent"), FIRST, LAST)
    assert [(one.part, one.whole) for one in rates] == [(1, 2), (0, 2), (1, 2)]


def test_coverage_counts_each_customer_once(house, made):
    with acting_at(MONDAY + dt.timedelta(days=2)):
        again = planned(house, customer_id=made[0].customer_id)
        act(house.session, house.actor("agent"), again, "start")
        contact(house, again, "reached", **COMPLETE)
    grade_a, grade_b, _ = figures.coverage(house.session, house.actor("agent"), FIRST, LAST)
    assert (grade_a.part, grade_a.whole) == (2, 4)
    assert (grade_b.part, grade_b.percent) == (0, None)


def test_absence_shrinks_the_quota(house, made):
    agent = house.actor("agent")
    [line] = figures.people(house.session, agent, FIRST, LAST)
    assert (line.made, line.days, line.quota) == (3, 5.0, 75.0)
    with write(house.session):
        staff = house.session.query(Staff).filter_by(user_id=agent.user_id).one()
        house.session.add(AttendanceFact(
            staff_id=staff.id, kind="personal_leave", day=FIRST, period="day", amount=1))
    [line] = figures.people(house.session, agent, FIRST, LAST)
    assert (line.days, line.quota, line.percent) == (4.0, 60.0, 5.0)


def test_a_supervisor_sees_the_department(house, made):
    lines = figures.people(house.session, house.actor("supervisor"), FIRST, LAST)
    assert {"made": sum(one.made for one in lines)} == {"made": 3} and len(lines) > 1


def test_nobody_counts_what_they_do_not_see(house, made):
    rate = figures.reach(house.session, house.actor("yangfan"), FIRST, LAST)
    assert (rate.whole, rate.percent) == (0, None)


def test_the_records_behind_a_figure_are_as_many(house, made):
    rate = figures.reach(house.session, house.actor("agent"), FIRST, LAST)
    client = house.client("agent")
    for filters, number in ((rate.filters, rate.part), (rate.all_filters, rate.whole)):
        page = client.get("/callbacks/list/", query_string=filters).text
        assert sum(one.number in page for one in made) == number


@pytest.mark.parametrize("period", ["", "last_month", "whenever"])
def test_the_page_opens(house, period):
    page = house.client("supervisor").get(f"/callbacks/figures?period={period}")
    assert page.status_code == 200
