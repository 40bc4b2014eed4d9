"""Sensitive custom fields: what a template asks of customers is masked on every way out."""

from __future__ import annotations

import contextvars
import dataclasses
import re

import orjson
import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.access.sensitive.values import SensitiveValue
from app.customers.models import Customer
from app.customers.ready_made_template import TEMPLATE
from app.customers.services import find_customers
from app.errors import Invalid
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import (
    BadDefinition,
    change_field,
    custom_fields_of,
    define_field,
    import_fields,
)
from app.records.undo import undo
from app.sdk.services import create, update
from tests.integration.admin.conftest import token_of

CARD, INCOME, WORK_PHONE, GUARANTOR = (
    "6222021234567890128", "23456.75", "13611112222", "11010519491231002X")
VALUES = {
    "x_card_number": "6222 0212 3456 7890 128", "x_monthly_income": INCOME,
    "x_credit_record": "serious", "x_work_phone": WORK_PHONE, "x_guarantor_id_number": GUARANTOR,
    "x_work_unit": "Great Wall Motors",
}
TELLING = (CARD, "2345675", "23456.75", "23,456.75", WORK_PHONE, "11112222", GUARANTOR, "19491231",
           "Overdue several times", "连续逾期")
KIND = "customers.customer"


def told(body: str | bytes) -> list[str]:
    """Return what a text tells of the sensitive values."""
    text = body.decode("utf-8", "ignore") if isinstance(body, bytes) else body
    return [value for value in TELLING if value in text]


@pytest.fixture
def customer(house) -> Customer:
    """A customer of the agent with every sensitive field of the ready-made template."""
    import_fields(house.session, SYSTEM, Customer, TEMPLATE)
    return create(house.session, house.actor("agent"), Customer,
                  {"name": "王小明", "phone": "13876544321", **VALUES})


def choose(person, *columns: str) -> None:
    """Let a person see columns of customers in lists and files."""
    assert person.send("/customers/columns", {"column": list(columns)}).status_code < 400


def put(house, pk: int, values: dict):
    """Change a customer over REST as the agent."""
    client = contextvars.Context().run(house.client, "agent")
    answer = contextvars.Context().run(lambda: client.put(
        f"/api/v1/customers/{pk}", json=values, headers={"X-CSRFToken": token_of(
            client.get("/account/").text)}))
    house.session.rollback()
    return answer


def role_id(house, username: str) -> int:
    """Return the id of the role of a person of the sample."""
    (key, *_) = house.actor(username).role_ids
    return key


def test_values_are_encrypted_in_the_database(house, customer, database_text):
    held = customer.extra
    assert isinstance(held["card_number"], SensitiveValue)
    assert held["card_number"].reveal() == CARD and str(held["card_number"]) == "****0128"
    assert str(held["monthly_income"]) == str(held["credit_record"]) == "****"
    assert held["work_unit"] == "Great Wall Motors"
    assert [one for one in (CARD, INCOME, WORK_PHONE, GUARANTOR) if one in database_text()] == []
    assert house.session.scalar(
        select(Customer.id).where(Customer.id == customer.id)) == customer.id


@pytest.mark.parametrize("username", ["agent", "supervisor", "leader"])
def test_no_page_file_or_answer_tells_a_value(customer, desk, username):
    person, pk = desk(username), customer.id
    choose(person, "number", "name", *VALUES)
    shown = 0
    for address in (
        "/customers/list/?all=1", f"/customers/show/{pk}", f"/customers/peek/{pk}",
        f"/customers/edit/{pk}", f"/customers/timeline/{pk}", f"/customers/fact/{pk}/x_card_number",
        f"/customers/fact/{pk}/x_credit_record", f"/customers/cell/{pk}/x_monthly_income",
        "/customers/export/csv?all=1", "/api/v1/customers/", f"/api/v1/customers/{pk}",
        "/search/?q=王小明", "/palette/records?q=王小",
    ):
        answer = person.get(address)
        assert answer.status_code in (200, 403, 404), (address, answer.status_code)
        # What a form offers to choose from tells nothing of what is chosen.
        text = re.sub(r"<option (?!selected)[^>]*>[^<]*</option>", "", answer.text)
        assert told(text) == [], address
        shown += answer.status_code == 200
    assert shown > 5


