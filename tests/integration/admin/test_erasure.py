"""Erasing a customer: who asks, who decides, what stands against it, holds and retention."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.admin.erasure import due_for_erasure
from app.customers.contacts import may_contact
from app.customers.merging.finding import duplicates
from app.customers.merging.models import CustomerMerge
from app.customers.merging.operations import merge, undo
from app.customers.models import Customer, Investment, Loan, Vehicle
from app.customers.privacy.models import ErasureRequest, LegalHold
from app.customers.privacy.retention import propose_erasures
from app.errors import Invalid, NotPermitted, Rejected
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION
from app.notices.models import Notice
from app.records.models import FormerValue
from app.records.purging import purge
from app.records.search.index import search_filter
from app.records.services import delete
from app.records.undo import undo as undo_changes
from app.sdk.demo import acting_at
from app.sdk.records import act
from app.sdk.services import create, update, utcnow
from app.settings.services import save_settings, saved_settings, settings_form
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from plugins.enquiries.calls.models import Call

PHONE = "13876544321"
HOLD = {"reason": "诉讼中", "reference": "（2026）沪01民初1号"}


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, house.actor("agent"), Customer, {
        "name": "王小明", "phone": PHONE, "address": "人民路 100 号"})


def ask(house, customer, username: str = "supervisor", reason: str = "本人要求") -> ErasureRequest:
    act(house.session, house.actor(username), customer, "erase", {"reason": reason})
    return house.session.scalars(
        select(ErasureRequest).where(ErasureRequest.status == "open")).one()


def erase(house, customer) -> ErasureRequest:
    request = ask(house, customer)
    act(house.session, house.actor("admin"), request, "approve")
    house.session.expire_all()
    return request


def closed_complaint(house, customer, **values) -> Complaint:
    complaint = registered(house, customer_id=customer.id, **values)
    act(house.session, house.actor("agent"), complaint, "withdraw", {"withdrawal_reason": "已解决"})
    return complaint


def refused(call, *args, **values) -> str:
    with pytest.raises((Rejected, Invalid)) as caught:
        call(*args, **values)
    return str(caught.value)


def test_the_person_is_gone_and_the_number_stays(house, customer):
    vehicle = create(house.session, SYSTEM, Vehicle, {
        "customer_id": customer.id, "plate": "京A12345", "brand": "大众"})
    update(house.session, SYSTEM, customer, {"phone": "13900000001"})
    erase(house, customer)
    assert (customer.name, str(customer)) == (customer.number, customer.number)
    assert (customer.phone, customer.address, customer.plates, customer.extra) == ("", "", "", {})
    assert (vehicle.plate, vehicle.brand) == ("", "大众")
    assert customer.erased_at is not None
    assert house.session.scalars(select(FormerValue)).all() == []


def test_nobody_decides_on_a_request_of_their_own(house, customer):
    request = ask(house, customer, "admin")
    assert "own" in refused(act, house.session, house.actor("admin"), request, "approve")
    assert customer.erased_at is None


def test_asking_and_deciding_are_rights_of_their_own(house, customer):
    with pytest.raises(NotPermitted):
        ask(house, customer, "agent")
    request = ask(house, customer, "admin")
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("supervisor"), request, "approve")


def test_the_product_itself_asks_for_no_erasure(house, customer):
    with pytest.raises(NotPermitted):
        act(house.session, SYSTEM, customer, "erase", {"reason": "x"})


def test_a_reason_is_needed(house, customer):
    with pytest.raises(Invalid):
        act(house.session, house.actor("admin"), customer, "erase", {"reason": " "})


def test_what_waits_is_not_asked_for_twice(house, customer):
    request = ask(house, customer)
    assert request.number in refused(ask, house, customer)
    act(house.session, house.actor("supervisor"), request, "withdraw")
    assert ask(house, customer).number != request.number


def test_open_work_and_money_stand_against_it_by_number(house, customer):
    complaint = registered(house, customer_id=customer.id)
    assert complaint.number in refused(ask, house, customer)
    act(house.session, house.actor("agent"), complaint, "withdraw", {"withdrawal_reason": "x"})
    loan = create(house.session, SYSTEM, Loan, {"customer_id": customer.id, "contract": "HT-1"})
    assert loan.number in refused(ask, house, customer)
    update(house.session, SYSTEM, loan, {"status": "settled"})
    investment = create(house.session, SYSTEM, Investment, {
        "customer_id": customer.id, "contract": "TZ-1", "amount": 1,
        "started_on": dt.date(2026, 1, 5)})
    assert investment.number in refused(ask, house, customer)
    update(house.session, SYSTEM, investment, {"status": "redeemed"})
    assert ask(house, customer)


def test_what_comes_up_after_the_request_is_asked_again_at_the_decision(house, customer):
    request = ask(house, customer)
    complaint = registered(house, customer_id=customer.id)
    assert complaint.number in refused(
        act, house.session, house.actor("admin"), request, "approve")
    act(house.session, house.actor("admin"), request, "reject", {"answer": "投诉未结"})
    assert request.status == "rejected"


def test_texts_of_the_cases_name_nobody_any_more(house, customer):
    complaint = closed_complaint(
        house, customer, customer_name="王小明", contact="13712340000",
        reason="王小明（138-7654-4321）和 +86 137 1234 0000 来电，住人民路 100 号。王小二在场。")
    erase(house, customer)
    number = customer.number
    assert complaint.reason == f"{number}（{number}）和 {number} 来电，住{number}。王小二在场。"
    assert (complaint.customer_name, complaint.contact) == (number, "")


def test_the_person_is_found_by_nothing(house, customer):
    complaint = closed_complaint(house, customer, customer_name="王小明", contact=PHONE)
    session = house.session

    def hits(text):
        return [model for model in (Customer, Complaint) if session.scalars(
            select(model.id).where(search_filter(session, model, text))).all()]

    assert hits("王小明") == hits(PHONE) == [Customer, Complaint]
    erase(house, customer)
    assert [hits(text) for text in ("王小明", PHONE, "wxm", "4321", "人民路")] == [[]] * 5
    assert hits(customer.number)[0] is Customer
    assert complaint.customer_id == customer.id


def test_who_was_merged_goes_with_the_person_and_is_not_parted_again(house, customer):
    twin = create(house.session, SYSTEM, Customer, {"name": "王晓明", "phone": PHONE})
    merge(house.session, house.actor("supervisor"), customer, twin, [], "同一人")
    house.session.expire_all()
    erase(house, customer)
    assert (twin.name, twin.phone) == (customer.number, "")
    row = house.session.scalars(select(CustomerMerge)).one()
    assert row.before in ({}, None)
    with pytest.raises(Rejected):
        undo(house.session, house.actor("supervisor"), row)


def test_changes_from_before_are_not_taken_back(house, customer):
    admin = house.actor("admin")
    update(house.session, admin, customer, {"address": "解放路 2 号"})
    key = house.session.scalars(
        select(AuditEntry.change_set).where(AuditEntry.record_id == customer.id,
                                            AuditEntry.record_type == "customers.customer")
        .order_by(AuditEntry.id.desc())).first()
    request = ask(house, customer, "supervisor")
    act(house.session, admin, request, "approve")
    house.session.expire_all()
    done = undo_changes(house.session, admin, Customer, key)
    assert done.count == 0
    house.session.expire_all()
    assert customer.address == ""


def test_an_erased_customer_takes_no_values_and_is_neither_deleted_nor_merged(house, customer):
    erase(house, customer)
    session, admin = house.session, house.actor("admin")
    assert "erased" in refused(update, session, admin, customer, {"name": "王小明"})
    assert "erased" in refused(delete, session, admin, customer)
    other = create(session, SYSTEM, Customer, {"name": "李四"})
    assert "erased" in refused(merge, session, admin, customer, other, [], "x")
    assert "erased" in refused(merge, session, admin, other, customer, [], "x")


def test_erased_customers_are_no_duplicates_of_each_other(house, customer):
    second = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    erase(house, customer)
    erase(house, second)
    assert duplicates(house.session) == []


def test_an_erased_customer_is_contacted_no_more(house, customer):
    erase(house, customer)
    verdict = may_contact(house.session, SYSTEM, customer.id, "phone", "service")
    assert not verdict.allowed


def test_calls_of_the_number_keep_no_number(house, customer):
    call = create(house.session, house.actor("agent"), Call, {
        "called_at": utcnow(), "phone": PHONE, "external_id": "1"})
    other = create(house.session, house.actor("agent"), Call, {
        "called_at": utcnow(), "phone": "13811112222", "external_id": "2"})
    erase(house, customer)
    assert (call.phone, other.phone.reveal()) == ("", "13811112222")


def test_those_who_decide_are_told_and_so_is_the_maker(house, customer):
    request = ask(house, customer)
    told = _told(house)
    assert (house.actor("admin").user_id, request.id) in told
    act(house.session, house.actor("admin"), request, "approve")
    assert (house.actor("supervisor").user_id, request.id) in _told(house)


def _told(house) -> set:
    deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)
    return {(one.user_id, one.record_id) for one in house.session.scalars(select(Notice))
            if one.record_type == "customers.erasure_request"}


# --- legal hold --------------------------------------------------------------------------------
def hold(house, customer) -> LegalHold:
    act(house.session, house.actor("admin"), customer, "place_hold", HOLD)
    return house.session.scalars(select(LegalHold)).one()


def test_a_hold_keeps_the_customer_and_the_cases(house, customer):
    session, admin = house.session, house.actor("admin")
    complaint = closed_complaint(house, customer)
    delete(session, admin, complaint)
    request = ask(house, customer)
    held = hold(house, customer)
    reference = HOLD["reference"]
    assert reference in refused(act, session, admin, request, "approve")
    assert reference in refused(delete, session, admin, customer)
    assert reference in refused(purge, session, admin, None, complaint)
    assert (held.placed_by_id, held.reason) == (admin.user_id, "诉讼中")
    act(session, admin, customer, "lift_hold", {"lift_reason": "结案"})
    session.refresh(held)
    assert (held.lifted_by_id, held.lift_reason) == (admin.user_id, "结案")
    act(session, admin, request, "approve")
    assert customer.erased_at is not None


def test_a_hold_is_a_right_of_its_own_and_in_the_audit_trail(house, customer):
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("supervisor"), customer, "place_hold", HOLD)
    hold(house, customer)
    with pytest.raises(Rejected):
        act(house.session, house.actor("admin"), customer, "place_hold", HOLD)
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "hold_placed")).one()
    assert (entry.record_id, entry.reason) == (customer.id, "诉讼中")


# --- retention ---------------------------------------------------------------------------------
def keep(session, years: int) -> None:
    form = settings_form("customers")
    values, version = saved_settings(session, form)
    save_settings(session, SYSTEM, form, {**values, "retention_years": years}, version)


def due(house) -> list[Customer]:
    propose_erasures(house.session, utcnow(), utcnow())
    house.session.expire_all()
    return list(house.session.scalars(
        select(Customer).where(Customer.erasure_due_on < utcnow().date()).order_by(Customer.id)))


def test_customers_are_due_years_after_the_last_that_happened(house):
    session = house.session
    with acting_at(utcnow() - dt.timedelta(days=5 * 366)):
        old, busy, recent, held = (
            create(session, SYSTEM, Customer, {"name": name}) for name in "甲乙丙丁")
        with_case = create(session, SYSTEM, Customer, {"name": "戊"})
        closed_complaint(house, with_case)
        registered(house, customer_id=busy.id)
    closed_complaint(house, recent)
    hold_of = act(session, house.actor("admin"), held, "place_hold", HOLD)
    assert hold_of is not None
    assert due(house) == []
    keep(session, 4)
    assert due(house) == [old, with_case]
    keep(session, 0)
    assert due(house) == []


# --- pages -------------------------------------------------------------------------------------
def test_pages_say_what_goes_before_and_what_is_left_afterwards(house, customer):
    complaint = closed_complaint(house, customer, customer_name="王小明")
    request = ask(house, customer)
    browser = house.client("admin")
    before = browser.get(f"/erasure-requests/show/{request.id}").text
    assert f"代号 {customer.number}" in before or f"pseudonym {customer.number}" in before
    assert request.number in browser.get(f"/customers/show/{customer.id}").text
    hold(house, customer)
    assert HOLD["reference"] in browser.get(f"/customers/show/{customer.id}").text
    act(house.session, house.actor("admin"), customer, "lift_hold", {"lift_reason": "结案"})
    act(house.session, house.actor("admin"), request, "approve")
    for address in (f"/customers/show/{customer.id}", f"/erasure-requests/show/{request.id}",
                    "/customers/list/?all=1", "/complaints/list/?all=1", "/audit/",
                    f"/complaints/show/{complaint.id}"):
        page = browser.get(address)
        assert page.status_code == 200, address
        assert "王小明" not in page.text, address


def test_home_shows_who_is_due(house):
    with acting_at(utcnow() - dt.timedelta(days=5 * 366)):
        create(house.session, SYSTEM, Customer, {"name": "甲某人"})
    keep(house.session, 4)
    due(house)
    with house.app.test_request_context():
        card = due_for_erasure(house.session, house.actor("supervisor"))
    assert card is not None
    assert card["figures"][0]["value"] == 1
