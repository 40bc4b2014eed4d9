"""Nobody gets rights that they do not have, and every try stands in the audit trail."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from sqlalchemy import select

from app.access import denials
from app.access.audit import verify_chain
from app.access.models import AuditEntry, RoleScope
from app.access.services import invalidate_rights
from app.database import write
from app.testing.plugin_fixtures import PASSWORD
from plugins.complaints.models import Complaint, Incident
from tests.integration.security.town import SECRET, Client, Town


def user_id(town: Town, username: str) -> int:
    with town.house() as house:
        return house.session.scalar(select(User.id).where(User.username == username))


def role_id(town: Town, name: str) -> int:
    with town.house() as house:
        return house.session.scalar(select(Role.id).where(Role.name == name))


def last(town: Town, action: str, who: str = "") -> AuditEntry | None:
    """Return the newest entry of an action, of a person if one is named."""
    with town.house() as house:
        found = select(AuditEntry).where(AuditEntry.action == action)
        if who:
            found = found.where(AuditEntry.actor_id == house.actor(who).user_id)
        return house.session.scalar(found.order_by(AuditEntry.id.desc()).limit(1))


@pytest.fixture
def clerk(town):
    """A person who looks after accounts, and is no administrator."""
    with town.house() as house, write(house.session):
        session = house.session
        if session.scalar(select(Role).where(Role.name == "clerk")) is None:
            role = Role(name="clerk")
            role.permissions = list(session.scalars(
                select(PermissionView).join(Permission).join(ViewMenu)
                .where(ViewMenu.name.in_(("core.User", "core.People")))
            ))
            session.add(role)
            session.flush()
            session.add(RoleScope(role_id=role.id, scope=2))
            person = session.scalar(select(User).where(User.username == "tangli"))
            person.roles = [role]
            invalidate_rights(session)
    return town.client("tangli")


def test_who_looks_after_accounts_makes_nobody_administrator(town, clerk):
    admin_role, me, admin = role_id(town, "admin"), user_id(town, "tangli"), user_id(town, "admin")
    for key, data in ((me, {"roles": admin_role}), (admin, {"email": "mine@example.com"}),
                      (admin, {"active": "", "username": "admin"})):
        answer = clerk.send(f"/users/edit/{key}", data)
        assert answer.status_code == 422, data
        assert "rights that you lack" in answer.text
    new = {"username": "friend", "first_name": "x", "email": "f@example.com"}
    assert clerk.send("/users/add", {**new, "roles": admin_role}).status_code == 422
    password = {"password": "a whole new password", "again": "a whole new password"}
    for name, data in (("password", password), ("unlock", {}), ("sign_out", {})):
        assert clerk.send(f"/users/act/{admin}/{name}", data).status_code == 422, name
    for act in ("unlock", "close"):
        assert clerk.send(f"/people/{admin}/{act}", {}).status_code == 302, act
        assert "rights that you lack" in clerk.get("/people/").text
    assert clerk.send("/users/bulk/edit", {
        "row": str(admin), "column": "active", "step": "confirmed", "active": "",
        f"version-{admin}": "",
    }).status_code == 302
    with town.house() as house:
        person = house.session.get(User, admin)
        assert (person.active, person.email) == (True, "admin@demo.invalid")
        assert [role.name for role in house.session.get(User, me).roles] == ["clerk"]
    assert town.client("admin").get("/roles/list/").status_code == 200


def test_who_looks_after_accounts_can_do_what_is_theirs(town, clerk):
    new = {"username": "helper", "first_name": "x", "email": "h@example.com",
           "roles": role_id(town, "clerk")}
    assert clerk.send("/users/add", new).status_code == 302
    answer = clerk.send(f"/users/act/{user_id(town, 'helper')}/password", {
        "password": "a whole new password", "again": "a whole new password",
    })
    assert answer.status_code == 302


@pytest.mark.parametrize("username", ["agent", "supervisor", "leader", "hr"])
def test_nobody_else_comes_near_roles_and_accounts(town, username):
    client = town.client(username)
    me = user_id(town, username)
    for path, data in (
        (f"/users/edit/{me}", {"roles": role_id(town, "admin")}), ("/roles/add", {"name": "x"}),
        (f"/roles/edit/{role_id(town, 'agent')}", {"scope": "4"}),
        ("/plugins/complaints/disable", {}), ("/fields/complaints.complaint/new", {"label": "x"}),
        ("/audit/verify", {}), ("/users/act/1/password", {}),
    ):
        assert client.send(path, data).status_code == 403, path
    view = client.send("/complaints/views/save", {
        "title": "all", "shared": "all", "role": "admin", "default_roles": "1",
    })
    assert view.status_code in (302, 403)


def test_a_shared_view_widens_nobodys_sight(town):
    supervisor, agent = town.client("supervisor"), town.client("agent")
    saved = supervisor.send("/complaints/views/save?all=1", {"title": "Every one", "shared": "all"})
    shown = agent.get(saved.location, follow_redirects=True)
    assert shown.status_code == 200 and "Every one" in shown.text and SECRET not in shown.text
    counts = agent.get("/complaints/views/counts?all=1").text
    assert SECRET not in counts


def test_denials_stand_in_the_audit_trail(town, monkeypatch):
    # Each way is to be noted, and not taken for a repetition of the one before.
    monkeypatch.setattr(denials, "QUIET", dt.timedelta(0))
    agent, foreign = town.client("agent"), town.foreign[Complaint]
    for call in (lambda: agent.get(f"/complaints/show/{foreign}"),
                 lambda: agent.get(f"/api/v1/complaints/{foreign}"),
                 lambda: agent.send("/complaints/bulk", {"action": "take", "row": str(foreign)})):
        before = last(town, "denied")
        call()
        entry = last(town, "denied", "agent")
        assert entry is not None and (before is None or entry.id > before.id)
        assert (entry.record_type, entry.record_id) == (Complaint.__record_type__, foreign)
    assert agent.get("/audit/").status_code == 403
    assert last(town, "denied", "agent").changes == {
        "address": "/audit/", "asked": "GET", "status": 403
    }
    # Nobody who looks at a record sees who could not.
    assert "/complaints/show/" not in town.client("linna").get(f"/complaints/show/{foreign}").text \
        .partition("timeline")[2].partition("denied")[2]
    with town.house() as house:
        assert list(verify_chain(house.session)) == []


def api_sign_in(client: Client, username: str, password: str) -> int:
    return client.post("/api/v1/security/login", headers={"Authorization": "none"}, json={
        "username": username, "password": password, "provider": "db", "refresh": True,
    }).status_code


def test_an_account_locks_whichever_of_its_names_is_tried_and_wherever(town):
    client = town.client()
    page = client.get("/login/").text
    client.token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    for number in range(10):
        name = ("zhujie", "zhujie@demo.invalid", "ZHUJIE@demo.invalid")[number % 2]
        if number % 3:
            assert api_sign_in(client, name, "wrong") == 401
        else:
            client.send("/login/", {"username": name, "password": "wrong"})
    assert api_sign_in(client, "zhujie", PASSWORD) == 401
    assert api_sign_in(client, "zhujie@demo.invalid", PASSWORD) == 401
    answer = client.send("/login/", {"username": "zhujie", "password": PASSWORD})
    assert answer.status_code == 200
    assert last(town, "sign_in_refused").changes["locked"] is True


def test_sign_in_by_the_api_is_noted_and_a_refreshed_token_dies_with_its_session(town):
    client = town.client()
    answer = client.post("/api/v1/security/login", headers={"Authorization": "none"}, json={
        "username": "yangfan", "password": PASSWORD, "provider": "db", "refresh": True,
    })
    assert last(town, "sign_in", "yangfan").changes == {"api": True}
    refreshed = client.post("/api/v1/security/refresh", headers={
        "Authorization": f"Bearer {answer.json['refresh_token']}"})
    bearer = {"Authorization": f"Bearer {refreshed.json['access_token']}"}
    assert client.get("/api/v1/complaints/", headers=bearer).status_code == 200
    key = user_id(town, "yangfan")
    assert town.client("admin").send(f"/users/act/{key}/sign_out").status_code == 302
    assert client.get("/api/v1/complaints/", headers=bearer).status_code in (401, 422)


def test_rights_and_closing_take_effect_at_the_next_request(town):
    agent, key = town.client("wanghao"), user_id(town, "wanghao")
    admin = town.client("admin")
    assert agent.get("/complaints/list/").status_code == 302
    hr = role_id(town, "hr")
    assert admin.send(f"/users/edit/{key}", {"roles": hr}).status_code == 302
    assert agent.get("/complaints/list/").status_code == 403
    assert admin.send(f"/users/edit/{key}", {"active": ""}).status_code in (302, 422)
    with town.house() as house:
        closed = not house.session.get(User, key).active
    assert (agent.get("/complaints/list/").status_code == 302) is closed


def test_choices_and_labels_ask_for_the_right_to_list(town):
    hr, agent = town.client("hr"), town.client("agent")
    assert SECRET not in hr.get("/api/v1/pick/record/customers.customer").text
    assert SECRET not in agent.get("/api/v1/pick/record/complaints.complaint").text
    own, foreign = town.own[Complaint], town.foreign[Complaint]
    answer = agent.send(f"/complaints/act/{own}/merge", {"merged_into_id": foreign})
    assert answer.status_code == 422 and SECRET not in answer.text
    incident = town.foreign[Incident]
    for page in (agent.get(f"/complaints/add?incident={incident}"),
                 agent.send("/complaints/add", {"incident": incident, "reason": ""})):
        assert f"{SECRET} incident" not in page.text
