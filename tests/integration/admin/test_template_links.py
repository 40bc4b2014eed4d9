"""Fields of the template that lead to a record or a file, and those that need a second person."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.changes.models import ChangeRequest
from app.customers.merging.operations import merge, undo
from app.customers.models import Customer, Loan, Membership, ServiceTier
from app.errors import Invalid
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import define_field
from app.records.files import FileStore, attach
from app.sdk.records import act, operations_of
from app.sdk.services import create, update
from plugins.complaints.tests.helpers import department, registered

DOCUMENT = {"reason": "换了单位", "document_kind": "letter", "document_number": "1"}


def field(house, model: type[Any] = Customer, **values: Any) -> None:
    define_field(house.session, SYSTEM, model, CustomField(**values))


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, house.actor("agent"), Customer, {"name": "王小明"})


@pytest.fixture
def loan(house, customer) -> Loan:
    return create(house.session, house.actor("agent"), Loan, {
        "customer_id": customer.id, "contract": "HT-2026-1"})


def attached(house, customer: Customer, name: str) -> int:
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    return attach(house.session, house.actor("agent"), store, customer, name,
                  io.BytesIO(b"plain text")).id


# --- a link to a record --------------------------------------------------------------------------
@pytest.fixture
def linked(house) -> None:
    field(house, name="guarantee", kind="record", target="customers.loan", label="Guarantee for",
          label_zh="担保贷款")


def test_a_link_is_chosen_by_number_and_shown_as_a_link(house, desk, linked, customer, loan):
    agent = desk("agent")
    form = agent.get(f"/customers/edit/{customer.id}").text
    assert 'data-select-url="/api/v1/pick/number/customers.loan"' in form
    offered = agent.get("/api/v1/pick/number/customers.loan?q=HT-2026").json["options"]
    assert offered == [{"value": loan.number, "label": f"{loan.number} HT-2026-1"}]
    sent = {"version": customer.version, "x_guarantee": loan.number.lower()}
    assert agent.send(f"/customers/edit/{customer.id}", sent).status_code == 302
    page = agent.get(f"/customers/show/{customer.id}").text
    assert f'<a href="/loans/show/{loan.id}">{loan.number} HT-2026-1</a>' in page
    listed = agent.get(f"/customers/list/?all=1&x_guarantee__contains={loan.number}").text
    assert customer.number in listed
    form = agent.get(f"/customers/edit/{customer.id}").text
    assert f'<option value="{loan.number}" selected>{loan.number} HT-2026-1</option>' in form


def test_a_number_of_nothing_is_refused_on_every_way_in(house, desk, linked, customer):
    agent = house.actor("agent")
    with pytest.raises(Invalid, match="no record with this number"):
        update(house.session, agent, customer, {"x_guarantee": "DK-0"})
    with pytest.raises(Invalid, match="no record with this number"):
        create(house.session, agent, Customer, {"name": "李娜", "x_guarantee": "DK-0"})
    answer = desk("agent").send(f"/customers/edit/{customer.id}", {
        "version": customer.version, "x_guarantee": "DK-0"})
    assert answer.status_code == 422 and "no record with this number" in answer.text


def test_a_record_out_of_sight_is_neither_offered_nor_named(house, desk, customer):
    field(house, name="case", kind="record", target="complaints.complaint", label="Case")
    case = registered(house, "supervisor", subject="Secret matter",
                      department_id=department(house, "COLLECT"), team_id=None)
    assert case.number not in desk("agent").get("/api/v1/pick/number/complaints.complaint").text
    with pytest.raises(Invalid, match="no record with this number"):
        update(house.session, house.actor("agent"), customer, {"x_case": case.number})
    operations_of(Customer).store(house.session, SYSTEM, customer, {"x_case": case.number})
    house.session.commit()
    page = desk("agent").get(f"/customers/show/{customer.id}").text
    assert case.number in page and "Secret matter" not in page


# --- a file --------------------------------------------------------------------------------------
@pytest.fixture
def filed(house) -> None:
    field(house, name="licence", kind="file", label="Driving licence", required=True)


def test_a_file_of_the_record_is_chosen_and_shown_by_name(house, desk, filed, customer):
    agent = desk("agent")
    assert 'name="x_licence"' not in agent.get("/customers/add").text
    key = attached(house, customer, "licence.txt")
    form = agent.get(f"/customers/edit/{customer.id}").text
    assert f'<option value="{key}">licence.txt</option>' in form
    assert f'data-upload="/customers/files/{customer.id}"' in form
    before = customer.completeness
    sent = {"version": customer.version, "x_licence": str(key)}
    assert agent.send(f"/customers/edit/{customer.id}", sent).status_code == 302
    house.session.expire_all()
    assert customer.extra == {"licence": key} and customer.completeness > before
    page = agent.get(f"/customers/show/{customer.id}").text
    assert f'<a href="/customers/files/{customer.id}/{key}">licence.txt</a>' in page
    listed = agent.get("/api/v1/customers/?columns=number,x_licence").json["result"]
    assert listed == [{"number": customer.number, "x_licence": "licence.txt"}]
    shown = agent.get(f"/api/v1/customers/{customer.id}").json["result"]
    assert shown["x_licence"] == "licence.txt"


def test_a_file_of_another_record_is_refused(house, filed, customer):
    agent = house.actor("agent")
    other = create(house.session, agent, Customer, {"name": "李娜"})
    key = attached(house, other, "other.txt")
    for value in (key, 999_999, "x", True):
        with pytest.raises(Invalid, match="files that lie on the record"):
            update(house.session, agent, customer, {"x_licence": value})
    with pytest.raises(Invalid, match="once the record is there"):
        create(house.session, agent, Customer, {"name": "x", "x_licence": key})


def test_a_file_of_a_table_fills_no_field_of_files(house, filed):
    from app.records.importing.services import importers
    names = {one.name for one in importers()["records.core.Customer"].fields}
    assert "name" in names and "x_licence" not in names


# --- protection ----------------------------------------------------------------------------------
@pytest.fixture
def protected(house) -> None:
    field(house, name="work_unit", label="Employer", label_zh="工作单位", protected=True)
    field(house, name="income", kind="money", label="Income", sensitive=True, protected=True)
    field(house, name="member", kind="boolean", label="Own house", protected=True)
    field(house, name="hobby", label="Hobby")


def the_request(house) -> ChangeRequest:
    house.session.rollback()
    house.session.expire_all()
    [found] = house.session.scalars(select(ChangeRequest))
    return found


def test_a_change_of_a_protected_field_waits_for_a_second_person(
        house, desk, protected, customer):
    agent = house.actor("agent")
    update(house.session, agent, customer, {
        "x_work_unit": "长城公司", "x_income": "20000", "x_member": False, "x_hobby": "Chess"})
    request = the_request(house)
    assert customer.extra == {"hobby": "Chess"}
    page = desk("supervisor").get(f"/change-requests/show/{request.id}").text
    assert "Employer" in page and "长城公司" in page and "Own house" in page
    assert "20000" not in page and "****" in page
    listed = desk("supervisor").get("/change-requests/list/?all=1").text
    assert "Employer" in listed and "x_work_unit" not in listed.replace("fields__", "")
    act(house.session, agent, request, "document", DOCUMENT)
    act(house.session, house.actor("supervisor"), request, "approve", {})
    house.session.expire_all()
    assert customer.extra["work_unit"] == "长城公司" and customer.extra["member"] is False
    assert customer.extra["income"].reveal() == "20000"


def test_what_a_reader_does_not_see_is_not_in_the_request_they_see(house, desk, customer):
    (role, *_) = house.actor("supervisor").role_ids
    field(house, name="rating", label="Rating", protected=True, seen_by=(role,))
    update(house.session, house.actor("supervisor"), customer, {"x_rating": "Excellent"})
    request = the_request(house)
    assert "Excellent" in desk("supervisor").get(f"/change-requests/show/{request.id}").text
    page = desk("agent").get(f"/change-requests/show/{request.id}").text
    assert "Excellent" not in page and "Rating" not in page


def test_a_field_that_was_changed_since_has_to_be_asked_for_anew(house, protected, customer):
    update(house.session, house.actor("agent"), customer, {"x_work_unit": "A"})
    request = the_request(house)
    act(house.session, house.actor("agent"), request, "document", DOCUMENT)
    update(house.session, SYSTEM, customer, {"x_work_unit": "B"})
    supervisor = house.actor("supervisor")
    [approve, *_] = operations_of(ChangeRequest).actions(house.session, supervisor, request)
    assert "made anew" in str(approve.blocked)


def test_an_admin_protects_a_field_and_says_where_a_link_leads(house, desk):
    admin = desk("admin")
    assert admin.send("/fields/customers.customer/new", {
        "label": "Guarantee", "kind": "record", "target": "customers.loan", "protected": "y",
    }).status_code == 302
    page = admin.get("/fields/customers.customer").text
    assert "A change needs a second person" in page and "Link to a record (Loan)" in page
    answer = admin.send("/fields/customers.customer/new", {
        "label": "Nowhere", "kind": "record", "target": ""})
    assert answer.status_code == 422 and "kind of record that it leads to" in answer.text


# --- merging -------------------------------------------------------------------------------------
def test_fields_tier_and_membership_are_chosen_at_a_merge_and_go_back(house, desk, customer):
    session, supervisor = house.session, house.actor("supervisor")
    (role, *_) = house.actor("leader").role_ids
    field(house, name="hobby", label="Hobby", label_zh="爱好")
    field(house, name="rating", label="Rating", edited_by=(role,))
    tier = session.scalars(select(ServiceTier)).first()
    level = session.scalars(select(Membership)).first()
    assert tier is not None and level is not None
    other = create(session, SYSTEM, Customer, {
        "name": "王小明", "x_hobby": "Chess", "x_rating": "Good", "tier_id": tier.id,
        "membership_id": level.id, "member_since": dt.date(2026, 1, 5)})
    page = desk("supervisor").get(f"/customer-duplicates/{customer.id}/{other.id}").text
    assert "Hobby" in page and "Chess" in page and "Good" not in page
    assert 'name="take__tier_id"' in page and tier.name in page and level.name in page
    done = merge(session, supervisor, customer, other,
                 ["x_hobby", "tier_id", "membership_id", "member_since"], "同一人")
    session.expire_all()
    assert customer.extra == {"hobby": "Chess", "rating": "Good"}
    assert (customer.tier_id, customer.membership_id) == (tier.id, level.id)
    assert str(customer.member_since) == "2026-01-05"
    undo(session, supervisor, done.merge)
    session.expire_all()
    assert not customer.extra and customer.tier_id is None and customer.member_since is None
    assert other.extra == {"hobby": "Chess", "rating": "Good"}
