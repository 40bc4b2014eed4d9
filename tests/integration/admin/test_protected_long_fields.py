"""Long texts and several choices of the template wait for a second person on every way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.customers.changes.models import ChangeRequest, RequestedChange
from app.customers.models import Customer
from app.database import write
from app.errors import Invalid, Rejected
from app.records import bulk
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import define_field
from app.sdk.records import act, operations_of, waiting_of
from app.sdk.services import create, update
from plugins.complaints.tests.test_api import call
from tests.integration.admin.test_imports import checked

DOCUMENT = {"reason": "客户来函更正", "document_kind": "letter", "document_number": "1"}
# Longer than a line of short values holds; with a line break, and with what looks like a mask.
STORY = "客户自述：" + "家庭情况说明。" * 60 + "\n来电号码 138****4321"
CHOSEN = ["stocks", "deposits"]


@pytest.fixture(autouse=True)
def template(house) -> None:
    choices = tuple(CustomChoice(*one) for one in (
        ("stocks", "Stocks", "股票"), ("funds", "Funds", "基金"), ("deposits", "Deposits", "存款")))
    for field in (
        CustomField(name="story", kind="long_text", label="Family story", protected=True),
        CustomField(name="assets", kind="choices", label="Assets", label_zh="资产",
                    choices=choices, protected=True),
    ):
        define_field(house.session, SYSTEM, Customer, field)


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, house.actor("agent"), Customer, {
        "name": "王小明", "phone": "13876544321", "x_story": "未说明", "x_assets": ["funds"]})


def requests(house) -> list[ChangeRequest]:
    house.session.rollback()
    house.session.expire_all()
    return list(house.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)))


# --- ways in: what the person is told -----------------------------------------------------------
def by_form(house: Any, desk: Any, customer: Customer) -> str:
    agent = desk("agent")
    answer = agent.send(f"/customers/edit/{customer.id}", {
        "version": customer.version, "x_story": STORY, "x_assets": CHOSEN})
    assert answer.status_code == 302, answer.text
    return agent.get(answer.location).text


def by_fact(house: Any, desk: Any, customer: Customer) -> str:
    """One field after the other on the page of the customer."""
    agent, told = desk("agent"), ""
    for name, value in (("x_story", STORY), ("x_assets", CHOSEN)):
        answer = agent.send(f"/customers/fact/{customer.id}/{name}", {
            "version": customer.version, name: value})
        told = agent.get(answer.location).text
    return told


def by_bulk(house: Any, desk: Any, customer: Customer) -> str:
    run = bulk.run(house.session, house.actor("agent"), Customer, {customer.id: customer.version},
                   bulk.BulkFieldChange({"x_story": STORY, "x_assets": CHOSEN}))
    assert not run.done
    return str(run.left_out[0].reason)


def by_api(house: Any, desk: Any, customer: Customer) -> str:
    answer = call(house.client("agent"), "PUT", f"/api/v1/customers/{customer.id}",
                  version=customer.version, x_story=STORY, x_assets=CHOSEN)
    assert answer.status_code == 202, answer.text
    return answer.json["message"]


def by_service(house: Any, desk: Any, customer: Customer) -> str:
    return str(waiting_of(update(house.session, house.actor("agent"), customer, {
        "x_story": STORY, "x_assets": CHOSEN})))


@pytest.mark.parametrize("way", [by_form, by_fact, by_bulk, by_api, by_service])
def test_every_way_in_asks_and_an_approval_writes_what_was_asked_for(
        house, desk, customer, way: Callable[..., str]):
    told = way(house, desk, customer)
    assert "waits for approval" in told or "等待审核" in told
    held = requests(house)
    assert customer.extra == {"story": "未说明", "assets": ["funds"]}
    assert sorted(" ".join(one.fields for one in held).split()) == ["x_assets", "x_story"]
    for one in held:
        act(house.session, house.actor("agent"), one, "document", DOCUMENT)
        act(house.session, house.actor("supervisor"), one, "approve", {})
    house.session.expire_all()
    assert customer.extra == {"story": STORY, "assets": CHOSEN}
    entries = house.session.scalars(select(AuditEntry).where(
        AuditEntry.record_type == "customers.customer", AuditEntry.action == "change")).all()
    changes = {name: pair for entry in entries for name, pair in entry.changes.items()}
    assert changes["x_story"] == ["未说明", STORY]
    assert changes["x_assets"] == [["funds"], CHOSEN]


def test_old_and_new_stand_side_by_side_with_their_lines_and_labels(house, desk, customer):
    by_service(house, desk, customer)
    [request] = requests(house)
    page = desk("supervisor").get(f"/change-requests/show/{request.id}").text
    assert "<del>未说明</del>" in page and f"<ins>{STORY}</ins>" in page
    assert "<del>Funds</del>" in page and "<ins>Stocks, Deposits</ins>" in page
    assert "Reveal" not in page.split("Requested change", 1)[1].split("</table>", 1)[0]


def test_values_lie_encrypted(house, desk, customer):
    by_service(house, desk, customer)
    raw = house.session.scalars(text("SELECT long_values FROM customers_requested_change")).all()
    assert len(raw) == 2
    assert all(raw) and not any("家庭" in one or "stocks" in one for one in raw)


def test_what_cannot_be_read_any_more_is_not_approved(house, desk, customer):
    by_service(house, desk, customer)
    [request] = requests(house)
    act(house.session, house.actor("agent"), request, "document", DOCUMENT)
    house.session.execute(text("UPDATE customers_requested_change SET long_values = NULL"))
    house.session.commit()
    house.session.expire_all()
    with pytest.raises(Rejected, match="made anew"):
        act(house.session, house.actor("supervisor"), request, "approve", {})
    assert "****" in desk("supervisor").get(f"/change-requests/show/{request.id}").text


def test_a_value_is_emptied_after_approval_only(house, customer):
    update(house.session, house.actor("agent"), customer, {"x_story": "", "x_assets": []})
    [request] = requests(house)
    assert customer.extra["assets"] == ["funds"]
    act(house.session, house.actor("agent"), request, "document", DOCUMENT)
    act(house.session, house.actor("supervisor"), request, "approve", {})
    house.session.expire_all()
    assert customer.extra == {}


def test_what_stays_asks_for_nothing_and_a_second_request_is_refused(house, desk, customer):
    update(house.session, house.actor("agent"), customer, {
        "x_story": " 未说明 ", "x_assets": ["funds"], "grade": "A"})
    assert requests(house) == [] and customer.grade == "A"
    by_service(house, desk, customer)
    with pytest.raises(Invalid) as refused:
        update(house.session, house.actor("supervisor"), customer, {"x_assets": []})
    assert set(refused.value.errors) == {"x_assets"}


def test_what_was_changed_since_has_to_be_asked_for_anew(house, desk, customer):
    by_service(house, desk, customer)
    [request] = requests(house)
    act(house.session, house.actor("agent"), request, "document", DOCUMENT)
    update(house.session, SYSTEM, customer, {"x_assets": ["deposits"]})
    [approve, *_] = operations_of(ChangeRequest).actions(
        house.session, house.actor("supervisor"), request)
    assert "made anew" in str(approve.blocked) and "x_assets" in str(approve.blocked)


def test_a_rejection_changes_nothing(house, desk, customer):
    by_service(house, desk, customer)
    [request] = requests(house)
    act(house.session, house.actor("agent"), request, "document", DOCUMENT)
    act(house.session, house.actor("supervisor"), request, "reject", {"answer": "来函未签名"})
    house.session.expire_all()
    assert customer.extra == {"story": "未说明", "assets": ["funds"]}
    assert request.answer == "来函未签名"


def test_an_import_makes_one_set(house, desk, work, customer):
    create(house.session, SYSTEM, Customer, {"name": "李雷", "phone": "13700001111"})
    table = ("名称,电话,Family story,Assets\n王小明,13876544321,孤身一人,Stocks; Deposits\n"
             "李雷,13700001111,三口之家,Funds\n")
    supervisor = desk("supervisor")
    run = checked(supervisor, work, table, importer="records.core.Customer", on_existing="update")
    supervisor.send(f"{run}/start", {"mode": "good"})
    assert work().result["waiting"] == 2
    held = requests(house)
    assert len({one.change_set for one in held}) == 1
    both = {one.id: None for one in held}
    for actor, step in ((house.actor("supervisor"), bulk.BulkStep("document", DOCUMENT)),
                        (house.actor("admin"), bulk.BulkStep("approve"))):
        assert bulk.run(house.session, actor, ChangeRequest, both, step).done == 2
    house.session.expire_all()
    assert customer.extra == {"story": "孤身一人", "assets": CHOSEN}


def test_short_values_stay_in_their_columns(house, customer):
    with write(house.session):
        update(house.session, house.actor("agent"), customer, {"phone": "13998761234"})
    [line] = house.session.scalars(select(RequestedChange))
    assert line.long_values is None and line.after.reveal() == "13998761234"
