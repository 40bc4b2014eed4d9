"""Columns that plugins add to the lists of others: shown, filtered by and exported, with rights."""

from __future__ import annotations

import csv
import io
import logging

import pytest
from sqlalchemy import func, select

from app.customers.models import Customer
from app.database import write
from app.sdk import RecordColumn
from app.sdk.services import SYSTEM, create, is_present, scope_filter
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.integration.collaboration.conftest import plugin

KIND = "customers.customer"
LIST = "/customers/list/"
API = "/api/v1/customers/"
HOOK = "register_record_columns"


def complaints_seen(actor, model):
    return select(func.count()).where(
        Complaint.customer_id == model.id, is_present(Complaint),
        scope_filter(actor, Complaint)).scalar_subquery()


def column(**values):
    return RecordColumn(**{
        "record_type": KIND, "name": "surveys.seen", "label": "Complaints seen",
        "kind": "integer", "view": "core.Customer", "expression": complaints_seen, **values})


def chosen(client, *names):
    token = client.get(LIST).text.split('name="csrf_token"', 1)[1].split('value="', 1)[1]
    answer = client.post("/customers/columns", data={
        "csrf_token": token.split('"', 1)[0], "column": list(names), "density": "compact"})
    assert answer.status_code == 302


@pytest.fixture
def complained(house, customer):
    """A customer with a complaint, and one without."""
    create(house.session, SYSTEM, Customer, {"name": "李四"})
    complaint = registered(house)
    with write(house.session):
        complaint.customer_id = customer.id
    return customer


@pytest.mark.both_databases
def test_a_list_shows_it_once_somebody_has_chosen_it(house, complained):
    client = house.client("supervisor")
    with plugin("surveys", **{HOOK: [column()]}):
        assert "Complaints seen" not in client.get(LIST).text
        offered = client.get("/customers/columns").text
        assert "Complaints seen" in offered
        chosen(client, "name", "surveys.seen")
        page = client.get(LIST).text
        assert "Complaints seen" in page
        listed = client.get("/customers/export/csv")
    assert listed.status_code == 200
    table = list(csv.reader(io.StringIO(listed.data.decode("utf-8-sig"))))
    assert dict(table[1:])["王小明"] == "1" and dict(table[1:])["李四"] == "0"


@pytest.mark.both_databases
def test_a_list_is_filtered_by_it(house, complained):
    client = house.client("supervisor")
    with plugin("surveys", **{HOOK: [column()]}):
        with_some = client.get(LIST + "?surveys.seen__at_least=1").text
        without = client.get(LIST + "?surveys.seen__is=0").text
        assert "Complaints seen" in client.get("/customers/filters").text
    assert "王小明" in with_some and "李四" not in with_some
    assert "李四" in without and "王小明" not in without


def test_a_filter_counts_what_the_person_sees_and_not_what_another_did(house, complained):
    """Saved views are read once for a process: their SQL is not."""
    with write(house.session):
        found = house.session.scalars(select(Complaint)).one()
        # The agent has nothing to do with it, nor has their team.
        found.owner_id = found.created_by_id = house.actor("admin").user_id
        found.team_id = found.department_id = None
    with plugin("surveys", **{HOOK: [column()]}):
        for username, sees in (("admin", True), ("agent", False), ("admin", True)):
            page = house.client(username).get(LIST + "?surveys.seen__at_least=1").text
            assert ("王小明" in page) is sees, username


@pytest.mark.both_databases
def test_a_list_is_sorted_by_it_page_by_page_and_exported_so(house, complained):
    client = house.client("supervisor")
    with write(house.session):
        create(house.session, SYSTEM, Customer, {"name": "赵六"})
    with plugin("surveys", **{HOOK: [column()]}):
        chosen(client, "name", "surveys.seen")
        first = client.get(LIST + "?all=1&sort=-surveys.seen&size=1").text
        assert "王小明" in first and "李四" not in first
        table = client.get("/customers/export/csv?all=1&sort=surveys.seen")
        rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))[1:]
        assert rows[-1][0] == "王小明"
        after, seen = "", []
        while True:
            body = client.get(f"{API}?sort=-surveys.seen&size=1&columns=name{after}").json
            seen += [row["name"] for row in body["result"]]
            if not body["next"]:
                break
            after = f"&after={body['next']}"
        assert seen[0] == "王小明" and len(seen) == len({*seen}) and {"李四", "赵六"} < {*seen}


