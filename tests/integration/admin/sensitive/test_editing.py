"""Who may not see a number can change it; what is not typed anew stays as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.customers.models import Customer
from app.records.former_values import former_values
from app.records.models import FormerValue
from app.records.undo import undo
from app.sdk.services import find_by_phone, update
from plugins.complaints.models import Complaint
from plugins.complaints.services import likely_duplicates
from plugins.complaints.tests.test_api import call as call_api
from tests.integration.admin.sensitive.conftest import (
    CONTACT,
    CONTACT_MASK,
    ID_MASK,
    ID_NUMBER,
    MASK,
    PHONE,
)
from tests.integration.admin.test_imports import checked


def fresh(house, record):
    house.session.rollback()
    house.session.expire_all()
    return record


@pytest.mark.usefixtures("unprotected")
def test_a_form_that_shows_the_mask_leaves_the_number_untouched(house, records, desk):
    agent, customer = desk("agent"), records.customer
    answer = agent.send(f"/customers/edit/{customer.id}", {
        "version": customer.version, "name": "王大明", "phone": MASK, "phone__shown": MASK,
        "id_number": ID_MASK, "id_number__shown": ID_MASK, "grade": "C",
        "preferred_contact": "phone",
    })
    assert answer.status_code == 302
    fresh(house, customer)
    assert (customer.name, customer.phone, customer.id_number) == ("王大明", PHONE, ID_NUMBER)
    entry = house.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert set(entry.changes) == {"name"}


@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize(("typed", "held"), [
    ("+86 (139) 9876-1234", CONTACT), ("", ""), ("021-58881234", "021-58881234"),
])
def test_what_is_typed_anew_is_stored(house, records, desk, typed, held):
    agent, customer = desk("agent"), records.customer
    answer = agent.send(f"/customers/edit/{customer.id}", {
        "version": customer.version, "phone": typed, "phone__shown": MASK})
    assert answer.status_code == 302
    assert fresh(house, customer).phone == held


def test_stars_of_ones_own_are_refused_everywhere(house, records, desk, work):
    agent, customer, version = desk("agent"), records.customer, records.customer.version
    said = "Type the whole value"
    for path in (f"edit/{customer.id}", f"cell/{customer.id}/phone", f"fact/{customer.id}/phone"):
        answer = agent.send(f"/customers/{path}", {
            "version": version, "phone": "139****4321", "phone__shown": MASK})
        assert answer.status_code == 422 and said in answer.text, path
    added = agent.send("/customers/add", {"name": "New", "phone": "139****4321"})
    assert added.status_code == 422 and said in added.text
    client, case = house.client("agent"), records.complaint
    put = call_api(client, "PUT", f"/api/v1/complaints/{case.id}", version=case.version,
                   contact="138****0000")
    assert put.status_code == 422
    post = call_api(client, "POST", "/api/v1/complaints/", reason="x", contact="138****0000")
    assert post.status_code == 422
    table = "编号,日期,主题,联系方式\nA-1,2026-01-05,违约金,138****0000\n"
    assert said in desk("supervisor").get(checked(desk("supervisor"), work, table)).text
    assert fresh(house, customer).phone == PHONE


def test_the_api_takes_back_what_it_has_shown(house, records):
    client, case = house.client("agent"), records.complaint
    shown = client.get(f"/api/v1/complaints/{case.id}").json["result"]["contact"]
    answer = call_api(client, "PUT", f"/api/v1/complaints/{case.id}", version=case.version,
                      contact=shown, demand="道歉")
    assert answer.status_code == 200
    fresh(house, case)
    assert (case.contact, case.demand) == (CONTACT, "道歉")


def test_a_registration_shows_what_is_typed_and_what_a_link_brings(house, records, desk):
    agent = desk("agent")
    assert PHONE in agent.get(f"/customers/add?phone={PHONE}").text
    failed = agent.send("/customers/add", {"name": "", "phone": "13700001111"})
    assert failed.status_code == 422 and 'value="13700001111"' in failed.text
    popped = agent.get("/complaints/add?contact=138 7654 4321").text
    assert "王小明" in popped and "138 7654 4321" in popped


def test_the_caller_and_earlier_complaints_are_found(house, records):
    agent = house.actor("agent")
    assert find_by_phone(house.session, agent, "0086 138 7654 4321") == records.customer
    assert likely_duplicates(house.session, agent, contact="+86 139 9876 1234") == [
        records.complaint]
    assert house.session.scalars(
        select(Complaint).where(Complaint.contact == "139-9876-1234")).all() == [records.complaint]


def test_left_empty_the_contact_is_the_phone_of_the_customer(house, records, desk):
    agent = desk("agent")
    answer = agent.send("/complaints/add", {
        "customer": records.customer.id, "reason": "提前还款", "rule_book": "house",
        "reply_way": "phone", "severity": "normal", "urgency": "normal"})
    assert answer.status_code == 302, answer.text
    house.session.rollback()
    newest = house.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    assert newest.contact == PHONE and newest.contact.kind == "contact"


@pytest.mark.usefixtures("unprotected")
def test_an_undo_brings_the_former_number_back(house, records):
    supervisor, customer = house.actor("supervisor"), records.customer
    update(house.session, supervisor, customer, {"phone": CONTACT})
    entry = house.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.changes == {"phone": [MASK, CONTACT_MASK]}
    former = former_values(house.session, "customers.customer", [entry.change_set])
    assert former == {(customer.id, "phone"): (PHONE, CONTACT)}
    assert undo(house.session, supervisor, Customer, entry.change_set).count == 1
    assert fresh(house, customer).phone == PHONE


@pytest.mark.usefixtures("unprotected")
def test_an_undo_notices_another_number_with_the_same_mask(house, records):
    supervisor, customer = house.actor("supervisor"), records.customer
    update(house.session, supervisor, customer, {"phone": CONTACT})
    entry = house.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    twin = "13900001234"
    update(house.session, house.actor("agent"), customer, {"phone": twin})
    assert str(customer.phone) == CONTACT_MASK
    assert undo(house.session, supervisor, Customer, entry.change_set).kept
    assert fresh(house, customer).phone == twin


def test_rows_of_an_import_are_known_again_by_their_number(house, records, desk, work):
    table = "名称,电话,客户等级\n王小明,138 7654 4321,A\n"
    supervisor = desk("supervisor")
    run = checked(supervisor, work, table, importer="records.core.Customer",
                  on_existing="update")
    supervisor.send(f"{run}/start", {"mode": "good"})
    work()
    house.session.rollback()
    house.session.expire_all()
    [customer] = house.session.scalars(select(Customer))
    assert customer.grade == "A"
    assert house.session.scalars(select(FormerValue.name).where(
        FormerValue.record_type == "customers.customer")).all() == ["phone", "id_number"]


@pytest.mark.parametrize(("username", "gets"), [("supervisor", True), ("hr", False)])
def test_rejected_rows_are_clear_for_those_who_may_reveal(
    house, records, tmp_path, username, gets
):
    from app.records.importing.services import importers
    from app.sdk.importing import GOOD, Import, Table
    from tests.integration.admin.test_imports_by_form import SHANGHAI

    path = tmp_path / "file.csv"
    path.write_text(f"名称,电话,客户等级\n甲,{PHONE},Z\n", encoding="utf-8")
    table = Table.open(path)
    Import(
        table=table, importer=importers()["records.core.Customer"], zone=SHANGHAI, mode=GOOD,
        mapping={"name": "名称", "phone": "电话", "grade": "客户等级"},
        rejects=tmp_path / "rejects.csv",
    ).run(house.session(), house.actor(username))
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert (PHONE in text) is gets and (MASK in text) is not gets
