"""The menu of a person: folding, favourites, numbers of what waits, and what it costs."""

from __future__ import annotations

import dataclasses
import re

import pytest
from sqlalchemy import column, select, table

from app.database import db
from app.web.menu_state import FAVOURITES_MOST
from tests.integration.screens.building import add_cases
from tests.integration.screens.test_saved_views import save

pytestmark = pytest.mark.both_databases

LIST = "/sample/cases/list/"
FOLDS = re.compile(r'data-fold="(\w+)" aria-expanded="(\w+)"')


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(3)


def folds(page: str) -> dict[str, str]:
    """Return which groups of the menu are unfolded."""
    return dict(FOLDS.findall(page))


def favourites(page: str) -> list[str]:
    """Return the favourites in the menu in their order."""
    return re.findall(r'data-favourite="([^"]+)"', page)


def sidebar(page: str) -> str:
    """Return the side menu of a page."""
    return page.partition('class="sidebar-body"')[2].partition("</nav>")[0]


def pin(who, item, pinned="1"):
    """Pin something, or take it away."""
    return who.send("/menu/pin", {"item": item, "pinned": pinned})


def test_what_was_folded_stays_folded_except_around_the_open_page(browser):
    agent = browser("agent")
    assert folds(agent.get("/").text)["sample"] == "true"
    answer = agent.send("/menu/fold", {"group": "sample", "unfolded": "0"})
    assert answer.status_code == 204
    assert folds(agent.get("/").text)["sample"] == "false"
    assert folds(agent.get(LIST).text)["sample"] == "true"
    # It goes with the person and not with the browser.
    assert folds(browser("agent").get("/").text)["sample"] == "false"
    assert folds(browser("supervisor").get("/").text)["sample"] == "true"


def test_the_lines_of_a_folded_group_come_when_it_is_unfolded(browser):
    agent = browser("agent")
    kinds = 'href="/sample/kinds/list/"'
    assert kinds in sidebar(agent.get("/").text)
    agent.send("/menu/fold", {"group": "sample", "unfolded": "0"})
    folded = sidebar(agent.get("/").text)
    assert kinds not in folded and 'data-lines="/menu/lines/sample"' in folded
    # What waits there is shown beside its name, with lines or without.
    sums = re.search(r'data-fold="sample".*?data-waiting-sum="([^"]*)"', folded, re.DOTALL)
    assert sums is not None and "CaseView" in sums[1].split()
    lines = agent.get("/menu/lines/sample")
    assert lines.status_code == 200 and kinds in lines.text
    assert "data-lines" not in agent.get(LIST).text


def test_a_long_group_shows_its_first_lines_until_it_is_unfolded_by_hand(browser, monkeypatch):
    monkeypatch.setattr("app.web.sidebar.LINES_MOST", 1)
    agent = browser("agent")
    # A menu of this state has not been drawn yet.
    pin(agent, "CaseView")
    page = sidebar(agent.get("/").text).partition('data-fold="sample"')[2]
    assert 'aria-expanded="true"' in page and "Show all 5" in page
    assert page.count("<li>") == 1
    # The open page has its line whatever its place.
    page = sidebar(agent.get("/sample/notes/list/").text).partition('data-fold="sample"')[2]
    assert page.count("<li>") == 2 and 'aria-current="page"' in page
    whole = agent.get("/menu/lines/sample?active=NoteView").text
    assert whole.count("<li>") == 5 and 'aria-current="page"' in whole
    agent.send("/menu/fold", {"group": "sample", "unfolded": "1"})
    page = sidebar(agent.get("/").text).partition('data-fold="sample"')[2]
    assert page.count("<li>") == 5 and "Show all" not in page


def test_lines_of_a_group_are_those_that_the_person_may_open(browser):
    assert browser("reader").get("/menu/lines/sample").text != browser("agent").get(
        "/menu/lines/sample").text
    assert 'href="/sample/notes/' not in browser("reader").get("/menu/lines/sample").text
    assert browser("agent").get("/menu/lines/made-up").status_code == 404
    assert browser("").get("/menu/lines/sample").status_code in (302, 401)


def test_what_was_set_up_at_another_desk_arrives(browser):
    here, there = browser("agent"), browser("agent")
    pin(there, "KindView")
    assert favourites(here.get("/").text) == []
    answer = here.get("/menu/waiting?active=HomeView").json
    assert favourites(answer["menu"]) == ["KindView"]
    assert favourites(here.get("/").text) == ["KindView"]
    assert here.get("/menu/waiting").json["menu"] == ""