def test_the_form_offers_choices_and_tells_not_which(customer, desk):
    page = desk("agent").get(f"/customers/edit/{customer.id}").text
    assert 'value="****0128"' in page and "信用信息" not in page
    select_ = re.search(r'<select[^>]*name="x_credit_record".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'<option selected value="([^"]*)"', select_) == ["****"]
    assert "serious" in select_


def test_a_form_that_comes_back_with_masks_changes_nothing(house, customer, desk):
    agent = desk("agent")
    page = agent.get(f"/customers/edit/{customer.id}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    answer = agent.send(f"/customers/edit/{customer.id}", {
        "version": version, "name": "王小明", "x_card_number": "****0128",
        "x_credit_record": "****", "x_monthly_income": "****", "x_position": "Driver"})
    assert answer.status_code == 302, answer.text
    house.session.expire_all()
    held = house.session.get(Customer, customer.id).extra
    assert held["position"] == "Driver" and held["card_number"].reveal() == CARD
    assert held["credit_record"].reveal() == "serious"
    entry = house.session.scalars(select(AuditEntry).where(
        AuditEntry.record_type == KIND, AuditEntry.action == "change")).one()
    assert entry.changes == {"x_position": [None, "Driver"]}


def test_history_audit_and_undo(house, customer, desk):
    agent = house.actor("agent")
    update(house.session, agent, customer, {
        "x_monthly_income": "30000", "x_credit_record": "good"})
    entry = house.session.scalars(select(AuditEntry).where(
        AuditEntry.record_type == KIND, AuditEntry.action == "change")).one()
    assert entry.changes == {"x_monthly_income": ["****", "****"],
                             "x_credit_record": ["****", "****"]}
    for address in ("/audit/", f"/audit/?record_type={KIND}", f"/audit/export?record_type={KIND}"):
        page = desk("admin").get(address)
        assert page.status_code == 200 and told(page.data) == [], address
    assert told(desk("agent").get(f"/customers/timeline/{customer.id}").data) == []
    done = undo(house.session, agent, Customer, entry.change_set)
    assert done.count == 1
    assert customer.extra["monthly_income"].reveal() == INCOME
    assert customer.extra["credit_record"].reveal() == "serious"


def test_revealing_needs_a_right_and_a_reason(house, customer, desk):
    pk = customer.id
    assert desk("agent").send(
        f"/customers/reveal/{pk}/x_card_number", {"reason": "refund"}).status_code in (403, 200)
    supervisor = desk("supervisor")
    assert CARD not in supervisor.send(
        f"/customers/reveal/{pk}/x_card_number", {"reason": ""}).text
    assert CARD in supervisor.send(
        f"/customers/reveal/{pk}/x_card_number", {"reason": "refund"}).text
    answer = supervisor.send(f"/customers/reveal/{pk}/x_credit_record", {"reason": "new loan"})
    assert "Overdue several times in a row" in answer.text
    entries = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "reveal").order_by(AuditEntry.id)).all()
    assert [(one.changes, one.reason) for one in entries][-2:] == [
        ({"columns": ["x_card_number"]}, "refund"), ({"columns": ["x_credit_record"]}, "new loan")]
    choose(supervisor, "name", "x_credit_record", "x_card_number")
    revealed = supervisor.send(
        "/customers/export/csv?all=1",
        {"whole": "1", "reveal": "1", "reason": "audit of the bank"})
    assert CARD in revealed.text and "Overdue several times in a row" in revealed.text


def test_search_finds_a_number_and_no_amount(house, customer):
    agent = house.actor("agent")
    for text in (CARD, "0128", WORK_PHONE, GUARANTOR):
        assert [one.id for one in find_customers(house.session, agent, text)] == [customer.id], text
    for text in ("23456.75", "serious", "Overdue several times in a row"):
        assert find_customers(house.session, agent, text) == []


def test_an_amount_is_found_by_no_filter_either(customer, desk):
    agent = desk("agent")
    assert agent.get("/customers/list/?all=1&x_monthly_income__filled=1").status_code == 200
    assert customer.number in agent.get("/customers/list/?all=1&x_monthly_income__filled=1").text
    assert customer.number not in agent.get("/customers/list/?all=1&x_monthly_income__empty=1").text
    assert customer.number in agent.get(f"/customers/list/?all=1&x_card_number__is={CARD}").text
    for refused in ("x_monthly_income__is=23456.75", "x_credit_record__in=serious",
                    "x_monthly_income__at_least=1", "sort=x_monthly_income"):
        assert agent.get(f"/customers/list/?all=1&{refused}").status_code == 400, refused
        assert agent.get(f"/api/v1/customers/?{refused}").status_code == 400, refused


