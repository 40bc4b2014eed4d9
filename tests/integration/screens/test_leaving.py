"""What a person gave away: it is done and said so, and no page of it is asked for any more."""

from __future__ import annotations

import dataclasses
import json

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database import db
from app.screens.registry import registry
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

LIST = "/sample/cases/list/"
GONE = "You no longer see this record"


@pytest.fixture
def given(app):
    """A case of another team that the agent owns, and the colleague who is to have it."""
    with app.app_context():
        (key,) = add_cases(1, team="热线二组")
        other = db.session.scalar(select(User.id).where(User.username == "other"))
    return key, other


def owner_of(app, key: int) -> int:
    with app.app_context():
        return db.session.get(Case, key).owner_id


@pytest.mark.parametrize("back", ["", "show", "kanban"])
def test_the_form_leads_to_the_list_or_where_one_came_from(browser, app, given, back):
    key, other = given
    came_from = {"": "", "show": f"?next=/sample/cases/show/{key}",
                 "kanban": "?next=/sample/cases/list/?mode%3Dboard"}[back]
    agent = browser("agent")
    answer = agent.send(f"/sample/cases/edit/{key}{came_from}", {"version": 1, "owner": other})
    assert answer.status_code == 302
    assert answer.location == (f"{LIST}?mode=board" if back == "kanban" else LIST)
    page = agent.get(answer.location)
    assert page.status_code == 200 and GONE in page.text and "has been saved" in page.text
    assert owner_of(app, key) == other


@pytest.mark.parametrize("way", ["fact", "cell"])
def test_a_single_value_leads_there_too(browser, app, given, way, monkeypatch):
    key, other = given
    with app.app_context():
        screen = registry().screen_of(Case)
    declared = dataclasses.replace(screen.declared, inline_columns=["owner"])
    monkeypatch.setattr(screen, "declared", declared)
    agent = browser("agent")
    here = f"/sample/cases/show/{key}" if way == "fact" else f"{LIST}?q=1"
    answer = agent.send(
        f"/sample/cases/{way}/{key}/owner", {"version": 1, "owner": other},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{here}"},
    )
    assert answer.status_code == 204
    if way == "fact":
        assert answer.headers["HX-Redirect"] == LIST
    else:
        # The list is the page that one is on: it is drawn anew in its place.
        drawn = json.loads(answer.headers["HX-Location"])
        assert drawn["path"] == here and drawn["select"] == drawn["target"] == "#content"
        assert answer.headers["HX-Trigger"] == "dialog:close"
    assert owner_of(app, key) == other


def test_what_stays_in_sight_leads_to_its_page(browser, app, given):
    key, _ = given
    agent = browser("agent")
    answer = agent.send(f"/sample/cases/edit/{key}", {"version": 1, "subject": "new"})
    assert answer.location == f"/sample/cases/show/{key}"
    assert GONE not in agent.get(answer.location).text


def test_the_api_says_what_was_done(browser, app, given):
    key, other = given
    agent = browser("agent")
    answer = agent.json_call("PUT", f"/api/v1/sample-cases/{key}", {"version": 1, "owner": other})
    assert answer.status_code == 200
    assert answer.json["result"] == {"id": key, "number": f"SX-2026-{key:06}", "state": "new"}
    assert GONE in answer.json["message"]
    assert agent.get(f"/api/v1/sample-cases/{key}").status_code == 404
    assert owner_of(app, key) == other
