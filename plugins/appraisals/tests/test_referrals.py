"""Referral rewards (K6): in steps, each once for a customer, checked, paid with a bonus table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sdk.demo import DemoContext, Story, acting_at
from app.sdk.errors import CarelineError, Invalid
from app.sdk.models import Customer, Loan
from app.sdk.people import local_today
from app.sdk.records import of_customer
from app.sdk.services import SYSTEM, act, create, update
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.bonus.operations import lines_of
from plugins.appraisals.cycles.operations import COMPILE, RELEASE
from plugins.appraisals.models import Referral, Sheet
from plugins.appraisals.referrals import demo
from plugins.appraisals.rules.referrals import PRAISE, next_step, reached
from plugins.appraisals.tests.helpers import month, rated, sheet_of, signed

MONEY = st.decimals(0, 1_000_000, places=2)
SIZES = st.decimals(1, 5_000, places=0)
UNIT = 1000


# --- laws ------------------------------------------------------------------------------------
@given(MONEY, MONEY, SIZES, SIZES)
def test_more_never_reaches_fewer_steps(one, more, praise, size):
    low, high = sorted((one, more))
    assert 0 <= reached(low, praise, size) <= reached(high, praise, size)
    assert (reached(low, praise, size) == 0) == (low < praise)


@given(MONEY, SIZES, SIZES)
def test_each_step_is_given_once_and_in_order(total, praise, size):
    taken: list[int] = []
    total = min(total, size * 50)
    while (step := next_step(total, praise, size, taken)) is not None:
        assert step not in taken
        taken.append(step)
    assert taken == list(range(reached(total, praise, size)))
    assert next_step(total, praise, size, taken) is None


@given(MONEY, SIZES, SIZES, st.integers(0, 5))
def test_a_step_that_was_refused_is_given_again(total, praise, size, refused):
    steps = set(range(reached(total, praise, size)))
    assert next_step(total, praise, size, steps - {refused}) == (
        refused if refused in steps else None)


@pytest.mark.parametrize(("total", "steps"), [
    (99, 0), (100, 1), (999, 1), (1000, 2), (1999, 2), (2000, 3)])
def test_the_steps_of_the_documents(total, steps):
    assert reached(Decimal(total), Decimal(100), Decimal(1000)) == steps


# --- applications ------------------------------------------------------------------------------
def customer(house, *amounts: int) -> Customer:
    """Return a customer with loans of so many units each."""
    made = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    for amount in amounts:
        lend(house, made, amount)
    return made


def lend(house, to: Customer, amount: int) -> Loan:
    """Give a customer a loan of so many units."""
    return create(house.session, SYSTEM, Loan, {
        "customer_id": to.id, "contract": f"HT-{to.id}-{amount}",
        "principal": Decimal(amount * UNIT)})


def apply(house, to: Customer, username: str = "agent") -> Referral:
    return create(house.session, house.actor(username), Referral, {"customer_id": to.id})


def test_loans_are_read_by_the_name_of_their_kind(house):
    one = customer(house, 500)
    assert [loan.principal for loan in of_customer(
        house.session, SYSTEM, "customers.loan", one.id)] == [500 * UNIT]
    for kind in ("absent.kind", "appraisals.cycle"):
        assert of_customer(house.session, SYSTEM, kind, one.id) == []


def test_each_step_is_applied_for_once_whoever_applies(house):
    one = customer(house, 1200)
    praise, amount = apply(house, one), apply(house, one, "wanghao")
    assert (praise.step, praise.amount) == (PRAISE, 0)
    assert (amount.step, amount.amount) == (1, 200)
    with pytest.raises(Invalid) as refused:
        apply(house, one)
    assert set(refused.value.errors) == {"customer_id"}
    # A refused step can be applied for again, a granted one never.
    act(house.session, house.actor("hr"), praise, "grant")
    act(house.session, house.actor("hr"), amount, "refuse", {"reason": "非本人转介绍"})
    assert apply(house, one).step == 1
    lend(house, one, 900)
    assert apply(house, one).step == 2


def test_below_the_first_step_there_is_no_reward(house):
    with pytest.raises(Invalid):
        apply(house, customer(house, 99))


def test_it_is_checked_again_when_it_is_granted(house):
    one = customer(house)
    loan = lend(house, one, 100)
    made = apply(house, one)
    update(house.session, SYSTEM, loan, {"principal": Decimal(50 * UNIT)})
    with pytest.raises(CarelineError):
        act(house.session, house.actor("hr"), made, "grant")
    update(house.session, SYSTEM, loan, {"principal": Decimal(150 * UNIT)})
    act(house.session, house.actor("hr"), made, "grant")
    assert (made.applied_total, made.checked_total) == (100 * UNIT, 150 * UNIT)


def test_nobody_grants_their_own_nor_writes_an_amount(house):
    one = customer(house, 1200)
    made = apply(house, one)
    for username in ("agent", "supervisor"):
        with pytest.raises(CarelineError):
            act(house.session, house.actor(username), made, "grant")
    for values in ({"amount": 9999}, {"step": 7}, {"claim": None}):
        with pytest.raises(Invalid):
            update(house.session, house.actor("agent"), made, values)
    act(house.session, house.actor("agent"), made, "withdraw")
    assert made.claim is None


def test_a_colleague_does_not_see_it(house):
    made = apply(house, customer(house, 1200))
    for username, status in (("agent", 200), ("hr", 200), ("wanghao", 404), ("supervisor", 404)):
        answer = house.client(username).get(f"/appraisals/referrals/show/{made.id}")
        assert answer.status_code == status, username
    assert house.client("agent").get("/appraisals/referrals/list/").status_code == 200


def released(house, begin=None):
    """Return a released cycle in which only the agent has a score."""
    cycle = month(house, *([begin] if begin else []))
    signed(house, rated(house, sheet_of(house, cycle)))
    for other in house.session.query(Sheet).filter(
            Sheet.cycle_id == cycle.id, Sheet.status == "filling"):
        act(house.session, house.actor("hr"), other, "mark_absent", {"reason": "x"})
    act(house.session, house.actor("hr"), cycle, RELEASE)
    return cycle


def test_a_granted_reward_enters_the_bonus_table_once(house):
    one = customer(house, 2500)
    for _ in range(3):
        act(house.session, house.actor("hr"), apply(house, one), "grant")
    not_granted = apply(house, customer(house, 100))
    cycle = released(house)
    act(house.session, house.actor("hr"), cycle, COMPILE)
    table = house.session.query(BonusTable).one()
    [line] = lines_of(house.session, table.id)
    steps = dict(map(tuple, line.steps))
    # 300 × 93.33 ÷ 100, and two steps of 200; praise is no money.
    assert (steps["rounded"], steps["referral"], steps["total"]) == ("279.99", "400.00", "679.99")
    assert line.amount == table.total == Decimal("679.99")
    paid = house.session.query(Referral).filter_by(table_id=table.id).count()
    assert paid == len((1, 2)) and not_granted.table_id is None
    hr = house.client("hr")
    assert hr.get(f"/appraisals/bonuses/show/{table.id}").status_code == 200
    assert hr.get(f"/appraisals/bonuses/{table.id}/bonus.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("minutes", [0, 24 * 60 - 1])
def test_the_demonstration_holds_every_state(house, minutes):
    """At whatever minute of the day it is made: what would lie ahead happens at its end."""
    midnight = Story.local(local_today() - dt.timedelta(days=1), 0)
    with acting_at(midnight + dt.timedelta(minutes=minutes)):
        _every_state(house)


def _every_state(house):
    for _ in range(5):
        customer(house, 300)
    story = Story(DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x"),
                  "referrals")
    demo.decided(story, local_today() - dt.timedelta(days=60))
    demo.waiting(story)
    made = house.session.query(Referral).order_by(Referral.id).all()
    assert [one.state for one in made] == [
        "granted", "granted", "refused", "withdrawn", "applied", "applied"]
    assert [one.step for one in made[:2]] == [PRAISE, 1]
    assert made[1].amount == Decimal(200)


def test_a_reward_of_somebody_without_a_quota_is_a_line_of_its_own(house):
    one = customer(house, 1200)
    for _ in range(2):
        act(house.session, house.actor("hr"), apply(house, one, "supervisor"), "grant")
    cycle = released(house)
    act(house.session, house.actor("hr"), cycle, COMPILE)
    table = house.session.query(BonusTable).one()
    own, reward = lines_of(house.session, table.id)
    assert (own.amount, reward.amount, table.total) == (
        Decimal("279.99"), Decimal(200), Decimal("479.99"))
    assert (reward.sheet_id, reward.user_id) == (None, house.actor("supervisor").user_id)
    hr = house.client("hr")
    assert hr.get(f"/appraisals/bonuses/show/{table.id}").status_code == 200
    assert hr.get(f"/appraisals/bonuses/{table.id}/bonus.xlsx").status_code == 200
    assert hr.get(f"/appraisals/bonuses/{table.id}/bonus.pdf").data.startswith(b"%PDF")


def test_a_step_is_written_by_its_name(house):
    one = customer(house, 1200)
    praise, first = apply(house, one), apply(house, one)
    client = house.client("agent")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    listed = client.get("/appraisals/referrals/list/").text
    assert "会议表扬" in listed and "第 1 档" in listed
    assert "会议表扬" in client.get(f"/appraisals/referrals/show/{praise.id}").text
    assert "第 1 档" in client.get(f"/appraisals/referrals/show/{first.id}").text
