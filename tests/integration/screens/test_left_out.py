"""Records that bulk work left out are named with their reasons, every one of them."""

from __future__ import annotations

import pytest

from app.database import db, write
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

LIST, PAGE = "/sample/cases/list/", "/sample/cases/bulk/left-out"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def started(app):
    """Eight cases that have been started already."""
    with app.app_context():
        keys = add_cases(8, state="new")
        with write(db.session):
            for key in keys:
                db.session.get(Case, key).state = "working"
        return {key: db.session.get(Case, key).number for key in keys}


def run(who, keys):
    answer = who.send("/sample/cases/bulk", {"action": "start", "row": list(keys)})
    assert answer.status_code == 302
    return who.get(LIST).text.split('class="flashes"', 1)[1].split("</div>\n</div>", 1)[0]


def test_a_few_are_named_in_the_note(browser, started):
    few = dict(list(started.items())[:3])
    note = run(browser("agent"), few)
    assert "3 records were left out" in note and PAGE not in note
    for number in few.values():
        assert f"{number}: It has been started." in note


def test_many_are_listed_on_a_page(browser, started, app):
    with app.app_context():
        foreign = add_cases(1, team="热线二组", owner="other", subject="secret")
    agent = browser("agent")
    note = run(agent, [*started, *foreign])
    assert "9 records were left out" in note and f'<a href="{PAGE}">' in note
    page = agent.get(PAGE).text
    assert page.count("It has been started.") == 8 and page.count("not found") == 1
    for key, number in started.items():
        assert f'href="/sample/cases/show/{key}">{number} ' in page
    assert "secret" not in page


def test_the_page_is_each_ones_own_and_shows_what_one_may_see(browser, started, app):
    agent = browser("agent")
    run(agent, started)
    assert "Nothing was left out" in browser("supervisor").get(PAGE).text
    assert browser("").get(PAGE).status_code in (302, 401)
    gone = next(iter(started))
    with app.app_context(), write(db.session):
        other = add_cases(1, team="热线二组", owner="other")[0]
        row, model = db.session.get(Case, gone), db.session.get(Case, other)
        row.owner_id, row.team_id = model.owner_id, model.team_id
        row.department_id = model.department_id
    page = agent.get(PAGE).text
    assert started[gone] not in page and page.count("It has been started.") == 7
