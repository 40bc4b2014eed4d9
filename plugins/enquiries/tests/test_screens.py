"""Desk, daily table, statistics, monthly lists: by role, as page and as file."""

from __future__ import annotations

import datetime as dt
import io
import re

import python_calamine
from sqlalchemy import func, select

from app.sdk.errors import Rejected
from app.sdk.metrics import figures, named_period
from app.sdk.models import Customer, CustomerEvent
from app.sdk.people import local_today
from app.sdk.services import SYSTEM, create, utcnow
from plugins.enquiries import metrics
from plugins.enquiries.enquiries import passing
from plugins.enquiries.models import Call, Enquiry, EnquiryCategory, Repair
from plugins.enquiries.monthly import lists
from plugins.enquiries.tests.helpers import customer, desk, taken


def sent(client, **values: str):
    page = client.get("/enquiries/add").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post("/enquiries/add", data={
        "csrf_token": token, "customer": "", "kind": "enquiry", "question": "怎么还款？", **values})


def newest(house) -> Enquiry:
    house.session.rollback()
    return house.session.scalars(select(Enquiry).order_by(Enquiry.id.desc()).limit(1)).one()


def test_the_desk_makes_an_unknown_caller_a_customer(house):
    client = house.client("agent")
    assert "new_customer" in client.get("/enquiries/earlier?phone=13900000009").text
    assert sent(client, phone="139 0000 0009", customer_name="李新", new_customer="1",
                answer="扣款", satisfaction="fair").status_code == 302
    enquiry = newest(house)
    assert enquiry.customer.name == "李新" and enquiry.state == "closed"
    again = client.get("/enquiries/earlier?phone=13900000009").text
    assert enquiry.number in again and "李新" in again


def test_the_desk_makes_what_the_kind_says(house):
    client = house.client("agent")
    answer = sent(client, kind="repair", phone="13900000001", plate="沪A1", happened_where="店外")
    assert answer.status_code == 302
    house.session.rollback()
    repair = house.session.scalars(select(Repair)).one()
    assert newest(house).became == repair.number
    assert sent(client, kind="transfer").status_code == 422


def test_a_message_for_nobody_is_refused_and_writes_nothing(house):
    client, before = house.client("agent"), house.session.scalar(
        select(func.count()).select_from(Enquiry))
    answer = sent(client, kind="message", phone="13900000009", customer_name="李新",
                  new_customer="1")
    assert answer.status_code == 422
    assert "李新 已建立为客户" not in answer.text + client.get("/enquiries/list/").text
    house.session.rollback()
    assert house.session.scalar(select(func.count()).select_from(Enquiry)) == before
    assert house.session.scalar(select(func.count()).select_from(Customer).where(
        Customer.name == "李新")) == 0


def test_what_a_call_cannot_become_is_not_written_down_either(house, monkeypatch):
    def refused(*_):
        raise Rejected("There is no workshop today.")

    monkeypatch.setitem(passing._MAKERS, passing.MAKE_REPAIR, refused)
    before = house.session.scalar(select(func.count()).select_from(Enquiry))
    answer = sent(house.client("agent"), kind="repair", phone="13900000001", plate="沪A1")
    assert answer.status_code == 422 and "There is no workshop today." in answer.text
    house.session.rollback()
    assert house.session.scalar(select(func.count()).select_from(Enquiry)) == before


def test_a_link_with_a_number_finds_the_caller(house):
    found = customer(house)
    page = house.client("agent").get("/enquiries/add?phone=13812345678").text
    assert f'<option value="{found.id}" selected' in page
    assert "<details" in page


def test_the_daily_table_is_list_paper_and_sheet(house):
    taken(house, question="今天的问题", customer_name="李雷", wechat="lilei2026", remarks="急")
    yesterday = utcnow() - dt.timedelta(days=1)
    taken(house, question="昨天的问题", received_at=yesterday)
    client = house.client("supervisor")
    shown = client.get("/enquiries/list/").text
    assert "今天的问题" in shown and "昨天的问题" not in shown
    assert client.get("/enquiries/daily.pdf").data.startswith(b"%PDF-")
    body = client.get("/enquiries/daily.xlsx").data
    [header, row] = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert len(header) == len(row) == 9
    assert "今天的问题" in row and "急" in row and "李雷" in row
    assert "13900000001" not in str(row) and "lilei2026" not in str(row)
    assert client.get("/enquiries/daily.pdf?day=x").status_code == 400
    assert house.client("agent").get("/enquiries/daily.xlsx").status_code == 403


