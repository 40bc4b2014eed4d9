"""Accounts and roles: changes are in force at the next click; nobody is locked out."""

from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import Role, User

from app.access.models import AuditEntry
from app.database import db
from tests.integration.screens.building import PASSWORD, add_cases


def role_id(app, name: str) -> int:
    with app.app_context():
        return db.session.query(Role).filter_by(name=name).one().id


def user_id(app, name: str) -> int:
    with app.app_context():
        return db.session.query(User).filter_by(username=name).one().id


def form_of(page: str) -> dict[str, list[str]]:
    """Return what the role form would send as it stands."""
    return {
        "name": [re.search(r'name="name"[^>]*value="([^"]*)"', page).group(1)],
        "scope": [re.search(r'<option selected value="(\d)"', page).group(1)],
        "seen": [re.search(r'name="seen" value="([^"]*)"', page).group(1)],
        "grants": ["", *re.findall(r'name="grants" value="(\d+)" checked', page)],
    }


def key_of(page: str, view: str, words: str) -> str:
    """Return the key of a permission by screen and words."""
    group = page.split(f'<legend title="{view}">')[1].split("</fieldset>")[0]
    return re.search(rf'value="(\d+)"[^>]*> <span>{words}<', group).group(1)


def test_a_grant_is_in_force_at_the_next_click(browser, app):
    admin, reader = browser("admin"), browser("reader")
    assert reader.get("/sample/kinds/list/").status_code == 403
    path = f"/roles/edit/{role_id(app, 'reader')}"
    page = admin.get(path).text
    sent = form_of(page)
    sent["grants"].append(key_of(page, "sample.Kind", "See the list"))
    assert admin.send(path, sent).status_code == 302
    assert reader.get("/sample/kinds/list/").status_code == 200
    assert 'href="/sample/kinds/list/"' in reader.get("/").text
    sent = form_of(admin.get(path).text)
    sent["grants"] = [""]
    assert admin.send(path, sent).status_code == 302
    assert reader.get("/sample/cases/list/").status_code == 403


def test_the_scope_of_a_role_is_in_force_at_the_next_click(browser, app):
    with app.app_context():
        add_cases(1, team="热线二组", owner="other")
    admin, reader = browser("admin"), browser("reader")
    assert "data-row=" not in reader.get("/sample/cases/list/").text
    path = f"/roles/edit/{role_id(app, 'reader')}"
    sent = form_of(admin.get(path).text)
    sent["scope"] = ["4"]
    admin.send(path, sent)
    assert "data-row=" in reader.get("/sample/cases/list/").text


def test_a_stale_role_form_overwrites_nothing(browser, app):
    one, other = browser("admin"), browser("admin")
    path = f"/roles/edit/{role_id(app, 'reader')}"
    first, second = form_of(one.get(path).text), form_of(other.get(path).text)
    first["grants"] = first["grants"][:-1]
    assert one.send(path, first).status_code == 302
    assert other.send(path, second).status_code == 409


def test_the_last_administrator_stays(browser, app):
    admin = browser("admin")
    answer = admin.send(f"/users/edit/{user_id(app, 'admin')}", {"active": "", "email": "a@b.c"})
    assert answer.status_code == 422
    answer = admin.send(f"/users/edit/{user_id(app, 'admin')}", {"roles": ["", "1"]})
    assert answer.status_code == 422 and "administrator" in answer.text
    path = f"/roles/edit/{role_id(app, 'admin')}"
    sent = form_of(admin.get(path).text)
    sent["grants"] = [""]
    assert admin.send(path, sent).status_code == 422
    assert admin.get("/roles/list/").status_code == 200


def test_a_closed_account_is_out_at_once(browser, app):
    admin, agent = browser("admin"), browser("agent")
    assert agent.get("/sample/cases/list/").status_code == 200
    admin.send(f"/users/edit/{user_id(app, 'agent')}", {"active": ""})
    assert agent.get("/sample/cases/list/").status_code == 302


def test_a_new_account_gets_its_password_by_an_action(browser, app):
    admin = browser("admin")
    made = admin.send("/users/add", {
        "username": "newcomer", "first_name": "Neu", "email": "n@example.com", "active": "y",
        "roles": ["", str(role_id(app, "reader"))],
    })
    assert made.status_code == 302, made.text
    key = made.location.rpartition("/")[2]
    short = admin.send(f"/users/act/{key}/password", {"password": "short", "again": "short"})
    assert short.status_code == 422
    admin.send(f"/users/act/{key}/password", {"password": PASSWORD, "again": PASSWORD})
    newcomer = browser("newcomer")
    assert newcomer.get("/sample/cases/list/").location == "/account/password/"
    own = "three herons over the lake"
    newcomer.send("/account/password/", {"present": PASSWORD, "password": own, "again": own})
    assert newcomer.get("/sample/cases/list/").status_code == 200


def test_copy_and_delete_of_a_role(browser, app):
    admin = browser("admin")
    copied = admin.send(f"/roles/act/{role_id(app, 'reader')}/copy", {"name": "reader-2"})
    key = copied.location.rpartition("/")[2]
    assert form_of(admin.get(copied.location).text)["name"] == ["reader-2"]
    admin.send(f"/roles/delete/{key}")
    assert admin.get(f"/roles/show/{key}").status_code == 404
    refused = admin.send(f"/roles/delete/{role_id(app, 'agent')}", follow_redirects=True)
    assert "came with the product" in refused.text
    held = admin.send(f"/roles/delete/{role_id(app, 'reader')}", follow_redirects=True)
    assert "Somebody holds this role" in held.text


def test_changes_are_in_the_audit_trail_and_hold_no_password(browser, app):
    admin = browser("admin")
    key = user_id(app, "agent")
    admin.send(f"/users/act/{key}/password", {"password": PASSWORD, "again": PASSWORD})
    admin.send(f"/users/edit/{key}", {"email": "new@example.com"})
    with app.app_context():
        entries = db.session.query(AuditEntry).filter_by(record_type="access.user").all()
        assert {entry.action for entry in entries} >= {"password_change", "change"}
        assert not any(PASSWORD in str(entry.changes) for entry in entries)


@pytest.mark.parametrize("path", ["/users/list/", "/roles/list/", "/roles/edit/1", "/users/add"])
def test_others_may_not(browser, app, path):
    assert browser("supervisor").get(path).status_code == 403


def test_statements_of_account_and_role_pages(browser, app, statements):
    admin = browser("admin")
    for path, most in (("/users/list/", 8), ("/roles/list/", 8), ("/roles/edit/1", 8),
                       ("/users/edit/1", 8), ("/users/show/1", 12), ("/roles/show/1", 12)):
        admin.get(path)
        statements.clear()
        assert admin.get(path).status_code == 200
        assert len(statements) <= most, (path, statements)
