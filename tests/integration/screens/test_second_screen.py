"""Two screens on one table: each has its own rights, columns, words, API and import."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.access.services import actor_for, invalidate_rights
from app.database import db, write
from app.records.importing.sources import importers
from app.records.operations import operations_of
from tests.integration.screens.sample import Case

ONE = "/sample/intake"


@pytest.fixture
def case(app):
    with app.app_context():
        key = db.session.scalar(select(User.id).where(User.username == "agent"))
        values = {"subject": "刹车异响", "priority": "high"}
        agent = actor_for(db.session, key)
        return operations_of(Case).create(db.session, agent, values).id


@pytest.fixture
def intake_only(app):
    """The reader may see cases on the second screen alone."""
    with app.app_context(), write(db.session):
        roles = {role.name: role for role in db.session.scalars(select(Role))}
        roles["reader"].permissions = [
            pair for pair in roles["admin"].permissions
            if pair.view_menu.name == "sample.Intake" and pair.permission.name != "can_add"
        ]
        invalidate_rights(db.session)


def test_each_shows_its_own_columns_and_words(browser, case):
    agent = browser("agent")
    first, second = agent.get("/sample/cases/list/").text, agent.get(f"{ONE}/list/").text
    assert "Wish of the caller" in second and "Wish of the caller" not in first
    assert "At once" in second and "At once" not in first
    page = agent.get(f"{ONE}/show/{case}").text
    assert "Wish of the caller" in page and f"{ONE}/edit/{case}" not in page


def test_each_has_its_own_rights(browser, case, intake_only):
    agent, reader = browser("agent"), browser("reader")
    assert agent.get(f"/sample/cases/edit/{case}").status_code == 200
    assert agent.get(f"{ONE}/edit/{case}").status_code == 403
    assert reader.get(f"{ONE}/list/").status_code == 200
    assert reader.get("/sample/cases/list/").status_code == 403
    assert reader.get(f"/sample/cases/show/{case}").status_code == 403


def test_search_and_palette_lead_to_the_screen_that_one_may_open(browser, case, intake_only):
    reader = browser("reader")
    for address in ("/search/?q=刹车异响", "/palette/records?q=刹车异响"):
        found = reader.get(address).text
        assert f"{ONE}/show/{case}" in found and f"/sample/cases/show/{case}" not in found
    assert f"/sample/cases/show/{case}" in browser("agent").get("/search/?q=刹车异响").text


def test_each_api_names_its_screen(browser, case, intake_only):
    agent, reader = browser("agent"), browser("reader")
    body = {"subject": "轮胎", "priority": "normal"}
    refused = agent.json_call("POST", "/api/v1/sample-intake/", body)
    assert refused.status_code == 422 and "priority" in refused.json["errors"]
    taken = agent.json_call("POST", "/api/v1/sample-intake/", {**body, "priority": "low"})
    assert taken.status_code == 201
    change = {"subject": "x", "version": 1}
    assert agent.json_call("PUT", f"/api/v1/sample-intake/{case}", change).status_code == 403
    assert reader.json_call("GET", "/api/v1/sample-intake/").status_code == 200
    assert reader.json_call("GET", "/api/v1/sample-cases/").status_code == 403


def test_each_has_its_own_import(app):
    with app.app_context():
        known = importers()
        first, second = known["records.sample.Case"], known["records.sample.Intake"]
    assert (first.view, second.view) == ("sample.Case", "sample.Intake")
    assert [field.name for field in second.fields] == ["subject", "phone", "priority"]
    assert {field.name: field.label for field in second.fields}["subject"] == "Wish of the caller"
    words = {field.name: field.words for field in second.fields}["priority"]
    assert "At once" in words and "High" not in words
