"""Protected data of customers: every way in asks for a second person, who decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.access.audit import change_set, record_act
from app.access.models import AuditEntry
from app.customers.changes.models import ChangeRequest, RequestedChange
from app.customers.models import Customer
from app.database import write
from app.errors import Invalid, NotPermitted, Rejected
from app.i18n import Link, Message
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION
from app.notices.models import Notice
from app.records import bulk
from app.records.changes import Written
from app.records.importing.fields import UPDATE, WAITING, ImportRow
from app.records.importing.services import importers
from app.records.models import File
from app.records.undo import undo
from app.sdk.records import act, operations_of, waiting_of
from app.sdk.services import create, settings_of, update, utcnow
from app.settings.services import save_settings, saved_settings, settings_form
from plugins.complaints.tests.helpers import registered
from plugins.complaints.tests.test_api import call
from tests.integration.admin.test_imports import checked

PHONE, NEW, MASK, NEW_MASK = "13876544321", "13998761234", "138****4321", "139****1234"
DOCUMENT = {"reason": "换号", "document_kind": "id_card", "document_number": "身份证 1"}


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, house.actor("agent"), Customer, {"name": "王小明", "phone": PHONE})


def fresh(house) -> None:
    house.session.rollback()
    house.session.expire_all()


def requests(house) -> list[ChangeRequest]:
    fresh(house)
    return list(house.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)))


def asked(house, customer, username: str = "agent", **values: Any) -> ChangeRequest:
    """Return a complete request to change a customer."""
    actor = house.actor(username)
    update(house.session, actor, customer, values or {"phone": NEW})
    request = requests(house)[-1]
    act(house.session, actor, request, "document", DOCUMENT)
    return request


def rules(house, **values: Any) -> None:
    form = settings_form("customer_changes")
    assert form is not None
    held, version = saved_settings(house.session, form)
    save_settings(house.session, house.actor("admin"), form, {**held, **values}, version)


# --- ways in: (house, desk, username, customer) -> what the person is told ----------------------
def by_form(house: Any, desk: Any, username: str, customer: Customer) -> str:
    person = desk(username)
    answer = person.send(f"/customers/edit/{customer.id}", {
        "version": customer.version, "phone": NEW, "phone__shown": MASK})
    assert answer.status_code == 302
    return person.get(answer.location).text


def by_fact(house: Any, desk: Any, username: str, customer: Customer) -> str:
    person = desk(username)
    answer = person.send(f"/customers/fact/{customer.id}/phone", {
        "version": customer.version, "phone": NEW, "phone__shown": MASK})
    return person.get(answer.location).text


def by_cell(house: Any, desk: Any, username: str, customer: Customer) -> str:
    person = desk(username)
    answer = person.send(f"/customers/cell/{customer.id}/phone", {
        "version": customer.version, "phone": NEW, "phone__shown": MASK})
    return person.get(answer.location or answer.headers["HX-Redirect"]).text


def by_bulk(house: Any, desk: Any, username: str, customer: Customer) -> str:
    run = bulk.run(house.session, house.actor(username), Customer,
                   {customer.id: customer.version}, bulk.BulkFieldChange({"phone": NEW}))
    assert not run.done
    return str(run.left_out[0].reason)


def by_service(house: Any, desk: Any, username: str, customer: Customer) -> str:
    return str(waiting_of(update(
        house.session, house.actor(username), customer, {"phone": NEW}, customer.version)))


def by_job(house: Any, desk: Any, username: str, customer: Customer) -> str:
    actor = house.actor(username)
    with Session(house.session.get_bind(), expire_on_commit=False, autoflush=False) as own:
        record = own.get(Customer, customer.id)
        return str(waiting_of(operations_of(Customer).change(own, actor, record, {"phone": NEW})))


def by_undo(house: Any, desk: Any, username: str, customer: Customer) -> str:
    update(house.session, SYSTEM, customer, {"name": "王大明"})
    with write(house.session):
        together = change_set(house.session)
        record_act(house.session, house.actor(username), "change",
                   record_type=Customer.__record_type__, record_id=customer.id,
                   number=customer.number, changes={"name": ["王小明", "王大明"]})
    done = undo(house.session, house.actor(username), Customer, together)
    return "waits for approval" if done.kept and not done.count else ""


def by_import(house: Any, desk: Any, username: str, customer: Customer) -> str:
    importer = importers()["records.core.Customer"]
    row = ImportRow(2, {"name": "王小明", "phone": PHONE, "id_number": "110101199003074258"})
    with write(house.session):
        [outcome] = importer.write(house.session, house.actor(username), [row], UPDATE)
    return "waits for approval" if outcome.action == WAITING else outcome.action


WAYS: Mapping[str, Callable[..., str]] = {
    "form": by_form, "fact": by_fact, "cell": by_cell, "bulk": by_bulk, "service": by_service,
    "job": by_job, "undo": by_undo, "import": by_import,
}


@pytest.mark.parametrize(("way", "username"), [
    (way, username) for way in WAYS for username in ("agent", "supervisor", "admin")
    # Agents import no customers.
    if (way, username) != ("import", "agent")
])
def test_on_every_way_in_a_protected_change_waits(house, desk, customer, way, username):
    told = WAYS[way](house, desk, username, customer)
    [request] = requests(house)
    assert "waits for approval" in told
    assert (customer.phone, request.status, request.customer_id) == (
        PHONE, "incomplete", customer.id)
    assert request.maker_id == house.actor(username).user_id
    assert customer.id_number == ""


def test_over_rest_what_waits_is_accepted_and_said(house, monkeypatch):
    complaint = registered(house)
    waiting = Message("It waits.", link=Link("/change-requests/show/1", "BG-1"))
    monkeypatch.setattr(operations_of(type(complaint)), "change",
                        lambda *_args, **_kwargs: Written({}, waiting))
    answer = call(house.client("agent"), "PUT", f"/api/v1/complaints/{complaint.id}",
                  version=complaint.version, reason="x")
    assert answer.status_code == 202 and answer.json["message"] == "It waits."
    assert answer.json["link"]["address"] == "/change-requests/show/1"
    assert answer.json["result"]["version"] == complaint.version


def test_the_rest_of_a_change_is_written(house, customer):
    changes = update(house.session, house.actor("agent"), customer, {
        "phone": NEW, "grade": "A", "name": "王小明"})
    assert set(changes) == {"grade"} and waiting_of(changes) is not None
    [request] = requests(house)
    assert (customer.grade, customer.phone, request.fields) == ("A", PHONE, "phone")
    [line] = request.lines
    assert (line.before.reveal(), line.after.reveal()) == (PHONE, NEW)


def test_what_stays_or_comes_back_as_a_mask_asks_for_nothing(house, customer):
    update(house.session, house.actor("agent"), customer, {
        "phone": "+86 138-7654-4321", "name": "王小明"})
    update(house.session, house.actor("agent"), customer, {"phone": MASK, "grade": "B"})
    assert requests(house) == [] and customer.grade == "B"


def test_new_customers_and_the_product_itself_need_nobody(house, customer):
    update(house.session, SYSTEM, customer, {"phone": NEW})
    assert requests(house) == [] and customer.phone == NEW


def test_a_second_request_for_the_same_field_is_refused(house, customer):
    update(house.session, house.actor("agent"), customer, {"phone": NEW})
    with pytest.raises(Invalid) as refused:
        update(house.session, house.actor("supervisor"), customer, {
            "phone": "13700001111", "grade": "A"})
    assert set(refused.value.errors) == {"phone"}
    fresh(house)
    assert customer.grade == "C" and len(requests(house)) == 1
    update(house.session, house.actor("supervisor"), customer, {"name": "王大明"})
    assert len(requests(house)) == 2


def test_without_a_document_nobody_decides(house, customer):
    agent, supervisor = house.actor("agent"), house.actor("supervisor")
    update(house.session, agent, customer, {"phone": NEW})
    [request] = requests(house)
    with pytest.raises(Rejected, match="missing"):
        act(house.session, supervisor, request, "approve")
    with pytest.raises(Invalid):
        act(house.session, agent, request, "document", {"reason": "换号"})
    with pytest.raises(Rejected):
        act(house.session, supervisor, request, "document", DOCUMENT)
    act(house.session, agent, request, "document", DOCUMENT)
    assert requests(house)[0].status == "open"


def test_an_approval_writes_the_change_and_names_both(house, customer):
    request = asked(house, customer, name="王大明", phone=NEW)
    act(house.session, house.actor("supervisor"), request, "approve")
    fresh(house)
    assert (customer.phone, customer.name, request.status) == (NEW, "王大明", "approved")
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.record_type == "customers.customer",
                                 AuditEntry.action == "change")
        .order_by(AuditEntry.id.desc())).first()
    assert entry.changes == {"name": ["王小明", "王大明"], "phone": [MASK, NEW_MASK]}
    assert entry.actor_id == house.actor("supervisor").user_id
    assert request.number in entry.reason and house.actor("agent").name in entry.reason
    with pytest.raises(Rejected):
        act(house.session, house.actor("admin"), request, "approve")


def test_a_rejection_says_why_and_changes_nothing(house, customer):
    request = asked(house, customer)
    with pytest.raises(Invalid):
        act(house.session, house.actor("supervisor"), request, "reject", {})
    act(house.session, house.actor("supervisor"), request, "reject", {"answer": "证件不清"})
    fresh(house)
    assert (request.status, request.answer, customer.phone) == ("rejected", "证件不清", PHONE)


@pytest.mark.parametrize("username", ["supervisor", "admin"])
def test_nobody_decides_on_their_own_request(house, customer, username):
    request = asked(house, customer, username)
    for step, values in (("approve", {}), ("reject", {"answer": "x"})):
        with pytest.raises(Rejected, match="of their own"):
            act(house.session, house.actor(username), request, step, values)
    act(house.session, house.actor(username), request, "withdraw")
    assert requests(house)[0].status == "withdrawn"


def test_who_lacks_the_right_decides_nothing(house, customer):
    request = asked(house, customer, "supervisor")
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("agent"), request, "approve")
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), request, "withdraw")


def test_a_request_on_what_has_changed_since_has_to_be_made_anew(house, desk, customer):
    request = asked(house, customer)
    update(house.session, SYSTEM, customer, {"phone": "13700001111"})
    with pytest.raises(Rejected, match="anew"):
        act(house.session, house.actor("supervisor"), request, "approve")
    assert "made anew" in desk("supervisor").get(f"/change-requests/show/{request.id}").text
    act(house.session, house.actor("supervisor"), request, "reject", {"answer": "x"})


def test_what_is_protected_is_for_an_admin_to_say(house, desk, customer):
    assert desk("supervisor").get("/change-rules/").status_code == 403
    page = desk("admin").get("/change-rules/").text
    assert "Protected data" in page
    rules(house, protected=("address",), of_deciders=False)
    update(house.session, house.actor("agent"), customer, {"phone": NEW, "address": "人民路 1 号"})
    assert (customer.phone, customer.address) == (NEW, "")
    assert requests(house)[0].fields == "address"
    update(house.session, house.actor("supervisor"), customer, {"address": "人民路 2 号"})
    assert customer.address == "人民路 2 号"
    assert settings_of(house.session, "customer_changes")["needs_document"] is True


def test_values_lie_encrypted_and_are_shown_masked(house, desk, customer):
    request = asked(house, customer)
    raw = house.session.connection().exec_driver_sql(
        "SELECT before, after FROM customers_requested_change").one()
    assert PHONE not in raw[0] and NEW not in raw[1]
    supervisor = desk("supervisor")
    page = supervisor.get(f"/change-requests/show/{request.id}").text
    assert MASK in page and NEW_MASK in page and NEW not in page
    [line] = house.session.scalars(select(RequestedChange))
    address = f"/change-requests/values/{request.id}/{line.id}"
    assert desk("agent").get(address).status_code == 403
    assert supervisor.send(address, {"reason": ""}).status_code == 422
    shown = supervisor.send(address, {"reason": "核对证件"}).text
    assert PHONE in shown and NEW in shown
    fresh(house)
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")).one()
    assert entry.reason == "核对证件"


def test_pages_lead_from_the_customer_to_the_decision(house, desk, customer):
    request = asked(house, customer)
    agent, supervisor = desk("agent"), desk("supervisor")
    assert request.number in agent.get(f"/customers/show/{customer.id}").text
    assert request.number in supervisor.get("/").text
    assert request.number in supervisor.get(
        "/change-requests/list/?status__in=open&all=1").text
    answer = supervisor.send(f"/change-requests/act/{request.id}/approve", {
        "version": request.version, "confirmed": "1"})
    assert answer.status_code in (200, 302), answer.text
    fresh(house)
    assert customer.phone == NEW
    assert 'class="alert alert-warning"' not in agent.get(f"/customers/show/{customer.id}").text


def test_deciders_hear_of_it_and_the_maker_of_the_decision(house, customer):
    request = asked(house, customer)
    handlers = house.app.extensions[EXTENSION].handlers
    deliver_due(house.session, utcnow(), handlers)
    act(house.session, house.actor("supervisor"), request, "approve")
    deliver_due(house.session, utcnow(), handlers)
    told = {(one.user_id, one.kind) for one in house.session.scalars(
        select(Notice).where(Notice.record_type == "customers.change_request"))}
    assert (house.actor("supervisor").user_id, "waiting") in told
    assert (house.actor("agent").user_id, "moved") in told
    assert (house.actor("agent").user_id, "waiting") not in told


@pytest.mark.parametrize("mode", ["good", "all"])
def test_the_changes_of_an_import_are_decided_together(house, desk, work, customer, mode):
    other = create(house.session, SYSTEM, Customer, {"name": "李雷", "phone": "13700001111"})
    table = ("名称,电话,客户等级,身份证号\n王小明,138 7654 4321,A,110101199003074258\n"
             "李雷,13700001111,B,110101199003074266\n韩梅梅,13700002222,C,\n")
    supervisor = desk("supervisor")
    run = checked(supervisor, work, table, importer="records.core.Customer", on_existing="update")
    supervisor.send(f"{run}/start", {"mode": mode})
    job = work()
    assert (job.result["created"], job.result["waiting"], job.result["rejected"]) == (1, 2, 0)
    first, second = requests(house)
    assert first.change_set == second.change_set and first.deleted_at is None
    assert (customer.grade, other.grade, customer.id_number) == ("A", "B", "")
    page = supervisor.get(run.replace(run.split("/")[-1], str(job.id))).text
    assert f"change_set__is={first.change_set}" in page
    both = {one.id: one.version for one in (first, second)}
    maker, decider = house.actor("supervisor"), house.actor("admin")
    done = bulk.run(house.session, maker, ChangeRequest, both, bulk.BulkStep("document", DOCUMENT))
    assert done.done == 2
    assert bulk.run(house.session, maker, ChangeRequest, dict.fromkeys(both),
                    bulk.BulkStep("approve")).done == 0
    assert bulk.run(house.session, decider, ChangeRequest, dict.fromkeys(both),
                    bulk.BulkStep("approve")).done == 2
    fresh(house)
    assert (customer.id_number, other.id_number) == ("110101199003074258", "110101199003074266")


def test_an_attached_file_is_a_document(house, customer):
    agent = house.actor("agent")
    update(house.session, agent, customer, {"phone": NEW})
    [request] = requests(house)
    with write(house.session):
        house.session.add(File(
            record_type=request.__record_type__, record_id=request.id, author_name="x",
            name="id.pdf", media_type="application/pdf", size=1, sha256="0", key="k"))
    act(house.session, agent, request, "document", {"reason": "换号"})
    assert requests(house)[0].status == "open"
