"""Investments beside a customer: their maturity follows, and becomes true by itself."""

from __future__ import annotations

import datetime as dt
import decimal

import pytest

from app.customers.investments import mature
from app.customers.models import Customer, Investment
from app.database import utcnow
from app.errors import Conflict, Invalid
from app.people.clock import local_today
from app.sdk.services import create, update


@pytest.fixture
def customer(house) -> Customer:
    """A customer."""
    return create(house.session, house.actor("agent"), Customer, {"name": "王小明"})


def invest(house, customer, **values) -> Investment:
    """Enter an investment as the agent."""
    return create(house.session, house.actor("agent"), Investment, {
        "customer_id": customer.id, "contract": "TZ-1", "amount": decimal.Decimal(50_000),
        "started_on": dt.date(2026, 1, 31), **values})


def test_maturity_follows_from_beginning_and_term(house, customer):
    record = invest(house, customer, term_months=13)
    assert record.matures_on == dt.date(2027, 2, 28)
    update(house.session, house.actor("agent"), record, {"term_months": 12})
    assert record.matures_on == dt.date(2027, 1, 31)
    update(house.session, house.actor("agent"), record, {"matures_on": dt.date(2027, 3, 1)})
    assert record.matures_on == dt.date(2027, 3, 1)


@pytest.mark.parametrize(("values", "field"), [
    ({"amount": decimal.Decimal(0)}, "amount"), ({"term_months": 0}, "term_months"),
    ({"matures_on": dt.date(2025, 1, 1)}, "matures_on"),
])
def test_what_cannot_be_is_refused_at_its_field(house, customer, values, field):
    with pytest.raises(Invalid) as refused:
        invest(house, customer, **values)
    assert list(refused.value.errors) == [field]


def test_a_contract_is_there_once(house, customer):
    invest(house, customer)
    with pytest.raises(Conflict):
        invest(house, customer)


def test_what_has_run_its_term_is_matured(house, customer):
    today = local_today()
    due = invest(house, customer, contract="A", matures_on=today,
                 started_on=today - dt.timedelta(days=90))
    later = invest(house, customer, contract="B", matures_on=today + dt.timedelta(days=1),
                   started_on=today)
    early = invest(house, customer, contract="C", matures_on=today, status="redeemed",
                   started_on=today - dt.timedelta(days=9))
    assert mature(house.session, utcnow(), utcnow()) == 1
    assert mature(house.session, utcnow(), utcnow()) == 0
    assert (due.status, later.status, early.status) == ("matured", "held", "redeemed")


def test_screens_and_rest_show_them(house, customer, desk):
    record = invest(house, customer, term_months=12)
    agent = desk("agent")
    page = agent.get(f"/customers/show/{customer.id}").text
    assert "Investments" in page
    assert "TZ-1" in agent.get(f"/customers/related/{customer.id}/InvestmentView").text
    assert "TZ-1" in agent.get("/investments/list/?all=1").text
    assert agent.get("/investments/list/?view=maturing", follow_redirects=True).status_code == 200
    assert "50,000" in agent.get(f"/investments/show/{record.id}").text
    answer = agent.get(f"/api/v1/investments/{record.id}").json["result"]
    assert (answer["contract"], answer["matures_on"]) == ("TZ-1", "2027-01-31")
    assert "TZ-1" in agent.get("/search/?q=TZ-1").text
