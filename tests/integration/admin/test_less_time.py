"""A tier leaves less time: internal clocks of records about its customers are due sooner."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.models import Customer, ServiceTier
from app.deadlines.models import ClockRow
from app.deadlines.policies import ClockKind, ClockRule, Measure
from app.sdk.services import create, update
from plugins.complaints.tests.helpers import registered, step


@pytest.mark.parametrize(("amount", "percent", "left"), [
    (480, 25, 360), (3, 20, 2), (3, 10, 3), (1, 90, 1), (10, 0, 10)])
def test_whole_units_are_left_and_at_least_one(amount, percent, left):
    rule = ClockRule("first", "First", Measure.WORKING_DAYS, amount, starts_on=("a",))
    assert rule.shorter_by(percent).amount == left


def test_the_law_knows_no_tier():
    rule = ClockRule("law", "Law", Measure.CALENDAR_DAYS, 15, ClockKind.STATUTORY)
    assert rule.shorter_by(50) is rule


@pytest.fixture
def tiered(house):
    """A customer whose tier leaves half of the time."""
    tier = create(house.session, SYSTEM, ServiceTier, {"name": "Half", "tighter_percent": 50})
    return create(house.session, house.actor("agent"), Customer, {
        "name": "王小明", "tier_id": tier.id})


def clocks(house, record) -> dict[str, ClockRow]:
    house.session.expire_all()
    return {row.key: row for row in house.session.scalars(
        select(ClockRow).where(ClockRow.record_id == record.id,
                               ClockRow.record_type == record.__record_type__))}


def test_a_complaint_of_the_tier_is_due_sooner_and_says_so(house, desk, tiered):
    plain, quick = registered(house), registered(house, customer_id=tiered.id)
    usual, shorter = clocks(house, plain), clocks(house, quick)
    assert usual.keys() == shorter.keys() and usual
    internal = [key for key, row in usual.items() if row.kind == "internal"]
    assert internal and all(shorter[key].less_time == 50 for key in internal)
    for key in internal:
        whole, half = (one[key].due_at - one[key].started_at for one in (usual, shorter))
        assert dt.timedelta(0) < half < whole, key
    card = desk("agent").get(f"/complaints/deadlines/{quick.id}").text
    assert "50% sooner by the service tier" in card
    assert "sooner" not in desk("agent").get(f"/complaints/deadlines/{plain.id}").text


def test_a_clock_keeps_the_time_with_which_it_began(house, tiered):
    complaint = registered(house, customer_id=tiered.id)
    before = {key: (row.due_at, row.less_time) for key, row in clocks(house, complaint).items()}
    update(house.session, SYSTEM, tiered, {"tier_id": None})
    update(house.session, SYSTEM, complaint, {"demand": "退款"})
    assert before == {key: (row.due_at, row.less_time)
                      for key, row in clocks(house, complaint).items()}
    # What begins from now on has the time of now: a severity chooses other policies.
    step(house, complaint, "agent", "assess", severity="serious", urgency="high",
         cause_analysis="合同条款告知不足")
    assert {row.less_time for row in clocks(house, complaint).values()
            if row.stopped_at is None} == {0}


def test_a_customer_who_is_found_out_later_makes_running_clocks_due_sooner(house, desk, tiered):
    complaint, quick = registered(house), registered(house, customer_id=tiered.id)
    before = clocks(house, complaint)
    due = {key: row.due_at for key, row in before.items()}
    update(house.session, house.actor("agent"), complaint, {"customer_id": tiered.id})
    after, wanted = clocks(house, complaint), clocks(house, quick)
    internal = [key for key, row in after.items() if row.kind == "internal"]
    for key in internal:
        assert (after[key].less_time, after[key].run) == (50, 1)
        assert after[key].due_at < due[key]
        # As long as of one that was known from the beginning.
        assert after[key].schedule and abs(
            (after[key].due_at - after[key].started_at)
            - (wanted[key].due_at - wanted[key].started_at)) < dt.timedelta(hours=1)
    assert {key: row.due_at for key, row in after.items() if key not in internal} == {
        key: at for key, at in due.items() if key not in internal}
    assert complaint.due_at == min(row.due_at for row in after.values())
    assert "50% sooner by the service tier" in desk("agent").get(
        f"/complaints/deadlines/{complaint.id}").text


def test_another_customer_makes_no_clock_due_later(house, tiered):
    complaint = registered(house, customer_id=tiered.id)
    before = {key: (row.due_at, row.less_time) for key, row in clocks(house, complaint).items()}
    other = create(house.session, house.actor("agent"), Customer, {"name": "李四"})
    update(house.session, house.actor("agent"), complaint, {"customer_id": other.id})
    assert before == {key: (row.due_at, row.less_time)
                      for key, row in clocks(house, complaint).items()}
