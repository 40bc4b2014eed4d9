"""Whoever deletes a customer reads first what belongs to them (F24)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.database import utcnow, write
from app.sdk.customers import Contact
from app.sdk.errors import Rejected
from app.sdk.models import Customer, Loan, Vehicle
from app.sdk.records import act, create, delete, restore
from app.sdk.services import SYSTEM
from plugins.callbacks.tests.conftest import set_rules_of_contact
from plugins.callbacks.tests.helpers import COMPLETE, contact, planned, started
from plugins.complaints.tests.helpers import registered
from plugins.enquiries.tests.helpers import taken
from plugins.loans.tests.helpers import received


def test_the_question_names_what_belongs_to_the_customer(house, desk):
    customer, other = (
        create(house.session, SYSTEM, Customer, {"name": name, "phone": phone})
        for name, phone in (("王小明", "13812345678"), ("李新", "13900000001")))
    create(house.session, SYSTEM, Vehicle, {"customer_id": customer.id, "plate": "苏A12345"})
    create(house.session, SYSTEM, Loan, {"customer_id": customer.id, "contract": "DK-1"})
    for _ in range(2):
        registered(house, customer_id=customer.id)
    admin = desk("admin")
    page = admin.get(f"/customers/delete/{customer.id}").text
    for kind, count in (("Vehicles", 1), ("Loans", 1), ("Complaints", 2)):
        assert f">{kind}</a>: {count}<" in page, kind
    assert f"customer__in={customer.id}" in page
    assert "belong to it" not in admin.get(f"/customers/delete/{other.id}").text


def test_pages_of_what_belonged_say_that_the_customer_is_deleted(house, desk):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    complaint = registered(house, customer_id=customer.id)
    path, admin = f"/complaints/show/{complaint.id}", desk("admin")
    link = f'href="/customers/show/{customer.id}"'
    page = admin.get(path).text
    assert link in page and "(deleted)" not in page
    act(house.session, house.actor("supervisor"), complaint, "withdraw",
        {"withdrawal_reason": "客户撤诉"}, complaint.version)
    delete(house.session, house.actor("admin"), customer)
    page = admin.get(path).text
    assert link not in page
    assert f"{customer.number} 王小明 <span" in page and ">(deleted)</span>" in page
    restore(house.session, house.actor("admin"), customer)
    assert link in admin.get(path).text


@pytest.mark.parametrize("begin", [registered, planned, received, taken])
def test_a_customer_is_not_deleted_while_work_on_them_is_open(house, begin):
    """Each plugin that works on customers objects, whoever deletes them."""
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    record = begin(house, customer_id=customer.id)
    for actor in (house.actor("admin"), SYSTEM):
        with pytest.raises(Rejected, match=rf"not finished: {record.number}\."):
            delete(house.session, actor, customer)
    house.session.refresh(customer)
    assert customer.deleted_at is None


@pytest.fixture
def complained(house):
    """A customer with four open complaints."""
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    numbers = [registered(house, customer_id=customer.id).number for _ in range(4)]
    customer.named = ", ".join(numbers[:3]) + " …"
    return customer


def test_the_refusal_stands_wherever_a_customer_is_deleted(house, desk, complained):
    admin = desk("admin")
    page = admin.get(f"/customers/delete/{complained.id}").text
    sentence = f"Work on this customer is not finished: {complained.named}."
    assert sentence in page and "btn-danger" not in page
    assert "These belong to it:" in page and "stay without it" not in page
    sent = admin.send(f"/customers/delete/{complained.id}", {"version": complained.version},
                      follow_redirects=True)
    assert sentence in sent.text
    bulk = admin.send("/customers/bulk/delete", {"row": [complained.id]}, follow_redirects=True)
    assert sentence in bulk.text
    admin.send("/account/language", {"locale": "zh"})
    assert f"该客户还有未办结的业务：{complained.named}" in admin.get(
        f"/customers/delete/{complained.id}").text
    house.session.refresh(complained)
    assert complained.deleted_at is None


def test_what_lies_in_the_bin_is_not_purged_from_under_open_work(house, desk, complained):
    admin = desk("admin")
    with write(house.session):
        complained.deleted_at = utcnow() - dt.timedelta(days=4000)
    page = admin.send("/customers/purge", {}, follow_redirects=True).text
    assert f"{complained.number} stays: Work on this customer is not finished" in page
    house.session.expire_all()
    assert house.session.get(Customer, complained.id) is not None


def test_a_customer_of_a_finished_callback_is_kept_with_it(house, desk):
    """However long the retention is over: callback and log of contacts name the customer."""
    # At any hour and on any day that the test runs.
    set_rules_of_contact(house.session, quiet_from=0, quiet_until=0, on_holidays=True)
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    task = started(house, customer_id=customer.id)
    contact(house, task, "reached", **COMPLETE)
    delete(house.session, house.actor("admin"), customer)
    with write(house.session):
        customer.deleted_at = utcnow() - dt.timedelta(days=4000)
    page = desk("admin").send("/customers/purge", {}, follow_redirects=True).text
    assert f"Other records refer to these, so they stay: {customer.number}" in page
    house.session.expire_all()
    assert house.session.get(Customer, customer.id) is not None
    assert house.session.scalars(select(Contact.record_id).where(
        Contact.customer_id == customer.id)).all() == [task.id]
