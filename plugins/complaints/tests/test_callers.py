"""Who calls, and whether they called before: numbers in every spelling, times, hints, once only."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select

from app.sdk.errors import Invalid
from app.sdk.models import Customer, Vehicle
from app.sdk.services import create, find_by_phone, search_filter, update, utcnow
from plugins.complaints.models import Complaint
from plugins.complaints.services import likely_duplicates
from plugins.complaints.tests.helpers import assessed, department, registered, step

SPELLINGS = ("13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "013812345678",
             "１３８１２３４５６７８")


def sent(client, **values):
    page = client.get("/complaints/add").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post("/complaints/add", data={"csrf_token": token, **values})


def number_of_complaints(house) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(Complaint))


@pytest.mark.both_databases
@pytest.mark.parametrize("written", SPELLINGS)
def test_a_caller_is_known_however_the_number_is_written(house, written):
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {"name": "王小明", "phone": written})
    earlier = registered(house, contact=written)
    assert customer.phone == earlier.contact == "13812345678"
    for spelling in SPELLINGS:
        assert find_by_phone(house.session, agent, spelling) == customer, spelling
        assert likely_duplicates(house.session, agent, contact=spelling) == [earlier], spelling
        found = house.session.scalars(
            select(Complaint).where(search_filter(house.session, Complaint, spelling))).all()
        assert found == [earlier], spelling


def test_what_was_received_cannot_lie_in_the_future(house):
    client = house.client("agent")
    ahead = (utcnow() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = sent(client, reason="x", contact="1", received_at=ahead)
    assert answer.status_code == 422
    assert "受理时间不能晚于当前时间" in answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]
    answer = client.post("/api/v1/complaints/", headers={"X-CSRFToken": token}, json={
        "reason": "x", "contact": "1", "received_at": ahead + "+00:00"})
    assert answer.status_code == 422
    assert number_of_complaints(house) == 0


@pytest.mark.both_databases
def test_the_same_form_sent_twice_makes_one_complaint(house):
    client = house.client("agent")
    values = {"once": "ab" * 16, "reason": "重复扣款", "contact": "13800000000"}
    first, second = sent(client, **values), sent(client, **values)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert number_of_complaints(house) == 1
    # Whoever goes back and writes something else means another complaint.
    assert sent(client, **{**values, "reason": "另一件事"}).location != first.location
    # A token is one person's own, and a page without a script has none.
    assert sent(house.client("wanghao"), **values).location != first.location
    assert sent(client, **{**values, "once": ""}).location != first.location
    assert number_of_complaints(house) == 4


def test_a_refused_form_can_be_put_right_and_sent_again(house):
    client = house.client("agent")
    assert sent(client, once="cd" * 16).status_code == 422
    assert sent(client, once="cd" * 16).status_code == 422
    assert sent(client, once="cd" * 16, reason="x").status_code == 302


@pytest.mark.both_databases
def test_past_complaints_of_the_caller_are_shown(house):
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {"name": "王小明", "phone": "13812345678"})
    over = registered(house, customer_id=customer.id, reason="早先的事")
    step(house, over, "agent", "withdraw", withdrawal_reason="客户撤回")
    running = registered(house, customer_id=customer.id)
    foreign = registered(house, "liuyang", customer_id=customer.id)
    client = house.client("agent")
    for address in (f"/complaints/earlier?customer={customer.id}&contact=",
                    "/complaints/earlier?contact=13812345678",
                    f"/complaints/add?customer={customer.id}"):
        page = client.get(address).text
        assert over.number in page and running.number in page, address
        assert foreign.number not in page, address
        assert page.index("未结") < page.index(running.number) < page.index("历史投诉"), address
    # A number that is not that of a customer one may see tells nothing.
    assert "王小明" not in client.get(f"/complaints/earlier?customer={customer.id + 9}").text


@pytest.mark.both_databases
def test_the_customer_s_page_has_their_complaints(house):
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {"name": "王小明", "phone": "13812345678"})
    vehicle = create(house.session, agent, Vehicle, {"customer_id": customer.id, "plate": "沪A1"})
    own = registered(house, customer_id=customer.id, vehicle_id=vehicle.id)
    foreign = registered(house, "liuyang", customer_id=customer.id, vehicle_id=vehicle.id)
    client = house.client("agent")
    for page, key, relation in (("customers", customer.id, "customer"),
                                ("vehicles", vehicle.id, "vehicle")):
        tab = f"/{page}/related/{key}/ComplaintView"
        assert tab in client.get(f"/{page}/show/{key}").text
        rows = client.get(tab).text
        assert own.number in rows and foreign.number not in rows
        assert f"/complaints/add?{relation}={key}" in rows
        # Who has no right to complaints has no tab, and nothing behind its address.
        assert tab not in house.client("hr").get(f"/{page}/show/{key}").text
        assert house.client("hr").get(tab).status_code == 403
    form = client.get(f"/complaints/add?vehicle={vehicle.id}").text
    assert f'<option value="{customer.id}" selected>' in form


def test_only_what_the_customer_owns_is_offered(house):
    agent = house.actor("agent")
    one, other = (create(house.session, agent, Customer, {"name": name, "phone": name})
                  for name in ("13811111111", "13822222222"))
    for owner, plate in ((one, "沪A1"), (other, "沪A2")):
        create(house.session, agent, Vehicle, {"customer_id": owner.id, "plate": plate})

    def offered(**arguments) -> str:
        answer = house.client("agent").get("/complaints/options/vehicle", query_string=arguments)
        return " ".join(option["label"] for option in answer.json["options"])

    assert "沪A1" in offered(within=one.id) and "沪A2" not in offered(within=one.id)
    assert "沪A1" in offered() and "沪A2" in offered(within="x")


def test_people_of_the_department_stand_first(house):
    client = house.client("supervisor")
    collections = department(house, "COLLECT")
    labels = [option["label"] for option in client.get(
        f"/api/v1/pick/person?within={collections}").json["options"]]
    inside = ["贷后管理部" in label for label in labels]
    assert any(inside) and not all(inside)
    assert inside == sorted(inside, reverse=True)
    form = client.get(f"/complaints/act/{assessed(house).id}/assign").text
    assert 'data-narrowed-by="responsible_department_id"' in form


def test_the_form_shows_who_calls_and_what_is_open(house):
    agent = house.actor("agent")
    create(house.session, agent, Customer, {"name": "王小明", "phone": "13812345678"})
    earlier = registered(house)
    foreign = registered(house, "agent", owner_id=None, team_id=None, department_id=None,
                         contact="13900000000")
    client = house.client("agent")
    part = client.get("/complaints/earlier?contact=138 1234 5678").text
    assert "王小明" in part and earlier.number in part
    assert "<html" not in part
    assert foreign.number not in client.get("/complaints/earlier?contact=13900000000").text
    assert client.get("/complaints/earlier?contact=&customer=x").status_code == 200
    assert house.client("hr").get("/complaints/earlier?contact=13812345678").status_code == 403


@pytest.mark.parametrize("written", [
    "+86 (138)-0013-8002，尾号8002", "13800138002 王女士", "13800138002/13900139000",
])
def test_a_number_with_words_behind_it_is_refused_on_every_way_in(house, written):
    answer = sent(house.client("agent"), reason="x", demand="y", contact=written)
    assert answer.status_code == 422
    assert "请只填写一个号码" in answer.text
    complaint, agent = registered(house, contact="13800138002"), house.actor("agent")
    for model, record in ((Customer, None), (Complaint, complaint)):
        field = "phone" if model is Customer else "contact"
        with pytest.raises(Invalid) as refused:
            if record is None:
                create(house.session, agent, model, {"name": "王小明", field: written})
            else:
                update(house.session, agent, record, {field: written}, record.version)
        assert set(refused.value.errors) == {field}


def test_the_address_of_a_mailbox_and_an_extension_are_taken(house):
    for written in ("12345678@qq.com", "021-55556666转801", "13800138002_abc", "wx 13800138002"):
        assert registered(house, contact=written).contact == written
