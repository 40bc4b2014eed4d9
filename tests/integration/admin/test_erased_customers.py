"""Erased customers with whom nothing new begins, customers in the bin, holds, retention."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.audit import verify_chain
from app.access.models import AuditEntry
from app.collaboration.abilities import call
from app.customers.contact_models import Consent
from app.customers.event_models import CustomerEvent
from app.customers.merging.operations import merge
from app.customers.models import Customer, Loan, Vehicle
from app.customers.privacy.models import ErasureRequest, LegalHold
from app.customers.privacy.retention import retention_of
from app.errors import Invalid, NotPermitted, Rejected
from app.records.files import FileStore
from app.records.purging import StillNeeded, purge
from app.records.services import create_many, delete
from app.sdk.demo import acting_at
from app.sdk.records import act
from app.sdk.services import create, update, utcnow
from plugins.callbacks.models import Task
from plugins.complaints.models import Complaint
from tests.integration.admin.test_erasure import HOLD, due, erase, keep

TODAY = dt.date(2026, 1, 5)
NEW = (
    (Task, {"subject": "回访", "contact": "13800000000"}),
    (Complaint, {}),
    (Vehicle, {"plate": "京A00001"}),
    (Loan, {"contract": "HT-9"}),
    (Consent, {"from_on": TODAY}),
    (CustomerEvent, {}),
)


@pytest.fixture
def erased(house) -> Customer:
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    create(house.session, SYSTEM, Vehicle, {"customer_id": customer.id, "plate": "京A12345"})
    erase(house, customer)
    return customer


@pytest.mark.parametrize(("model", "values"), NEW, ids=lambda one: getattr(one, "__name__", ""))
def test_no_record_of_any_kind_names_them_anew(house, erased, model, values):
    with pytest.raises(Invalid) as caught:
        create(house.session, house.actor("admin"), model, {**values, "customer_id": erased.id})
    assert "erased" in str(caught.value.errors["customer_id"])


def test_many_records_made_together_are_refused_one_by_one(house, erased):
    other = create(house.session, SYSTEM, Customer, {"name": "李四"})
    refused, made = create_many(house.session, SYSTEM, Loan, [
        {"customer_id": erased.id, "contract": "HT-1"},
        {"customer_id": other.id, "contract": "HT-2"}])
    assert "customer_id" in refused.errors
    assert made.contract == "HT-2"


def test_a_record_of_another_customer_is_not_moved_to_them(house, erased):
    other = create(house.session, SYSTEM, Customer, {"name": "李四"})
    car = create(house.session, SYSTEM, Vehicle, {"customer_id": other.id, "plate": "京A2"})
    with pytest.raises(Invalid):
        update(house.session, SYSTEM, car, {"customer_id": erased.id})
    assert car.customer_id == other.id


@pytest.mark.parametrize("of_car", [False, True])
def test_no_ability_begins_with_them_or_with_their_car(house, erased, of_car):
    origin = house.session.scalars(select(Vehicle)).one() if of_car else erased
    with pytest.raises(Rejected):
        call(house.session, house.actor("admin"), "callbacks.plan",
             {"customer_id": erased.id}, origin=origin)


def test_their_page_offers_nothing_new_and_rest_refuses_it(house, erased):
    other = create(house.session, SYSTEM, Customer, {"name": "李四"})
    browser = house.client("admin")
    offered, gone = (
        browser.get(f"/customers/show/{one.id}").text for one in (other, erased))
    assert "/abilities/callbacks.plan" in offered
    assert "/abilities/" not in gone
    tab = f"/customers/related/{erased.id}/VehicleView"
    assert f"/vehicles/add?customer={other.id}" in browser.get(tab.replace(
        f"/{erased.id}/", f"/{other.id}/")).text
    assert "/vehicles/add" not in browser.get(tab).text


# --- recycle bin ---------------------------------------------------------------------------------
def in_bin(house, **values) -> Customer:
    customer = create(house.session, SYSTEM, Customer, {
        "name": "王小明", "phone": "13876544321", **values})
    update(house.session, SYSTEM, customer, {"address": "人民路 100 号"}, reason="王小明来电")
    delete(house.session, house.actor("admin"), customer)
    return customer


def send(browser, address: str, values: dict[str, str]) -> None:
    page = browser.get(address).text
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    assert browser.post(address, data={**values, "csrf_token": token}).status_code == 302


def told(house) -> str:
    house.session.expire_all()
    return " ".join(f"{one.number} {one.changes} {one.reason}"
                    for one in house.session.scalars(select(AuditEntry)))


def test_purging_a_customer_leaves_no_value_in_the_trail_and_the_chain_holds(house):
    customer = in_bin(house)
    number = customer.number
    assert "人民路" in told(house)
    purge(house.session, house.actor("admin"), FileStore(house.app.config["CARELINE_SETTINGS"]),
          customer)
    left = told(house)
    assert "王小明" not in left
    assert "人民路" not in left
    assert f"{number} {{'files': 0}}" in left
    assert list(verify_chain(house.session)) == []


def test_one_that_cases_refer_to_is_not_purged_and_loses_nothing(house):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    vehicle = create(house.session, SYSTEM, Vehicle, {"customer_id": customer.id, "plate": "京A1"})
    delete(house.session, house.actor("admin"), customer)
    with pytest.raises(StillNeeded):
        purge(house.session, SYSTEM, FileStore(house.app.config["CARELINE_SETTINGS"]), customer)
    house.session.expire_all()
    assert (customer.name, vehicle.plate) == ("王小明", "京A1")


def test_a_customer_in_the_bin_is_erased_on_request_from_there(house):
    customer = in_bin(house)
    supervisor, admin = house.client("supervisor"), house.client("admin")
    address = f"/customers/act/{customer.id}/erase"
    assert address in admin.get("/customers/bin/").text
    # A supervisor may ask, but does not see the recycle bin.
    assert supervisor.get(address).status_code == 404
    send(admin, address, {"reason": "本人要求", "next": "/customers/bin/"})
    request = house.session.scalars(select(ErasureRequest)).one()
    assert admin.get(f"/erasure-requests/show/{request.id}").status_code == 200
    request.maker_id = house.actor("supervisor").user_id
    house.session.commit()
    act(house.session, house.actor("admin"), request, "approve")
    house.session.expire_all()
    assert (customer.name, customer.is_away) == (customer.number, True)
    assert address not in admin.get("/customers/bin/").text


def test_one_that_was_merged_is_erased_with_the_one_it_went_into(house):
    first = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    second = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    merge(house.session, house.actor("admin"), first, second, [], "同一人")
    house.session.expire_all()
    assert house.client("admin").get(f"/customers/act/{second.id}/erase").status_code == 404
    with pytest.raises(Rejected):
        act(house.session, house.actor("admin"), second, "erase", {"reason": "本人要求"})


# --- holds and retention -------------------------------------------------------------------------
def test_holds_are_listed_with_who_and_why_and_lifted_from_there(house):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    act(house.session, house.actor("admin"), customer, "place_hold", HOLD)
    browser = house.client("admin")
    running = "/legal-holds/list/?lifted_at__empty=1"
    page = browser.get(running).text
    assert all(one in page for one in (customer.number, *HOLD.values()))
    hold = house.session.scalars(select(LegalHold)).one()
    send(browser, f"/legal-holds/act/{hold.id}/lift_hold", {"lift_reason": "结案"})
    house.session.rollback()
    assert (customer.on_hold, hold.lift_reason) == (False, "结案")
    assert customer.number not in browser.get(running).text
    assert "结案" in browser.get(f"/legal-holds/show/{hold.id}").text
    with pytest.raises(Rejected):
        act(house.session, house.actor("admin"), hold, "lift_hold", {"lift_reason": "again"})


def test_a_hold_is_lifted_by_those_alone_who_may_and_changed_by_nobody(house):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明"})
    act(house.session, house.actor("admin"), customer, "place_hold", HOLD)
    hold = house.session.scalars(select(LegalHold)).one()
    assert house.client("supervisor").get("/legal-holds/list/").status_code in (302, 403)
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("supervisor"), hold, "lift_hold", {"lift_reason": "x"})
    with pytest.raises(Rejected):
        update(house.session, SYSTEM, hold, {"reason": "anders"})


def test_of_each_customer_it_can_be_asked_why_they_are_not_due(house):
    session = house.session
    with acting_at(utcnow() - dt.timedelta(days=5 * 366)):
        old, held, lent = (create(session, SYSTEM, Customer, {"name": name}) for name in "甲乙丙")
        create(session, SYSTEM, Loan, {"customer_id": lent.id, "contract": "HT-1"})
    young = create(session, SYSTEM, Customer, {"name": "丁"})
    act(session, house.actor("admin"), held, "place_hold", HOLD)
    assert not retention_of(session, old).is_due
    keep(session, 4)
    found = {one.name: retention_of(session, one) for one in (old, held, lent, young)}
    assert {name for name, one in found.items() if one.is_due} == {"甲"}
    assert HOLD["reference"] in str(found["乙"].against)
    assert "DK" in str(found["丙"].against)
    assert found["丁"].against is None
    # The list of who is due says the same.
    assert due(house) == [old]
    browser = house.client("supervisor")
    assert HOLD["reference"] in browser.get(f"/customers/retention/{held.id}").text
    assert house.client("agent").get(f"/customers/retention/{held.id}").status_code == 403
