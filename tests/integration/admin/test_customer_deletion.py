"""Whoever deletes a customer reads first what belongs to them (F24)."""

from __future__ import annotations

from app.sdk.models import Customer, Loan, Vehicle
from app.sdk.records import create
from app.sdk.services import SYSTEM, delete, restore
from plugins.complaints.tests.helpers import registered


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
    delete(house.session, house.actor("admin"), customer)
    page = admin.get(path).text
    assert link not in page
    assert f"{customer.number} 王小明 <span" in page and ">(deleted)</span>" in page
    restore(house.session, house.actor("admin"), customer)
    assert link in admin.get(path).text
