"""Board and calendar: the same rows as the list, moved by the same rules."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.database import db
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

CASES = "/sample/cases"
BOARD = f"{CASES}/list/?mode=board"


@pytest.fixture
def cases(app):
    with app.app_context():
        return [*add_cases(3, priority="low"), *add_cases(40, priority="high")]


def lanes(page: str) -> dict[str, list[int]]:
    """Return the keys of the cards by column."""
    parts = re.split(r'data-lane="(\w+)"', page)[1:]
    return {
        name: [int(key) for key in re.findall(r'data-row="(\d+)"', body)]
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.both_databases
def test_cards_stand_in_the_column_of_their_value(browser, cases, statements):
    agent = browser("agent")
    agent.get(BOARD)
    statements.clear()
    page = agent.get(BOARD).text
    assert len(statements) <= 8, statements
    found = lanes(page)
    assert sorted(found["low"]) == cases[:3] and found["normal"] == []
    assert len(found["high"]) == 10 and ">40<" in page
    assert "further/low" not in page


def further(page: str) -> str | None:
    """Return the address behind the button for more cards."""
    found = re.search(r'hx-get="([^"]*/further/[^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else None


@pytest.mark.both_databases
def test_further_cards_of_a_column_come_once_each_and_in_order(browser, cases, app):
    with app.app_context():
        add_cases(2, team="热线二组", owner="other", priority="high")
    agent = browser("agent")
    page = agent.get(BOARD).text
    seen, address = lanes(page)["high"], further(page)
    while address:
        answer = agent.get(address)
        assert answer.status_code == 200
        more = [int(key) for key in re.findall(r'data-row="(\d+)"', answer.text)]
        assert 0 < len(more) <= 25
        seen, address = seen + more, further(answer.text)
    by_time = agent.get("/api/v1/sample-cases/?size=100&priority__in=high&sort=-received_at").json
    assert seen == by_time["ids"] and sorted(seen) == cases[3:]


def test_further_cards_want_a_column_and_a_position(browser, cases):
    agent, address = browser("agent"), further(browser("agent").get(BOARD).text)
    path, _, arguments = address.partition("?")
    assert agent.get(path).status_code == 404
    assert agent.get(f"{path}x?{arguments}").status_code == 404
    assert agent.get(f"{path}?mode=board&after=nonsense").status_code == 400
    assert browser("").get(address).status_code == 302


@pytest.mark.both_databases
def test_filters_search_and_scope_hold_on_the_board(browser, cases, app):
    with app.app_context():
        foreign = add_cases(2, team="热线二组", owner="other", priority="low")
    assert not set(foreign) & set(lanes(browser("agent").get(BOARD).text)["low"])
    assert lanes(browser("other").get(BOARD).text)["low"] != []
    shown = lanes(browser("agent").get(f"{BOARD}&state__in=new").text)
    assert len(shown["low"]) == 1


def test_a_card_is_moved_by_those_who_may_edit(browser, cases, app):
    agent, reader = browser("agent"), browser("reader")
    menu = agent.get(f"{CASES}/moves/{cases[0]}").text
    assert re.findall(r'data-move-to="(\w+)"', menu) == ["normal", "high"]
    version = re.search(r'name="version" value="(\d+)"', menu).group(1)
    assert agent.send(f"{CASES}/move/{cases[0]}/high", {"version": version}).status_code == 302
    with app.app_context():
        assert db.session.get(Case, cases[0]).priority == "high"
    agent.send(f"{CASES}/move/{cases[0]}/low", {"version": version})
    with app.app_context():
        assert db.session.get(Case, cases[0]).priority == "high"
    assert agent.send(f"{CASES}/move/{cases[0]}/nonsense").status_code == 404
    assert agent.get(f"{CASES}/move/{cases[0]}/low").status_code == 405
    assert reader.send(f"{CASES}/move/{cases[1]}/high").status_code == 403
    assert 'data-movable' not in reader.get(BOARD).text
    assert browser("other").get(f"{CASES}/moves/{cases[0]}").status_code == 404
    assert browser("other").send(f"{CASES}/move/{cases[0]}/low").status_code == 404


@pytest.mark.both_databases
def test_the_calendar_shows_records_on_their_days(browser, app, statements):
    with app.app_context():
        add_cases(6, promised_on=dt.date(2026, 2, 11))
        add_cases(1, promised_on=dt.date(2026, 4, 1))
    agent = browser("agent")
    agent.get(f"{CASES}/list/?mode=calendar")
    statements.clear()
    page = agent.get(f"{CASES}/list/?mode=calendar&day=2026-02-01").text
    assert len(statements) <= 8, statements
    assert page.count('<li data-row="') == 4 and "2 more" in page
    assert "promised_on__on=2026-02-11" in page
    week = agent.get(f"{CASES}/list/?mode=calendar&day=2026-02-11&span=week").text
    assert week.count('<li data-row="') == 6
    assert '<li data-row="' not in browser("other").get(
        f"{CASES}/list/?mode=calendar&day=2026-02-01").text


@pytest.mark.parametrize(
    "query", ["day=x", "day=0001-01-01", "day=9999-12-31", "span=year", "day=2026-02-30"]
)
def test_bad_days_are_refused(browser, cases, query):
    assert browser("agent").get(f"{CASES}/list/?mode=calendar&{query}").status_code == 400


def test_views_without_a_board_have_none(browser, cases):
    agent = browser("agent")
    assert agent.get("/sample/notes/list/?mode=board").status_code == 400
    assert agent.get("/sample/notes/moves/1").status_code == 404


def test_a_panel_is_the_record_page_in_another_frame(browser, cases, app):
    with app.app_context():
        foreign = add_cases(1, team="热线二组", owner="other")[0]
    agent = browser("agent")
    page = agent.get(f"{CASES}/peek/{cases[0]}").text
    assert "<html" not in page and 'class="sidebar' not in page
    assert 'id="timeline"' in page
    assert agent.get(f"{CASES}/peek/{foreign}").status_code == 404
    assert browser("").get(f"{CASES}/peek/{cases[0]}").status_code == 302
