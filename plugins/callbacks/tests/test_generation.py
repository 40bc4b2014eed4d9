"""Rules make callbacks: once for each event and each date, for whom they say, where they say."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.customers.models import ServiceTier
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, Rejected
from app.sdk.models import CustomerEvent, Investment, Loan, Vehicle
from app.sdk.records import delete
from app.sdk.screens import zone
from app.sdk.services import SYSTEM, act, create, update, write
from plugins.callbacks import initial_data
from plugins.callbacks.generation import (
    after_event,
    after_occasion,
    after_saving,
    before_dates,
)
from plugins.callbacks.models import Rule, Task
from plugins.callbacks.tests.conftest import set_rules_of_contact
from plugins.callbacks.tests.helpers import customer

AT = dt.datetime(2026, 11, 27, 9, 30, tzinfo=dt.UTC)
COMPLAINT = {"name": "投诉回访", "trigger": "complaints.finished", "days": 1, "window_days": 2,
             "script_code": "complaint", "contact_purpose": "survey", "priority": "urgent"}


def ruled(house, on: bool = True, **values) -> Rule:
    """Return a rule of the supervisor's team, rehearsed and switched on."""
    supervisor = house.actor("supervisor")
    made = create(house.session, supervisor, Rule, {**COMPLAINT, **values})
    made_on = {"department_id": supervisor.department_id, "team_id": supervisor.team_id}
    update(house.session, supervisor, made, made_on)
    if on:
        switched(house, made)
    return made


def switched(house, rule: Rule, open_tasks: str = "leave", name: str = "switch_on") -> None:
    """Rehearse a rule if it is off, and switch it."""
    supervisor = house.actor("supervisor")
    if name == "switch_on":
        act(house.session, supervisor, rule, "rehearse")
    act(house.session, supervisor, rule, name, {"open_tasks": open_tasks})


@pytest.fixture
def rule(house) -> Rule:
    """A callback on the day after a complaint is finished."""
    return ruled(house)


def payload(**values):
    """Return what a finished complaint sends."""
    return {"event": "complaints.finished", "record_type": "complaints.complaint",
            "record_id": 7, "event_id": "e-70", "at": AT.isoformat(),
            "customer_id": None, "owner_id": None, **values}


def sent(house, **values) -> int:
    """Let a finished complaint arrive; return how many callbacks it made."""
    with acting_at(AT), write(house.session):
        return after_occasion(house.session, payload(**values))


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
    assert (task.source_type, task.source_id) == ("complaints.complaint", 7)
    assert (task.team_id, task.department_id) == (rule.team_id, rule.department_id)
    assert task.contact_purpose == "survey"


def test_a_complaint_that_is_finished_again_makes_another_when_the_first_is_over(house, rule):
    found = customer(house)
    assert sent(house, customer_id=found.id) == 1
    assert sent(house, customer_id=found.id, event_id="e-71") == 0
    act(house.session, SYSTEM, house.session.scalars(select(Task)).one(), "cancel",
        {"cancel_reason": "测试"})
    assert sent(house, customer_id=found.id, event_id="e-72") == 1


@pytest.mark.parametrize("event", ["complaints.rated", "other.finished"])
def test_nothing_else_makes_one(house, rule, event):
    assert sent(house, customer_id=customer(house).id, event=event) == 0


@pytest.mark.parametrize("values", [{"grade": "A"}, {"trigger": "birthday"}])
def test_the_rule_says_for_whom(house, values):
    ruled(house, **values)
    assert sent(house, customer_id=customer(house).id) == 0


@pytest.mark.parametrize(("trigger", "made"), [
    ("delivered", 1), ("workshop_visit", 0), ("sales_contact", 0), ("lost", 0)])
