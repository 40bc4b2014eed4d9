"""The collection template of customers: edited on a screen, counted and verified as information."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.models import Customer
from app.customers.ready_made_template import TEMPLATE
from app.customers.verification import current_verifications
from app.customers.verification_models import DocumentKind
from app.jobs.models import Job
from app.records.custom_fields.definitions import CustomField, problems
from app.records.custom_fields.store import custom_fields_of, define_field, import_fields
from app.sdk.records import act
from app.sdk.services import create, update

KIND = "customers.customer"


@pytest.fixture
def template(house) -> None:
    """A template of two fields, one of them required and one to be verified."""
    define_field(house.session, SYSTEM, Customer, CustomField(
        name="work_unit", label="Employer", label_zh="工作单位", required=True,
        group="Basic information", group_zh="基本信息"))
    define_field(house.session, SYSTEM, Customer, CustomField(
        name="income", kind="money", label="Income", label_zh="收入", sensitive=True,
        verified=True, group="Financial information", group_zh="财务信息"))


@pytest.fixture
def customer(house, template) -> Customer:
    """A customer who is complete but for the template."""
    return create(house.session, house.actor("agent"), Customer, {
        "name": "王小明", "phone": "13876544321", "id_number": "110101199003074258",
        "address": "Road 1", "x_income": "20000"})


def test_the_ready_made_template_is_in_order():
    assert [problems(field) for field in TEMPLATE if problems(field)] == []
    assert all(field.label_zh and field.group_zh for field in TEMPLATE)
    assert all(one.label_zh for field in TEMPLATE for one in field.choices)


def test_required_fields_and_verification_count(house, customer):
    agent, session = house.actor("agent"), house.session
    assert customer.information_state == "missing"
    before = customer.completeness
    update(session, agent, customer, {"x_work_unit": "Great Wall"})
    assert customer.information_state == "to_verify" and customer.completeness > before
    document = session.scalars(select(DocumentKind.id)).first()
    act(session, agent, customer, "verify", {
        "items": ["name", "phone", "id_number", "x_income"], "document_kind_id": document})
    assert customer.information_state == "in_order"
    update(session, agent, customer, {"x_income": "****"})
    assert customer.information_state == "in_order"
    update(session, agent, customer, {"x_income": "21000"})
    assert customer.information_state == "to_verify"
    assert "x_income" not in current_verifications(session, customer.id)


def test_the_page_shows_groups_and_the_state_of_each_item(house, customer, desk):
    page = desk("agent").get(f"/customers/show/{customer.id}").text
    assert "Basic information" in page and "Financial information" in page
    assert "20000" not in page and "20,000" not in page
    dialog = desk("agent").get(f"/customers/action/{customer.id}/verify")
    assert dialog.status_code != 200 or "Income" in dialog.text


def test_the_log_of_verifications_names_items_of_the_template(house, customer, desk):
    document = house.session.scalars(select(DocumentKind.id)).first()
    act(house.session, house.actor("agent"), customer, "verify", {
        "items": ["x_income"], "document_kind_id": document})
    page = desk("agent").get("/verifications/list/?all=1").text
    assert "Income" in page and "x_income" not in page.replace("item__in=x_income", "")
    assert "verified: Income" in desk("agent").get(f"/customers/show/{customer.id}").text


def test_a_change_of_the_template_is_worked_out_for_all(house, customer):
    fields = {field.name: field for field in custom_fields_of(house.session, KIND)}
    from app.records.custom_fields.store import change_field
    change_field(house.session, SYSTEM, KIND,
                 dataclasses.replace(fields["work_unit"], required=False))
    kinds = house.session.scalars(select(Job.kind)).all()
    assert "customers.recalculate" in kinds


def test_an_admin_adds_the_ready_made_fields_and_changes_one(house, desk):
    admin = desk("admin")
    assert "Add the ready-made fields" in admin.get(f"/fields/{KIND}").text
    assert admin.send(f"/fields/{KIND}/ready-made").status_code == 302
    page = admin.get(f"/fields/{KIND}").text
    assert "Credit information" in page and "Add the ready-made fields" not in page
    assert len(custom_fields_of(house.session, KIND)) == len(TEMPLATE)
    (role, *_) = house.actor("supervisor").role_ids
    form = admin.get(f"/fields/{KIND}/field/position").text
    assert 'name="seen_by"' in form and 'list="field-groups"' in form
    assert admin.send(f"/fields/{KIND}/field/position", {
        "label": "Post", "label_zh": "岗位", "group": "Basic information", "verified": "y",
        "seen_by": ["", str(role)], "edited_by": ""}).status_code == 302
    changed = {field.name: field for field in custom_fields_of(house.session, KIND)}["position"]
    assert (changed.label, changed.verified, changed.seen_by, changed.edited_by) == (
        "Post", True, (role,), ())
    assert "Seen by" in admin.get(f"/fields/{KIND}").text


def test_ready_made_fields_that_are_there_stay(house):
    import_fields(house.session, SYSTEM, Customer, TEMPLATE)
    assert import_fields(house.session, SYSTEM, Customer, TEMPLATE) == (0, len(TEMPLATE))
