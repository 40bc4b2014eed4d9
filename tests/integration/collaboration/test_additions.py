"""What plugins put on records of others: with rights, in few statements, harmless to a page."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, literal_column, select

from app.customers.models import Customer
from app.records.models import Comment
from app.sdk import RecordAction, RecordChip, RecordFact
from app.sdk.records import link
from app.sdk.screens import Chip
from app.sdk.services import SYSTEM
from plugins.complaints.tests.helpers import registered, step
from tests.integration.collaboration.conftest import plugin, without

KIND = "customers.customer"
VIEW = "core.Customer"


def comments(_actor, record):
    """One value from the database."""
    return {"count": select(func.count()).select_from(Comment).where(
        Comment.record_id == record.id).scalar_subquery()}


def chip(**values):
    return RecordChip(**{
        "record_type": KIND, "view": VIEW, "values": comments,
        "show": lambda record, values: Chip(label=f"chip {values['count']} {record.name}"),
        **values,
    })


def fact(place=0, **values):
    return RecordFact(**{
        "record_type": KIND, "view": VIEW, "label": f"Fact {place}", "values": comments,
        "show": lambda record, values: f"fact {values['count']}", **values,
    })


def page_of(house, customer, username="agent"):
    return house.client(username).get(
        f"/customers/show/{customer.id}", headers={"Accept-Language": "en"})


def count(statements, house, customer) -> int:
    client = house.client("agent")
    client.get(f"/customers/show/{customer.id}")
    statements.clear()
    assert client.get(f"/customers/show/{customer.id}").status_code == 200
    return len(statements)


def test_chips_lines_and_buttons_are_on_the_page(house, customer):
    action = RecordAction(record_type=KIND, label="Call back", view=VIEW, icon="phone",
                          url=lambda actor, record, values: f"/surveys/add?customer={record.id}")
    with plugin("surveys", register_record_chips=[chip()], register_record_facts=[fact()],
                register_record_actions=[action]):
        page = page_of(house, customer).text
    assert "chip 0 王小明" in page
    assert "<dt>Fact 0</dt><dd>fact 0</dd>" in page
    assert f'href="/surveys/add?customer={customer.id}"' in page and "Call back" in page


def test_each_has_its_own_right(house, customer):
    with plugin("surveys", register_record_chips=[chip(view="surveys.Answer")],
                register_record_facts=[fact(view="surveys.Answer")],
                register_record_actions=[RecordAction(
                    record_type=KIND, label="Call back", view="surveys.Answer",
                    url=lambda actor, record, values: "/surveys/add")]):
        page = page_of(house, customer).text
    assert "chip 0" not in page and "Fact 0" not in page and "Call back" not in page


def test_nothing_to_show_leaves_no_trace(house, customer):
    nothing = {"show": lambda record, values: None}
    action = RecordAction(record_type=KIND, label="Call back", view=VIEW,
                          url=lambda actor, record, values: None)
    with plugin("surveys", register_record_chips=[chip(**nothing)],
                register_record_facts=[fact(**nothing)], register_record_actions=[action]):
        page = page_of(house, customer).text
    assert "Fact 0" not in page and "Call back" not in page


def test_many_additions_of_many_plugins_cost_the_page_no_statement_more(
    house, customer, statements
):
    before = count(statements, house, customer)
    several = {
        "register_record_chips": [chip() for _ in range(5)],
        "register_record_facts": [fact(place) for place in range(5)],
    }
    with plugin("one", **several), plugin("two", **several), plugin("three", **several):
        assert count(statements, house, customer) == before
        # Additions and links take one statement, what the links lead to another one.
        link(house.session, SYSTEM, customer, registered(house))
        assert count(statements, house, customer) == before + 1


def broken_show(_record, _values):
    raise RuntimeError("broken")


@pytest.mark.parametrize("broken", [
    {"show": broken_show}, {"values": broken_show},
    {"values": lambda actor, record: {"count": select(
        literal_column("no_such_column")).select_from(Customer).scalar_subquery()}},
], ids=["show", "values", "statement"])
def test_one_that_fails_is_left_out_and_named_and_the_page_is_there(
    house, customer, caplog, broken
):
    good = fact(1)
    with plugin("bad", register_record_chips=[chip(**broken)]), plugin(
        "good", register_record_facts=[good]), caplog.at_level(logging.ERROR):
        page = page_of(house, customer)
    assert page.status_code == 200
    assert "<dt>Fact 1</dt><dd>fact 0</dd>" in page.text
    assert "chip" not in page.text.replace("record-chips", "")
    assert "an addition to customers.customer failed" in caplog.text


def test_open_complaints_and_the_button_for_a_new_one_are_on_the_customer(house, customer):
    assert "open complaint" not in page_of(house, customer).text
    complaint = registered(house, customer_id=customer.id)
    page = page_of(house, customer).text
    assert "1 open complaint" in page
    assert f"/abilities/complaints.open?origin=customers.customer:{customer.id}" in page
    # Out of sight, it does not count.
    assert "open complaint" not in page_of(house, customer, "tangli").text
    step(house, complaint, "agent", "withdraw", withdrawal_reason="客户撤诉")
    assert "open complaint" not in page_of(house, customer).text


def test_a_plugin_out_of_force_leaves_no_button(house, customer):
    registered(house, customer_id=customer.id)
    with without("complaints"):
        page = page_of(house, customer).text
    assert "/abilities/complaints." not in page and "open complaint" not in page


def test_a_button_needs_one_way_to_lead():
    for values in ({}, {"label": "x"}, {"ability": "a.b", "label": "x", "view": "v",
                                        "url": lambda *_: ""}):
        with pytest.raises(ValueError, match="needs either"):
            RecordAction(record_type=KIND, **values)


def test_the_page_of_a_customer_stays_within_its_statements(house, customer, statements):
    """The bar of the 360° page; tier and membership cost one more, and their names in history."""
    assert count(statements, house, customer) <= 12