def test_two_people_sort_by_what_each_of_them_sees(house, complained):
    with write(house.session):
        found = house.session.scalars(select(Complaint)).one()
        found.owner_id = found.created_by_id = house.actor("admin").user_id
        found.team_id = found.department_id = None
    with plugin("surveys", **{HOOK: [column()]}):
        for username, first in (("admin", "王小明"), ("agent", "李四"), ("admin", "王小明")):
            rows = house.client(username).get(
                f"{API}?sort=-surveys.seen&columns=name,surveys.seen").json["result"]
            assert rows[0]["name"] == first, username
            assert (rows[0]["surveys.seen"] == 1) is (username == "admin")


@pytest.mark.both_databases
def test_the_rest_api_gives_it_with_a_record_and_with_a_list_that_names_it(house, complained):
    client = house.client("supervisor")
    with plugin("surveys", **{HOOK: [column()]}):
        assert client.get(f"{API}{complained.id}").json["result"]["surveys.seen"] == 1
        listed = client.get(f"{API}?columns=name,surveys.seen&surveys.seen__at_least=1").json
        assert listed["result"] == [{"name": "王小明", "surveys.seen": 1}]
        assert "surveys.seen" not in client.get(API).json["result"][0]
    assert "surveys.seen" not in client.get(f"{API}{complained.id}").json["result"]
    assert client.get(f"{API}?columns=surveys.seen").status_code == 400


def test_the_rest_api_keeps_it_from_who_may_not_see_it(house, complained):
    client = house.client("agent")
    with plugin("surveys", **{HOOK: [column(view="surveys.Answer")]}):
        assert "surveys.seen" not in client.get(f"{API}{complained.id}").json["result"]
        for asked in ("columns=surveys.seen", "sort=surveys.seen", "surveys.seen__at_least=1"):
            assert client.get(f"{API}?{asked}").status_code == 400, asked
        assert client.get(LIST + "?sort=surveys.seen").status_code == 400


def test_who_may_not_see_it_is_not_offered_it_and_cannot_filter(house, complained):
    client = house.client("agent")
    with plugin("surveys", **{HOOK: [column(view="surveys.Answer")]}):
        assert "Complaints seen" not in client.get("/customers/columns").text
        assert client.get(LIST + "?surveys.seen__at_least=1").status_code == 400


def test_a_list_that_shows_it_is_whole_without_the_plugin(house, complained):
    client = house.client("supervisor")
    with plugin("surveys", **{HOOK: [column()]}):
        chosen(client, "name", "surveys.seen")
    page = client.get(LIST)
    assert page.status_code == 200 and "Complaints seen" not in page.text
    assert client.get(LIST + "?surveys.seen__at_least=1").status_code == 400


def test_it_costs_the_list_no_statement(house, complained, statements):
    def count():
        client.get(LIST)
        statements.clear()
        client.get(LIST)
        return len(statements)

    client = house.client("supervisor")
    before = count()
    with plugin("surveys", **{HOOK: [column()]}):
        chosen(client, "name", "surveys.seen")
        assert count() == before


def test_one_that_fails_is_empty_and_named_and_the_list_is_there(house, complained, caplog):
    def broken(_actor, _model):
        raise RuntimeError("broken")

    client = house.client("supervisor")
    with plugin("surveys", **{HOOK: [column(expression=broken)]}):
        chosen(client, "name", "surveys.seen")
        with caplog.at_level(logging.ERROR):
            page = client.get(LIST)
    assert page.status_code == 200 and "王小明" in page.text
    assert "surveys.seen" in caplog.text


@pytest.mark.parametrize("wrong", [{"kind": "colour"}, {"name": "seen"}])
def test_a_declaration_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="column"):
        column(**wrong)


def test_the_shipped_ones_are_offered_on_customers(house):
    offered = house.client("supervisor").get(
        "/customers/columns", headers={"Accept-Language": "en"}).text
    assert "complaints.open" in offered and "callbacks.next" in offered
