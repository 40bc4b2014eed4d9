"""Rules make callbacks: once for each event and each date, for whom they say, where they say."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.sdk.errors import Invalid
from app.sdk.screens import zone
from app.sdk.services import create, update, write
from plugins.callbacks.generation import after_transition, before_dates
from plugins.callbacks.models import Rule, Task
from plugins.callbacks.tests.helpers import customer

AT = dt.datetime(2026, 11, 27, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def rule(house) -> Rule:
    """A callback on the day after a complaint is finished, by the supervisor's team."""
    return create(house.session, house.actor("supervisor"), Rule, {
        "name": "投诉回访", "trigger": "complaint_finished", "days": 1, "window_days": 2,
        "script_code": "complaint", "priority": "urgent", "active": True})


def payload(house, **values):
    """Return what a finished complaint sends."""
    return {"record_type": "complaints.complaint", "record_id": 7, "log_id": 70,
            "from_category": "open", "to_category": "done", "at": AT.isoformat(),
            "customer_id": None, "owner_id": house.actor("agent").user_id, **values}


def sent(house, **values) -> int:
    """Let an event arrive; return how many callbacks it made."""
    with write(house.session):
        return after_transition(house.session, payload(house, **values))


def night(house, moment) -> int:
    """Let the nightly run be due; return how many callbacks it made."""
    with write(house.session):
        return before_dates(house.session, moment)


def test_a_finished_complaint_makes_one_callback_however_often_it_is_sent(house, rule):
    found = customer(house)
    assert [sent(house, customer_id=found.id) for _ in range(3)] == [1, 0, 0]
    task = house.session.scalars(select(Task)).one()
    assert (task.due_from, task.due_until) == (AT + dt.timedelta(days=1), AT + dt.timedelta(days=3))
    assert (task.rule_id, task.priority, task.script.code) == (rule.id, "urgent", "complaint")
    assert task.owner_id == house.actor("agent").user_id
    assert (task.team_id, task.department_id) == (rule.team_id, rule.department_id)


def test_a_complaint_that_is_finished_again_makes_another(house, rule):
    found = customer(house)
    assert sent(house, customer_id=found.id) + sent(house, customer_id=found.id, log_id=71) == 2


@pytest.mark.parametrize("values", [
    {"to_category": "waiting"}, {"from_category": "done"}, {"record_type": "other.kind"},
])
def test_nothing_else_makes_one(house, rule, values):
    assert sent(house, customer_id=customer(house).id, **values) == 0


@pytest.mark.parametrize("values", [{"active": False}, {"grade": "A"}, {"trigger": "birthday"}])
def test_the_rule_says_for_whom(house, rule, values):
    update(house.session, house.actor("supervisor"), rule, values)
    assert sent(house, customer_id=customer(house).id) == 0


def test_whoever_may_not_work_on_callbacks_gets_none(house, rule):
    assert sent(house, customer_id=customer(house).id,
                owner_id=house.actor("hr").user_id) == 1
    assert house.session.scalars(select(Task.owner_id)).one() is None


@pytest.mark.parametrize(("born", "today", "made"), [
    ((1980, 12, 3), (2026, 12, 1), 1), ((1980, 12, 4), (2026, 12, 1), 0),
    ((1980, 1, 1), (2026, 12, 30), 1), ((1980, 2, 29), (2027, 2, 26), 1),
    ((1980, 2, 29), (2028, 2, 26), 0), ((1980, 2, 29), (2028, 2, 27), 1),
])
def test_birthdays_are_noticed_days_before_and_once_a_year(house, rule, born, today, made):
    update(house.session, house.actor("supervisor"), rule, {"trigger": "birthday", "days": 2})
    customer(house, born_on=dt.date(*born))
    moment = dt.datetime(*today, 2, tzinfo=zone())
    assert [night(house, moment), night(house, moment)] == [made, 0]
    assert night(house, moment.replace(year=moment.year + 4)) == made


@pytest.mark.parametrize(("values", "field"), [
    ({"days": 366}, "days"), ({"window_days": 0}, "window_days"),
    ({"script_code": "unknown"}, "script_code"),
    ({"team_id": None, "department_id": None}, "department_id"),
])
def test_a_rule_that_cannot_work_is_refused(house, rule, values, field):
    with pytest.raises(Invalid) as caught:
        update(house.session, house.actor("supervisor"), rule, values)
    assert list(caught.value.errors) == [field]


@pytest.mark.parametrize("path", ["list/", "add"])
def test_the_pages_open(house, rule, path):
    assert house.client("supervisor").get(f"/callbacks/rules/{path}").status_code == 200
