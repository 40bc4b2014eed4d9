"""Saved views: kept, shared, begun with, counted; nobody else's are seen or touched."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.database import db, write
from app.records.search.index import index
from app.screens.models import SavedView
from app.screens.saved_views import store as saved_views
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case
from tests.integration.screens.test_lists import keys

pytestmark = pytest.mark.both_databases


LIST = "/sample/cases/list/"
VIEWS = "/sample/cases/views"


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(30)


def tabs(page: str) -> list[str]:
    """Return the titles of the tabs above a list."""
    found = re.findall(r'data-view-tab="[^"]*">(?:<svg.*?</svg>.*?</span>)?([^<]+)<', page)
    return [title.strip() for title in found]


def save(who, query: str = "state__in=new", **form):
    """Save a view and return its key."""
    answer = who.send(f"{VIEWS}/save?{query}", {"title": "Fresh", **form})
    assert answer.status_code == 302, answer.text
    return re.search(r"view=(\d+)", answer.location).group(1)


def test_a_view_keeps_filters_order_and_columns(browser, cases):
    agent = browser("agent")
    agent.send("/sample/cases/columns", {"column": ["visits", "number"], "density": "comfortable"})
    key = save(agent, "state__in=new&sort=number")
    agent.send("/sample/cases/columns", {"reset": "1"})
    answer = agent.get(f"{LIST}?view={key}")
    assert answer.status_code == 302
    for part in ("state__in=new", "sort=number", f"view={key}"):
        assert part in answer.location
    page = agent.get(answer.location).text
    assert 'data-density="comfortable"' in page
    heads = re.findall(r'data-column="(\w+)"', page)
    assert heads == ["visits", "number"]
    assert "Fresh" in tabs(page)
    assert "Save the changes" not in page
    assert "Save the changes" in agent.get(f"{LIST}?state__in=done&view={key}").text


def test_a_form_that_is_sent_twice_makes_one_view(browser, app, cases):
    agent, token = browser("agent"), "ab" * 16
    first = save(agent, once=token)
    assert save(agent, once=token) == first
    # Another name, another list: another view. What was deleted is made again.
    assert save(agent, once=token, title="Second") != first
    assert save(agent, "state__in=done", once=token) != first
    agent.send(f"{VIEWS}/delete", {"id": first})
    save(agent, once=token)
    with app.app_context():
        assert db.session.query(SavedView).count() == 3


def test_lists_that_come_with_a_view_stand_above_it(browser, cases):
    page = browser("agent").get(LIST).text
    assert tabs(page) == ["All", "Mine", "New ones"]
    answer = browser("agent").get(f"{LIST}?view=new_ones")
    page = browser("agent").get(answer.location).text
    assert re.findall(r'data-column="(\w+)"', page) == ["number", "visits"]
    assert len(keys(page)) == 10


def test_counts_of_all_tabs_come_in_one_statement(browser, cases, statements):
    agent = browser("agent")
    save(agent)
    agent.get(f"{VIEWS}/counts?all=1")
    statements.clear()
    page = agent.get(f"{VIEWS}/counts?all=1").text
    assert len(statements) <= 5, statements
    counts = dict(re.findall(r'id="view-count-(\w+)"[^>]*>([^<]*)<', page))
    assert counts["all"] == "30" and counts["new_ones"] == "10"


def test_views_with_different_searches_count_their_own(browser, app):
    with app.app_context(), write(db.session):
        for key in (*add_cases(2, subject="提前还款"), *add_cases(3, subject="违约金")):
            index(db.session, [db.session.get(Case, key)])
    agent = browser("agent")
    early, fee = save(agent, "q=提前&all=1"), save(agent, "q=违约&all=1", title="Fees")
    page = agent.get(f"{VIEWS}/counts?all=1").text
    counts = dict(re.findall(r'id="view-count-(\w+)"[^>]*>([^<]*)<', page))
    assert (counts[early], counts[fee]) == ("2", "3")


def test_the_list_stays_within_its_statements(browser, cases, statements):
    agent = browser("agent")
    for _ in range(3):
        save(agent)
    agent.get(LIST)
    statements.clear()
    assert agent.get(f"{LIST}?state__in=new&owner__in=me&sort=visits&view=mine").status_code == 200
    assert 3 <= len(statements) <= 8, statements


def test_a_private_view_is_nobody_elses(browser, cases, app):
    key = save(browser("agent"))
    other = browser("supervisor")
    assert "Fresh" not in tabs(other.get(LIST).text)
    for path, data in ((f"{VIEWS}/save", {"id": key, "title": "Mine now"}),
                       (f"{VIEWS}/delete", {"id": key}), (f"{VIEWS}/default", {"id": key})):
        assert other.send(path, data).status_code == 404
    assert other.get(f"{VIEWS}/form?id={key}").status_code == 404
    assert other.get(f"{LIST}?view={key}").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(SavedView.title)) == "Fresh"


def test_sharing_needs_the_right(browser, cases, app):
    agent, admin = browser("agent"), browser("admin")
    save(agent, shared="all")
    assert "Fresh" not in tabs(browser("supervisor").get(LIST).text)
    assert "Who sees it" not in agent.get(f"{VIEWS}/form").text
    assert "Who sees it" in admin.get(f"{VIEWS}/form").text
    key = save(admin, title="For agents", shared="roles", role=["agent", "nonsense"])
    assert "For agents" in tabs(agent.get(LIST).text)
    assert "For agents" not in tabs(browser("supervisor").get(LIST).text)
    assert agent.send(f"{VIEWS}/delete", {"id": key}).status_code == 403
    assert agent.send(f"{VIEWS}/save", {"id": key, "title": "x"}).status_code == 403
    with app.app_context():
        assert db.session.get(SavedView, int(key)).roles == ["agent"]
    admin.send(f"{VIEWS}/delete", {"id": key})
    with app.app_context():
        acts = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.number == "For agents")
        )
        assert list(acts) == ["share_view", "drop_view"]


def test_a_shared_view_shows_everyone_only_their_own_rows(browser, cases, app):
    with app.app_context():
        foreign = add_cases(4, team="热线二组", owner="other", state="new")
    key = save(browser("admin"), title="All new", shared="all")
    for name in ("agent", "other"):
        who = browser(name)
        shown = keys(who.get(who.get(f"{LIST}?view={key}").location).text)
        assert (set(shown) == set(foreign)) is (name == "other")


def test_a_list_begins_with_the_chosen_view(browser, cases):
    agent, admin = browser("agent"), browser("admin")
    key = save(admin, title="Start here", shared="roles", role="agent", default_roles="1")
    assert f"view={key}" in agent.get(LIST).location
    assert agent.get(f"{LIST}?view=all").status_code == 200
    assert agent.get(f"{LIST}?state__in=new").status_code == 200
    agent.send(f"{VIEWS}/default", {"id": "mine"})
    assert "owner__in=me" in agent.get(LIST).location
    agent.send(f"{VIEWS}/default", {"id": "all"})
    assert agent.get(LIST).status_code == 200
    own = save(agent, title="Own", begins="1")
    assert f"view={own}" in agent.get(f"{LIST}?open=3").location
    assert "open=3" in agent.get(f"{LIST}?open=3").location
    agent.send(f"{VIEWS}/delete", {"id": own})
    assert agent.get(LIST).status_code == 200


def test_a_view_of_a_column_that_is_gone_does_no_harm(browser, cases, app):
    from app.database import write

    key = save(browser("agent"))
    with app.app_context(), write(db.session):
        db.session.get(SavedView, int(key)).query = "gone__is=1"
    agent = browser("agent")
    assert agent.get(LIST).status_code == 200
    assert "Fresh" not in tabs(agent.get(LIST).text)
    assert agent.get(f"{VIEWS}/counts?all=1").status_code == 200


@pytest.mark.parametrize("title", ["", "   "])
def test_a_view_needs_a_name(browser, cases, title):
    assert browser("agent").send(f"{VIEWS}/save?all=1", {"title": title}).status_code == 422


def test_of_too_many_views_the_page_says_so(browser, cases, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    agent = browser("agent")
    save(agent)
    answer = agent.send(f"{VIEWS}/save", {"title": "One more"})
    assert answer.status_code == 422
    assert "Delete one of them first." in answer.text
    assert "Give the view a name" not in answer.text


@pytest.mark.parametrize("path", ["/save", "/delete", "/default"])
def test_views_are_changed_by_post_and_token_only(browser, cases, path):
    agent = browser("agent")
    assert agent.get(VIEWS + path).status_code == 405
    assert agent.post(VIEWS + path, data={"title": "x"}).status_code == 400
    assert browser("").post(VIEWS + path).status_code in (302, 400, 401)


def test_bad_names_of_views_are_refused(browser, cases):
    agent = browser("agent")
    for query in ("view=%00", "view=a-b", "view=" + "1" * 60, "mode=map", "view=1&view=2"):
        assert agent.get(f"{LIST}?{query}").status_code == 400