def test_an_event_of_a_customer_makes_the_callback_of_its_rule(house, trigger, made):
    ruled(house, trigger="delivered", days=7, script_code="delivery")
    found = customer(house)
    with acting_at(AT):
        event = create(house.session, SYSTEM, CustomerEvent, {
            "customer_id": found.id, "kind": trigger, "happened_at": AT})
        sending = {"record_type": "customers.event", "record_id": event.id}
        for expected in (made, 0):
            with write(house.session):
                assert after_event(house.session, sending) == expected
    if made:
        task = house.session.scalars(select(Task)).one()
        assert task.due_from == AT + dt.timedelta(days=7)


def test_an_event_that_is_entered_too_late_makes_none(house):
    ruled(house, trigger="delivered", days=7, window_days=3)
    found = customer(house)
    event = create(house.session, SYSTEM, CustomerEvent, {
        "customer_id": found.id, "kind": "delivered",
        "happened_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)})
    with write(house.session):
        assert after_event(house.session, {
            "record_type": "customers.event", "record_id": event.id}) == 0


def test_a_registered_customer_is_called(house):
    ruled(house, trigger="registered", script_code="verification")
    found = customer(house)
    sending = {"record_type": "customers.customer", "record_id": found.id, "action": "create"}
    with write(house.session):
        assert after_saving(house.session, sending) == 1
        assert after_saving(house.session, {**sending, "action": "change"}) == 0


@pytest.mark.parametrize(("born", "today", "made"), [
    ((1980, 12, 3), (2026, 12, 1), 1), ((1980, 12, 4), (2026, 12, 1), 0),
    ((1980, 1, 1), (2026, 12, 30), 1), ((1980, 2, 29), (2027, 2, 26), 1),
    ((1980, 2, 29), (2028, 2, 26), 0), ((1980, 2, 29), (2028, 2, 27), 1),
])
def test_birthdays_are_noticed_days_before_and_once_a_year(house, born, today, made):
    ruled(house, trigger="birthday", days=2, channel="sms", script_code="birthday")
    customer(house, born_on=dt.date(*born))
    moment = dt.datetime(*today, 2, tzinfo=zone())
    assert [night(house, moment), night(house, moment)] == [made, 0]
    for task in house.session.scalars(select(Task)).all():
        act(house.session, SYSTEM, task, "cancel", {"cancel_reason": "测试"})
    assert night(house, moment.replace(year=moment.year + 4)) == made


@pytest.mark.parametrize("trigger", ["insurance", "inspection", "maintenance"])
def test_the_dates_of_each_vehicle_are_noticed(house, trigger):
    ruled(house, trigger=trigger, days=30, window_days=20)
    found = customer(house)
    for plate, day in (("沪A00001", 31), ("沪A00002", 31), ("沪A00003", 30)):
        create(house.session, SYSTEM, Vehicle, {
            "customer_id": found.id, "plate": plate, f"{trigger}_due_on": dt.date(2026, 12, day)})
    moment = dt.datetime(2026, 12, 1, 2, tzinfo=zone())
    assert [night(house, moment), night(house, moment)] == [2, 0]
    tasks = house.session.scalars(select(Task).order_by(Task.id)).all()
    assert [task.vehicle.plate for task in tasks] == ["沪A00001", "沪A00002"]
    assert tasks[0].due_from == dt.datetime(2026, 12, 1, 9, tzinfo=zone())


def test_a_loan_is_noticed_before_it_matures(house):
    ruled(house, trigger="loan_matures", days=15)
    found = customer(house)
    for contract, start, status in (("A1", (2024, 1, 31), "active"), ("A2", (2024, 1, 30), "active"),
                                    ("A3", (2024, 1, 31), "settled"), ("A4", (2024, 1, 28), "active")):
        create(house.session, SYSTEM, Loan, {
            "customer_id": found.id, "contract": contract, "term_months": 37, "status": status,
            "started_on": dt.date(*start)})
    # 28 February 2027 is 37 months after the 28th, and after the 30th and 31st of January 2024.
    moment = dt.datetime(2027, 2, 13, 2, tzinfo=zone())
    assert night(house, moment) == 1
    task = house.session.scalars(select(Task)).one()
    assert task.source_type == "customers.loan"


def test_an_investment_is_noticed_before_it_matures(house):
    ruled(house, trigger="investment_matures", days=15)
    found = customer(house)
    for contract, day, status in (("A1", 28, "held"), ("A2", 27, "held"), ("A3", 28, "redeemed")):
        create(house.session, SYSTEM, Investment, {
            "customer_id": found.id, "contract": contract, "amount": 10_000, "status": status,
            "started_on": dt.date(2026, 1, 1), "matures_on": dt.date(2027, 2, day)})
    assert night(house, dt.datetime(2027, 2, 13, 2, tzinfo=zone())) == 1
    assert night(house, dt.datetime(2027, 2, 13, 3, tzinfo=zone())) == 0
    task = house.session.scalars(select(Task)).one()
    assert task.source_type == "customers.investment"


def test_a_holiday_is_noticed_once_at_its_first_day(house):
    ruled(house, trigger="holiday", days=1, grade="A", channel="sms", script_code="holiday")
    customer(house, grade="A")
    customer(house, phone="13900000009", grade="B")
    days = [night(house, dt.datetime(2026, 9, 29, 2, tzinfo=zone()) + dt.timedelta(days=number))
            for number in range(8)]
    assert sum(days) == 1


def test_what_may_not_be_done_yet_begins_when_it_opens(house):
    set_rules_of_contact(house.session, quiet_from=20, quiet_until=10, on_holidays=True)
    ruled(house, trigger="insurance", days=30, window_days=20)
    create(house.session, SYSTEM, Vehicle, {
        "customer_id": customer(house).id, "insurance_due_on": dt.date(2026, 12, 31)})
    assert night(house, dt.datetime(2026, 12, 1, 2, tzinfo=zone())) == 1
    assert house.session.scalars(select(Task.due_from)).one() == dt.datetime(
        2026, 12, 1, 10, tzinfo=zone())


# --- rehearsal, switching on and off -----------------------------------------------------------
def test_a_rehearsal_says_how_many_and_why_others_are_left_out(house):
    made = ruled(house, on=False, trigger="delivered", days=7, grade="A")
    for phone, grade in (("13900000001", "A"), ("13900000002", "B"), ("", "A")):
        found = customer(house, phone=phone, grade=grade)
        for days in (10, 45):
            with acting_at(AT - dt.timedelta(days=days)):
                create(house.session, SYSTEM, CustomerEvent, {
                    "customer_id": found.id, "kind": "delivered",
                    "happened_at": AT - dt.timedelta(days=days)})
    with acting_at(AT):
        act(house.session, house.actor("supervisor"), made, "rehearse")
    assert made.rehearsal == {"days": 30, "found": 3, "made": 1, "wait": 0,
                              "left_out": {"other_grade": 1, "no_number": 1}}
    assert house.session.scalar(select(func.count()).select_from(Task)) == 0
    page = house.client("supervisor").get(f"/callbacks/rules/show/{made.id}").text
    assert "another grade" in page or "其他等级" in page


def test_a_rule_is_rehearsed_before_it_is_switched_on(house):
    made = ruled(house, on=False)
    supervisor = house.actor("supervisor")
    with pytest.raises(Rejected, match="Rehearse"):
        act(house.session, supervisor, made, "switch_on", {"open_tasks": "leave"})
    act(house.session, supervisor, made, "rehearse")
    update(house.session, supervisor, made, {"days": 2})
    with pytest.raises(Rejected, match="Rehearse"):
        act(house.session, supervisor, made, "switch_on", {"open_tasks": "leave"})
    switched(house, made)
    assert made.active


def test_no_form_switches_a_rule_on(house):
    with pytest.raises(Invalid):
        create(house.session, house.actor("supervisor"), Rule, {**COMPLAINT, "active": True})


def test_a_rule_in_use_is_neither_changed_nor_deleted(house, rule):
    for doing in (lambda: update(house.session, house.actor("supervisor"), rule, {"days": 3}),
                  lambda: delete(house.session, house.actor("supervisor"), rule)):
        with pytest.raises(Rejected, match="off"):
            doing()


@pytest.mark.parametrize(("choice", "state"), [("leave", "open"), ("cancel", "cancelled")])
def test_switching_off_says_what_happens_to_open_callbacks(house, rule, choice, state):
    sent(house, customer_id=customer(house).id)
    switched(house, rule, choice, "switch_off")
    assert house.session.scalars(select(Task.state)).one() == state
    assert sent(house, customer_id=customer(house).id, event_id="e-99") == 0


@pytest.mark.parametrize(("choice", "priority"), [("leave", "urgent"), ("adapt", "low")])
def test_a_changed_rule_says_what_happens_to_open_callbacks(house, rule, choice, priority):
    sent(house, customer_id=customer(house).id)
    switched(house, rule, "leave", "switch_off")
    update(house.session, house.actor("supervisor"), rule, {"priority": "low"})
    switched(house, rule, choice)
    assert house.session.scalars(select(Task.priority)).one() == priority


def test_a_rule_for_nobody_is_not_switched_on(house):
    shipped = house.session.scalars(select(Rule).where(Rule.code == "renewal")).one()
    act(house.session, house.actor("supervisor"), shipped, "rehearse")
    with pytest.raises(Invalid, match="department or team"):
        act(house.session, house.actor("supervisor"), shipped, "switch_on",
            {"open_tasks": "leave"})


def test_the_rules_of_the_documents_come_once_and_switched_off(house):
    count = select(func.count()).select_from(Rule)
    before = house.session.scalar(count)
    initial_data.load(house.session)
    assert house.session.scalar(count) == before == len(initial_data.RULES)
    assert not any(house.session.scalars(select(Rule.active)))


@pytest.mark.parametrize(("language", "shown", "hidden"), [
    ("zh", "续保提醒", "Renewal of insurance"), ("en", "Renewal of insurance", "")])
def test_a_rule_is_named_in_the_language_of_the_page(house, language, shown, hidden):
    rule = house.session.scalars(select(Rule).where(Rule.code == "renewal")).one()
    client = house.client("supervisor")
    page = client.get(f"/callbacks/rules/show/{rule.id}", headers={
        "Accept-Language": language}).text
    heading = page.split("<h1>", 1)[1].split("</h1>", 1)[0]
    assert shown in heading and (not hidden or hidden not in heading)


def test_a_rule_in_english_gives_the_english_script(house):
    ruled(house, language="en", script_code="complaint")
    assert sent(house, customer_id=customer(house).id) == 1
    assert house.session.scalars(select(Task)).one().script.language == "en"
    with pytest.raises(Invalid):
        ruled(house, on=False, language="fr")


@pytest.mark.parametrize(("values", "field"), [
    ({"days": 366}, "days"), ({"window_days": 0}, "window_days"),
    ({"script_code": "unknown"}, "script_code"), ({"skill": "juggling"}, "skill"),
    ({"channel": "pigeon"}, "channel"), ({"trigger": "whim"}, "trigger"),
])
def test_a_rule_that_cannot_work_is_refused(house, values, field):
    made = ruled(house, on=False)
    with pytest.raises(Invalid) as caught:
        update(house.session, house.actor("supervisor"), made, values)
    assert list(caught.value.errors) == [field]


@pytest.mark.parametrize("path", ["list/", "add"])
def test_the_pages_open(house, path):
    assert house.client("supervisor").get(f"/callbacks/rules/{path}").status_code == 200


def test_a_service_tier_leaves_less_time(house, rule):
    half = create(house.session, SYSTEM, ServiceTier, {"name": "Half", "tighter_percent": 50})
    for values, hours in (({"tier_id": half.id}, 24), ({}, 48)):
        found = customer(house, **values)
        assert sent(house, customer_id=found.id, record_id=found.id) == 1
        task = house.session.scalar(select(Task).where(Task.customer_id == found.id))
        assert task.due_until - task.due_from == dt.timedelta(hours=hours)