def test_figures_lead_to_their_records(house):
    taken(house, answer="扣款", satisfaction="satisfied")
    taken(house)
    colleague = house.actor("linna").user_id
    for result in ("taken", "taken", "not_taken"):
        taken(house, kind="transfer", transferred_to_id=colleague, transfer_result=result)
    for rings, answered in ((2, True), (3, True), (4, True), (1, False)):
        create(house.session, house.actor("supervisor"), Call, {
            "called_at": utcnow(), "rings": rings, "answered": answered})
    supervisor = house.actor("supervisor")
    found = figures(house.session, supervisor, metrics.SHOWN, named_period("this_year"))
    shares = {name: (figure.numerator, figure.denominator) for name, figure in found.items()}
    assert shares["enquiries.received"] == (5, None)
    assert shares["enquiries.at_once_rate"] == (1, 5)
    assert shares["enquiries.satisfied_rate"] == (1, 1)
    assert shares["enquiries.transfers_taken_rate"] == (2, 3)
    assert shares["enquiries.three_rings_rate"] == (2, 4)
    client = house.client("supervisor")
    page = client.get("/enquiries/statistics/?period=this_year").text
    links = [link.replace("&amp;", "&") for link in
             re.findall(r'class="text-decoration-underline" href="([^"]+)"', page)]
    assert len(links) >= 5
    for link in links:
        assert client.get(link).status_code == 200, link
    for axis in ("kind", "category", "channel", "person", "month"):
        answer = client.get(f"/enquiries/statistics/figures/{axis}?period=this_year")
        assert sum(answer.json["series"][0]["values"]) == 5
    csv = client.get("/enquiries/statistics/figures/kind?period=this_year&format=csv")
    assert csv.data.count(b"\r\n") == 3
    assert house.client("agent").get("/enquiries/statistics/").status_code == 403


def test_monthly_lists_have_whoever_came_for_the_first_time(house):
    first, other = customer(house), customer(house, name="李雷", phone="13812345679")
    create(house.session, SYSTEM, CustomerEvent, {
        "customer_id": other.id, "kind": "workshop_visit",
        "happened_at": utcnow() - dt.timedelta(days=60)})
    for one in (first, other):
        for kind in ("workshop_visit", "delivered"):
            create(house.session, SYSTEM, CustomerEvent, {
                "customer_id": one.id, "kind": kind, "happened_at": utcnow()})
    desk(house, kind="grumble", question="太吵")
    supervisor, month = house.actor("supervisor"), lists.month_of("", local_today())
    found = lists.new_workshop_customers(house.session, supervisor, month)
    assert [one.key for one in found] == [first.id]
    assert {one.key for one in lists.sales_base(house.session, supervisor, month)} == {
        first.id, other.id}
    client = house.client("supervisor")
    page = client.get("/enquiries/monthly/").text
    assert first.name in page and "13812345678" not in page
    assert client.get("/enquiries/monthly/workshop.xlsx").data.startswith(b"PK")
    assert client.get("/enquiries/monthly/other.xlsx").status_code == 404
    assert client.get("/enquiries/monthly/?month=2026-99").status_code == 200


def test_what_customers_were_displeased_with_is_counted_by_category(house, monkeypatch):
    category = house.session.scalar(
        select(EnquiryCategory.id).where(EnquiryCategory.code == "service"))
    for _ in range(2):
        desk(house, kind="grumble", question="太吵", category_id=category)
    desk(house, kind="complaint", customer_id=customer(house).id, question="催收太频繁")
    supervisor, month = house.actor("supervisor"), lists.month_of("", local_today())
    with house.app.test_request_context():
        grumbles, complaints = lists.grievances(house.session, supervisor, month)
    assert [(line.name, line.number) for line in grumbles.lines] == [("服务与态度", 2)]
    assert [(line.name, line.number) for line in complaints.lines] == [("", 1)]
    client = house.client("supervisor")
    for line in (*grumbles.lines, *complaints.lines):
        records = re.findall(r"/(?:enquiries|complaints)/show/(\d+)", client.get(line.url).text)
        assert len(set(records)) == line.number, line.url
    page = client.get("/enquiries/monthly/", headers={"Accept-Language": "en"}).text
    assert "Complaints by category" in page
    # Without that plugin, or without the right to its figures.
    monkeypatch.setattr(lists, "metrics_by_name", lambda names, *, reader: {})
    page = client.get("/enquiries/monthly/", headers={"Accept-Language": "en"}).text
    assert "Grumbles by category" in page and "Complaints by category" not in page


def test_every_role_sees_what_it_may(house):
    taken(house)
    for name in ("agent", "supervisor", "leader", "admin"):
        client = house.client(name)
        for path in ("", "repairs/", "suggestions/", "requests/", "messages/", "summaries/"):
            assert client.get(f"/enquiries/{path}list/").status_code == 200, (name, path)
    assert house.client("hr").get("/enquiries/list/").status_code == 403
    assert house.session.scalar(select(func.count()).select_from(Customer)) == 0
