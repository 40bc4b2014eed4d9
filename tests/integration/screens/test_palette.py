"""The palette shows what the caller may see, and nothing else."""

from __future__ import annotations

import re

import pytest

from app.database import db, utcnow, write
from app.records.search.index import index
from tests.integration.screens import building, sample

pytestmark = pytest.mark.both_databases


PARTS = ("/palette/", "/palette/records?q=SX", "/palette/recent?path=/sample/cases/show/1")


@pytest.fixture
def cases(app):
    with app.app_context():
        keys = building.add_cases(3, subject="提前还款争议")
        with write(db.session):
            for key in keys:
                index(db.session, [db.session.get(sample.Case, key)])
        db.session.remove()
    return keys


def test_records_are_found_within_the_row_scope(browser, cases):
    assert f"/sample/cases/show/{cases[0]}" in browser("agent").get("/palette/records?q=争议").text
    assert 'role="option"' not in browser("other").get("/palette/records?q=争议").text


@pytest.mark.parametrize("typed", ["{n}", "SC{n}", "sc-{n}", "{year}-{n}", "sc-{year}-{n}",
                                   "SC-{year}-{n:06}"])
def test_a_number_said_in_short_stands_first(browser, app, typed):
    with app.app_context():
        others = building.add_cases(12, subject="件")
        with write(db.session):
            # More of them hold these digits than the group shows, and they were changed later.
            for key in others:
                case = db.session.get(sample.Case, key)
                case.phone = f"1380000{key:04}"
                case.number = f"SC-{utcnow().year}-{key:06}"
                index(db.session, [case])
        wanted = others[0]
        db.session.remove()
    text = typed.format(n=wanted, year=utcnow().year)
    page = browser("agent").get("/palette/records", query_string={"q": text}).text
    first = re.search(r'href="([^"]+)"|data-url="([^"]+)"', page)
    assert f"/sample/cases/show/{wanted}" in first.group()
    assert page.count(f"/sample/cases/show/{wanted}\"") == 1
    assert f"/sample/cases/show/{wanted}\"" not in browser("other").get(
        "/palette/records", query_string={"q": text}).text


def test_kinds_in_which_nothing_is_found_cost_no_statement(browser, cases, statements):
    agent = browser("agent")
    counts = {}
    for text in ("争议", "nothing-like-it"):
        agent.get(f"/palette/records?q={text}")
        statements.clear()
        page = agent.get(f"/palette/records?q={text}").text
        counts[text] = sum("records_search" in one for one in statements)
        assert ('role="option"' in page) == (text == "争议")
    # Which kinds there are; then one statement for the only kind with matches.
    assert counts == {"争议": 2, "nothing-like-it": 1}


@pytest.mark.both_databases
@pytest.mark.parametrize("most", [0, 2])
def test_more_matches_than_are_looked_at_are_found_in_every_kind(
        browser, cases, statements, monkeypatch, most):
    monkeypatch.setattr("app.records.search.index._MOST_LOOKED_AT", most)
    agent = browser("agent")
    assert f"/sample/cases/show/{cases[0]}" in agent.get("/palette/records?q=争议").text
    statements.clear()
    agent.get("/palette/records?q=争议")
    # What the first ones are of, then the only kind with matches.
    assert sum("records_search" in one for one in statements) == 2


def test_a_number_is_looked_up_though_no_word_holds_it(browser, cases):
    page = browser("agent").get("/palette/records?q=SX-20").text
    assert f"/sample/cases/show/{cases[0]}" in page


def test_recent_records_are_named_within_the_row_scope(browser, cases):
    address = f"/palette/recent?path=/sample/cases/show/{cases[0]}"
    assert "提前还款争议" in browser("agent").get(address).text
    assert "提前还款争议" not in browser("other").get(address).text


@pytest.mark.parametrize("path", [
    "", "/nothing", "//example.com/", "/sample/cases/show/", "/sample/cases/show/x",
    "/sample/cases/show/99999999999999999999", "/sample/cases/delete/1", "%00", "/palette/",
])
def test_other_addresses_are_passed_over(browser, cases, path):
    answer = browser("agent").get("/palette/recent", query_string={"path": path})
    assert answer.status_code == 200
    assert 'role="option"' not in answer.text


def test_commands_follow_the_rights(browser, cases):
    agent, reader = (browser(name).get("/palette/").text for name in ("agent", "reader"))
    assert "/sample/cases/add" in agent
    assert "/sample/cases/add" not in reader
    assert "/sample/cases/list/" in reader
    assert "/users/list/" not in agent


@pytest.mark.parametrize("path", PARTS)
def test_nobody_sees_anything_without_signing_in(browser, path):
    assert browser().get(path).status_code == 401


@pytest.mark.parametrize("text", ["", "'", '"', "*", "王", "a" * 500, "%", "SX-", "()"])
def test_anything_may_be_typed(browser, cases, text):
    answer = browser("agent").get("/palette/records", query_string={"q": text})
    assert answer.status_code == 200


def test_statements_are_few(browser, cases, statements):
    agent = browser("agent")
    agent.get("/palette/records?q=争议")
    statements.clear()
    agent.get("/palette/records?q=争议")
    # One for each kind of record, and three for who asks.
    assert len(statements) <= 6, statements


def test_pages_are_found_by_the_initials_of_their_names(browser):
    admin = browser("admin")
    admin.send("/account/language", {"locale": "zh"})
    assert 'data-palette-keys="gzt"' in admin.get("/palette/").text