def test_favourites_keep_their_order_and_are_moved_and_taken_away(browser):
    agent = browser("agent")
    for item in ("KindView", "CaseView", "NoteView"):
        assert favourites(pin(agent, item).text)[-1] == item
    agent.send("/menu/favourites", {"key": ["KindView", "CaseView", "NoteView"],
                                    "move": "up NoteView"})
    assert favourites(agent.get("/").text) == ["KindView", "NoteView", "CaseView"]
    agent.send("/menu/favourites", {"key": ["CaseView", "NoteView"]})
    assert favourites(agent.get("/").text) == ["CaseView", "NoteView", "KindView"]
    agent.send("/menu/favourites", {"remove": "NoteView"})
    assert favourites(pin(agent, "KindView", "0").text) == ["CaseView"]


def test_nobody_pins_what_they_may_not_open(browser, cases):
    reader, other = browser("reader"), browser("other")
    key = save(other)
    for item in ("NoteView", "RoleView", "Nothing", "CaseView:999", f"CaseView:{key}", "<b>", ""):
        assert pin(reader, item).status_code == 400, item
    assert favourites(reader.get("/").text) == []


def test_a_saved_view_is_pinned_by_its_key_and_named_after_the_page(browser, cases):
    agent = browser("agent")
    key = save(agent)
    assert pin(agent, f"CaseView:{key}").status_code == 200
    agent.get("/")
    page = agent.get("/").text
    assert f'href="{LIST}?view={key}"' in page and "Fresh" not in page
    assert agent.get("/menu/waiting").json["views"] == {f"CaseView:{key}": "Fresh"}
    assert "Fresh" in agent.get("/menu/favourites").text
    agent.send("/sample/cases/views/delete", {"id": key})
    assert agent.get("/menu/waiting").json["views"] == {}
    assert "no longer there" in agent.get("/menu/favourites").text


def test_there_is_an_end_to_favourites(browser):
    agent = browser("agent")
    keys = [save(agent, title=f"View {number}", once=str(number))
            for number in range(FAVOURITES_MOST + 1)]
    answers = [pin(agent, f"CaseView:{key}") for key in keys]
    assert [answer.status_code for answer in answers] == [200] * FAVOURITES_MOST + [422]
    assert str(FAVOURITES_MOST) in answers[-1].text


def test_what_waits_is_counted_after_the_page_in_one_statement(browser, app, statements):
    agent = browser("agent")
    with app.app_context():
        add_cases(3)
        db.session.remove()
    agent.get("/menu/waiting")
    statements.clear()
    answer = agent.get("/menu/waiting").json
    assert answer["counts"] == {"CaseView": "3"}
    # Who asks, what they have set up, and all numbers.
    assert len(statements) == 3, statements
    with app.app_context():
        add_cases(120)
        db.session.remove()
    assert agent.get("/menu/waiting").json["counts"] == {"CaseView": "99+"}
    assert browser("admin").get("/menu/waiting").json["counts"] == {}


def test_the_menu_costs_a_page_no_statement(browser, statements, cases):
    agent = browser("agent")
    agent.get(LIST)
    statements.clear()
    agent.get(LIST)
    plain = list(statements)
    pin(agent, "CaseView")
    pin(agent, f"CaseView:{save(agent)}")
    agent.send("/menu/fold", {"group": "sample", "unfolded": "0"})
    agent.get(LIST)
    statements.clear()
    agent.get(LIST)
    assert len(statements) == len(plain)
    assert not any("screens_saved_view" in text and "position" not in text for text in statements)


def test_strangers_get_nothing_and_no_group_is_made_up(browser):
    stranger = browser("")
    for path in ("/menu/waiting", "/menu/favourites", "/administration/"):
        assert stranger.get(path).status_code in (302, 401), path
    assert browser("agent").send("/menu/fold", {"group": "made-up"}).status_code == 400


def test_a_number_that_cannot_be_read_leaves_the_others(browser, app, monkeypatch):
    menu = app.appbuilder.menu
    broken = dataclasses.replace(
        menu.entries["KindView"], waiting=lambda actor: select(column("x")).select_from(
            table("no_such_table")))
    wrong = dataclasses.replace(menu.entries["NoteView"], waiting=lambda actor: actor.nothing)
    monkeypatch.setitem(menu.entries, "KindView", broken)
    monkeypatch.setitem(menu.entries, "NoteView", wrong)
    with app.app_context():
        add_cases(2)
        db.session.remove()
    assert browser("agent").get("/menu/waiting").json["counts"] == {"CaseView": "2"}
