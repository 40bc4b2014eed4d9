"""Pages, cards, API and rights of the plugin, by role and language."""

from __future__ import annotations

import datetime as dt

import pytest

from app.sdk.demo import DemoContext
from app.sdk.models import Customer
from app.sdk.services import SYSTEM, create
from plugins.work import demo
from plugins.work.models import CustomerGroup
from plugins.work.tests.helpers import (
    MONDAY,
    adopted,
    at,
    group,
    handed_in,
    member,
    proposal,
    report,
)

LISTS = ("/work/reports/list/", "/work/proposals/list/", "/work/group-care/list/")


def in_language(client, language):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def token(client, address="/"):
    return client.get(address).text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def test_pages_open_for_every_role_in_both_languages(house):
    records = [f"/work/reports/show/{handed_in(house).id}",
               f"/work/proposals/show/{adopted(house).id}",
               f"/work/group-care/show/{member(house).id}"]
    for username, language, heading in (
            ("agent", "zh", "本周数据"), ("supervisor", "en", "Figures"),
            ("admin", "zh", "本周数据")):
        client = in_language(house.client(username), language)
        for address in (*LISTS, *records, "/"):
            assert client.get(address).status_code == 200, (username, address)
        assert heading in client.get(records[0]).text


def test_the_form_writes_and_hands_in(house):
    client = house.client("agent")
    answer = client.post("/work/reports/add", data={
        "done": "回访 60 个", "plan": "核实", "problems": "",
        "csrf_token": token(client, "/work/reports/add")})
    assert answer.status_code == 302, answer.text[:800]
    key = answer.location.rstrip("/").rsplit("/", 1)[1]
    version = client.get(f"/api/v1/work_reports/{key}").json["result"]["version"]
    answer = client.post(f"/api/v1/work_reports/{key}/actions/hand_in",
                         headers={"X-CSRFToken": token(client)}, json={"version": version})
    assert answer.status_code == 200, answer.text
    assert client.get(f"/api/v1/work_reports/{key}").json["result"]["state"] == "handed_in"


def test_a_colleague_reads_neither_report_nor_list(house):
    one = report(house)
    for address in (f"/work/reports/show/{one.id}", f"/work/reports/edit/{one.id}",
                    f"/api/v1/work_reports/{one.id}", f"/work/reports/peek/{one.id}"):
        assert house.client("wanghao").get(address).status_code == 404, address
        assert house.client("agent").get(address).status_code == 200, address
    assert one.number not in house.client("wanghao").get("/work/reports/list/").text
    assert house.client("linna").get(f"/work/reports/show/{one.id}").status_code in (403, 404)


def test_who_leads_sees_who_has_not_handed_in(house):
    with at(0, 9):
        lacking = report(house, starts_on=MONDAY)
    ready = handed_in(house, "wanghao")
    client = in_language(house.client("supervisor"), "en")
    shown = client.get("/work/reports/list/?state__in=draft&hand_in_by__period=past").text
    assert lacking.number in shown and ready.number not in shown
    card = client.get("/?cards=all").text
    assert "Not handed in" in card and "To be read by me" in card
    assert "2024-W10" in house.client("agent").get("/?cards=all").text


def test_an_advertiser_is_logged_by_the_form(house):
    client = house.client("agent")
    answer = client.post("/work/group-care/add", data={
        "group": str(group(house)), "act": "removed", "member": "广告", "remark": "保险广告",
        "csrf_token": token(client, "/work/group-care/add")})
    assert answer.status_code == 302, answer.text[:800]


def test_a_proposal_of_another_department_is_not_there(house):
    one = proposal(house)
    assert house.client("linna").get(f"/work/proposals/show/{one.id}").status_code in (403, 404)
    assert house.client("supervisor").get(f"/work/proposals/show/{one.id}").status_code == 200


@pytest.mark.parametrize("name", ["reports", "proposals", "group-care"])
def test_lists_cost_few_statements(house, name, monkeypatch):
    from sqlalchemy import event

    for username in ("agent", "wanghao", "liuyang"):
        report(house, username), proposal(house, username), member(house, username, username)
    client, seen = house.client("supervisor"), []
    client.get(f"/work/{name}/list/")

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(f"/work/{name}/list/").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) <= 8, seen


def test_the_demonstration_holds_every_state(house):
    group(house)
    for place in range(3):
        create(house.session, SYSTEM, Customer, {
            "name": f"客户{place}", "phone": f"1390000000{place}"})
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    assert "6 proposals" in demo.load(context)
    assert demo.load(context) == "Weekly reports are there already."
    assert house.session.query(CustomerGroup).count() == len({"owners", "loans", "new_energy"})
    with at(0, 1):
        assert dt.date(2024, 3, 4) == MONDAY