@pytest.mark.parametrize(("key", "wrong"), [
    ("x_card_number", "6222021234567890129"), ("x_guarantor_id_number", "110105194912310021"),
    ("x_work_phone", "call me"), ("x_monthly_income", "much"), ("x_monthly_income", "1.234"),
    ("x_credit_record", "excellent"),
])
def test_a_wrong_value_is_refused_at_the_field_on_every_way_in(house, customer, desk, key, wrong):
    agent, pk = desk("agent"), customer.id
    page = agent.get(f"/customers/edit/{pk}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    answer = agent.send(f"/customers/edit/{pk}", {"version": version, key: wrong})
    assert answer.status_code == 422 and f'href="#{key}"' in answer.text
    answer = put(house, pk, {"version": int(version), key: wrong})
    assert answer.status_code in (400, 422) and key in orjson.dumps(answer.json).decode()
    answer = agent.send(f"/customers/fact/{pk}/{key}", {"version": version, key: wrong})
    assert answer.status_code == 422
    with pytest.raises((BadValue, Invalid)):
        update(house.session, house.actor("agent"), customer, {key: wrong})


def test_roles_see_and_fill_in_what_the_template_says(house, customer, desk):
    session, supervisor = house.session, role_id(house, "supervisor")
    fields = {field.name: field for field in custom_fields_of(session, KIND)}
    change_field(session, SYSTEM, KIND, _with(fields["work_unit"], seen_by=(supervisor,)))
    change_field(session, SYSTEM, KIND, _with(fields["position"], edited_by=(supervisor,)))
    update(session, SYSTEM, customer, {"x_work_unit": "Secret Works", "x_position": "Driver"})
    agent, pk = desk("agent"), customer.id
    for username in ("agent", "supervisor"):
        choose(desk(username), "name", "x_work_unit", "x_position")
    for address in (f"/customers/show/{pk}", f"/customers/edit/{pk}",
                    "/customers/export/csv?all=1", "/customers/list/?all=1",
                    f"/api/v1/customers/{pk}", "/api/v1/customers/"):
        answer = agent.get(address)
        assert "Secret Works" not in answer.text and "x_work_unit" not in answer.text, address
        assert "Secret Works" in desk("supervisor").get(address).text, address
    for address in ("/audit/", f"/audit/export?record_type={KIND}"):
        page = desk("admin").get(address)
        assert page.status_code == 200 and "Secret Works" not in page.text, address
    assert agent.get("/customers/list/?all=1&x_work_unit__is=Secret Works").status_code == 400
    assert agent.get("/api/v1/customers/?x_work_unit__is=Secret Works").status_code == 400
    assert find_customers(session, house.actor("agent"), "Secret Works") == []
    with pytest.raises(Invalid):
        update(session, house.actor("agent"), customer, {"x_position": "Owner"})
    answer = put(house, pk, {"version": customer.version, "x_position": "Owner"})
    assert answer.status_code in (400, 422)
    update(session, house.actor("supervisor"), customer, {"x_position": "Owner"})
    assert customer.extra["position"] == "Owner"


def test_masks_are_not_switched_while_records_hold_values(house, customer):
    fields = {field.name: field for field in custom_fields_of(house.session, KIND)}
    for name, sensitive in (("work_unit", True), ("monthly_income", False)):
        with pytest.raises(BadDefinition) as refused:
            change_field(house.session, SYSTEM, KIND, _with(fields[name], sensitive=sensitive))
        assert list(refused.value.errors) == ["sensitive"]
    change_field(house.session, SYSTEM, KIND, _with(fields["bank"], sensitive=True))
    with pytest.raises(BadDefinition):
        define_field(house.session, SYSTEM, Customer, CustomField(
            name="private_phone", kind="phone", label="Phone"))
    with pytest.raises(BadDefinition):
        define_field(house.session, SYSTEM, Customer, CustomField(
            name="story", kind="long_text", label="Story", sensitive=True))


def _with(field: CustomField, **changes) -> CustomField:
    return dataclasses.replace(field, **changes)
