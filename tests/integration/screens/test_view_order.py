"""Saved views in order: each one's own, and the shared ones by those who may share."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.database import db, write
from app.screens.models import SavedView
from tests.integration.screens.building import add_cases
from tests.integration.screens.test_record_work import user
from tests.integration.screens.test_saved_views import LIST, VIEWS, save, tabs

ORDER = f"{VIEWS}/order"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(3)


def own_tabs(who) -> list[str]:
    return tabs(who.get(f"{LIST}?view=all").text)[3:]


def test_own_views_are_ordered_and_stay_so(browser, cases):
    agent = browser("agent")
    a, b, c = (save(agent, title=name) for name in "abc")
    assert own_tabs(agent) == ["a", "b", "c"]
    assert 'href="/sample/cases/views/order"' in agent.get(LIST).text
    assert agent.send(ORDER, {"group": "mine", "key": [c, a, b, "x", "999", c]}).status_code == 302
    assert own_tabs(agent) == ["c", "a", "b"]
    answer = agent.send(ORDER, {"group": "mine", "key": [c, a, b], "move": f"up {b}"})
    assert own_tabs(agent) == ["c", "b", "a"]
    page = agent.get(answer.location).text
    shown = re.findall(r'id="view-(\w+)"', page)
    assert shown == ["all", "mine", "new_ones", c, b, a]
    assert re.search(rf'value="up {b}"[^>]*data-focus-first', page)


def test_the_view_to_begin_with_is_chosen_there(browser, cases):
    agent = browser("agent")
    key = save(agent, title="a")
    answer = agent.send(f"{VIEWS}/default", {"id": key, "ordering": "1"})
    assert answer.location.endswith(ORDER)
    line = agent.get(ORDER).text.split(f'id="view-{key}"')[1].split("</li>")[0]
    assert "Your list begins here" in line and "Begin with this view" not in line
    assert f"view={key}" in agent.get(LIST).location


def test_shared_views_are_ordered_by_those_who_may_share(browser, cases, app):
    admin, agent = browser("admin"), browser("agent")
    a, b = (save(admin, title=name, shared="roles", role="agent") for name in "ab")
    hidden = save(admin, title="hidden", shared="roles", role="hr")
    c = save(admin, title="c", shared="all")
    with app.app_context(), write(db.session):
        db.session.get(SavedView, int(hidden)).owner_id = user(app, "reader")
    assert agent.send(ORDER, {"group": "shared", "key": [c, a, b]}).status_code == 403
    page = agent.get(ORDER).text
    assert f'id="view-{a}"' in page and f'id="view-{hidden}"' not in page
    assert "order-shared" not in page
    assert admin.send(ORDER, {"group": "shared", "key": [c, b, hidden, a]}).status_code == 302
    assert own_tabs(agent) == ["c", "b", "a"]
    assert own_tabs(admin) == ["c", "b", "a"]
    with app.app_context():
        entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "order_views"))
        assert entry.changes["order"] == ["a, b, c", "c, b, a"]
        titles = db.session.scalars(select(SavedView.title).order_by(SavedView.position))
        assert list(titles) == ["c", "b", "hidden", "a"]


def test_nobody_orders_what_they_do_not_see(browser, cases):
    agent, other = browser("agent"), browser("other")
    a, b = (save(agent, title=name) for name in "ab")
    other.send(ORDER, {"group": "mine", "key": [b, a]})
    assert own_tabs(agent) == ["a", "b"]
    assert agent.send(ORDER, {"group": "nonsense", "key": [b, a]}).status_code == 400
    assert agent.send(ORDER, {"group": "mine", "key": [a, b], "move": "up 99"}).status_code == 400
    assert agent.post(ORDER, data={"group": "mine"}).status_code == 400
    assert browser("").get(ORDER).status_code in (302, 401)
