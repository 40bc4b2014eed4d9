"""A password that somebody else has set: its owner chooses another before anything else."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import User

from app.database import db
from tests.integration.screens.building import PASSWORD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWN = "three herons over the lake"
CHANGE = "/account/password/"


@pytest.fixture
def agent(browser, app):
    """The agent signed in with a password that the administrator has set."""
    with app.app_context():
        key = db.session.query(User).filter_by(username="agent").one().id
    browser("admin").send(f"/users/act/{key}/password", {"password": PASSWORD, "again": PASSWORD})
    return browser("agent")


def chosen(client, password=OWN, present=PASSWORD):
    """Choose a password of one's own."""
    return client.send(CHANGE, {"present": present, "password": password, "again": password})


def test_every_page_leads_to_the_choice_until_it_is_made(agent):
    for path in ("/", "/sample/cases/list/", "/sample/cases/add", "/account/", "/no/such/page"):
        answer = agent.get(path)
        assert (answer.status_code, answer.location) == (302, CHANGE), path
    assert agent.send("/sample/cases/add", {"subject": "x"}).location == CHANGE
    part = agent.get("/sample/cases/list/", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, CHANGE)
    page = agent.get(CHANGE)
    assert page.status_code == 200 and "somebody else has set" in page.text
    assert "/sample/cases/list/" not in page.text, "a menu that leads nowhere"
    assert chosen(agent).status_code == 302
    assert agent.get("/sample/cases/list/").status_code == 200
    assert "somebody else has set" not in agent.get(CHANGE).text


def test_the_choice_is_another_one_and_survives_the_next_sign_in(agent, browser):
    same = chosen(agent, PASSWORD)
    assert same.status_code == 200 and "another one" in same.text
    assert browser("agent").get("/").location == CHANGE
    chosen(agent)
    assert agent.get("/").status_code == 200


def test_signing_out_and_the_language_stay_within_reach(agent):
    assert agent.send("/account/language", {"locale": "zh", "next": "/"}).location == "/"
    assert "由他人设置" in agent.get(CHANGE).text
    assert agent.send("/logout/", {}).location == "/login/"


def test_a_program_gets_no_token_for_it(agent, app):
    answer = app.test_client().post("/api/v1/security/login", json={
        "username": "agent", "password": PASSWORD, "provider": "db",
    })
    assert answer.status_code == 401 and "access_token" not in answer.json
    for headers in ({}, {"Authorization": "none"}):
        assert agent.get("/api/v1/sample-cases/", headers=headers).status_code == 403


def test_who_sets_the_own_password_is_not_asked(browser, app):
    admin = browser("admin")
    with app.app_context():
        key = db.session.query(User).filter_by(username="admin").one().id
    admin.send(f"/users/act/{key}/password", {"password": PASSWORD, "again": PASSWORD})
    assert browser("admin").get("/").status_code == 200


@pytest.mark.parametrize("weak", ["Password1234", "mein s0001 2026", "agent-2026-agent"])
def test_weak_ones_are_refused_with_a_sentence(browser, app, weak):
    answer = chosen(browser("agent"), weak)
    assert answer.status_code == 200 and "tried first" in answer.text
    with app.app_context():
        key = db.session.query(User).filter_by(username="agent").one().id
    answer = browser("admin").send(f"/users/act/{key}/password", {"password": weak, "again": weak})
    assert answer.status_code == 422 and "tried first" in answer.text
    assert browser("agent").get("/").status_code == 200
