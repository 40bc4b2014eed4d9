"""The table of permissions and roles: what is ticked is in force, what differs is marked."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.admin.access.services import role_settings, save_role
from app.sdk.services import Scope

PAGE = "/roles/matrix/"


def key_of(house, permission: str, view: str) -> int:
    return house.session.scalar(
        select(PermissionView.id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == permission, ViewMenu.name == view))


def role(house, name: str) -> Role:
    house.session.expire_all()
    return house.session.scalar(select(Role).where(Role.name == name))


def form_of(page: str, without: set[str] = frozenset()) -> dict[str, list[str]]:
    """Return what a browser would send: marks, and what is ticked."""
    found: dict[str, list[str]] = {
        name: [value] for name, value in re.findall(r'name="(seen-\d+)" value="(\w+)"', page)}
    for name, value in re.findall(r'name="(role-\d+)" value="(\d+)" checked', page):
        found.setdefault(name, []).append(value)
    return found


def test_what_is_ticked_is_in_force_at_the_next_click(house, desk):
    admin, agent = desk("admin"), desk("agent")
    assert agent.get("/audit/").status_code == 403
    page = admin.get(PAGE).text
    assert "Permissions of roles" in page and "As shipped" in page
    form = form_of(page)
    agents = role(house, "agent").id
    before = role_settings(house.session, role(house, "agent")).grants
    audit = key_of(house, "can_list", "core.Audit")
    form[f"role-{agents}"].append(str(audit))
    assert admin.send(PAGE, form).status_code == 302
    assert role_settings(house.session, role(house, "agent")).grants == before | {audit}
    assert agent.get("/audit/").status_code == 200
    page = admin.get(PAGE).text
    assert "1 differ" in page and page.count('class="is-added"') == 1
    entries = house.session.scalars(
        select(AuditEntry).where(AuditEntry.record_type == "access.role")).all()
    # The other roles were sent as well, and are left alone.
    assert [one.number for one in entries] == ["agent"]
    assert entries[0].changes["granted"][1] == ["can_list on core.Audit"]


def test_a_role_is_reset_after_a_preview(house, desk):
    admin = desk("admin")
    agents = role(house, "agent").id
    shipped = role_settings(house.session, role(house, "agent")).grants
    form = form_of(admin.get(PAGE).text)
    gone = form[f"role-{agents}"].pop()
    form[f"role-{agents}"].append(str(key_of(house, "can_list", "core.Plugins")))
    admin.send(PAGE, form)
    assert int(gone) not in role_settings(house.session, role(house, "agent")).grants
    preview = admin.get(f"{PAGE}{agents}/reset").text
    assert "Will be granted" in preview and "Will be taken away" in preview
    assert "Plugins" in preview
    # A preview of something else than what is there now is not carried out.
    admin.send(f"{PAGE}{agents}/reset", {"seen": "old"})
    assert role_settings(house.session, role(house, "agent")).grants != shipped
    seen = re.search(r'name="seen" value="(\w+)"', preview)[1]
    admin.send(f"{PAGE}{agents}/reset", {"seen": seen})
    assert role_settings(house.session, role(house, "agent")).grants == shipped


def test_resetting_brings_back_how_far_a_role_sees(house, desk):
    def scopes():
        present = role_settings(house.session, role(house, "agent"))
        return present.scope, dict(present.reaches)

    admin, shipped = desk("admin"), scopes()
    agents = role(house, "agent")
    changed = dataclasses.replace(
        role_settings(house.session, agents), scope=Scope.ALL,
        reaches={"complaints.complaint": Scope.OWN, "gone.kind": Scope.ALL})
    save_role(house.session, house.actor("admin"), agents, changed)
    page = admin.get(PAGE).text
    assert "Scope differs" in page
    preview = admin.get(f"{PAGE}{agents.id}/reset").text
    assert "All records → Records of the own team" in preview
    assert re.search(r"<dt>Complaints</dt><dd>Own records →", preview)
    admin.send(f"{PAGE}{agents.id}/reset", {
        "seen": re.search(r'name="seen" value="(\w+)"', preview)[1]})
    # What belongs to a plugin that is not in force is nobody's to judge.
    assert scopes() == (shipped[0], {**shipped[1], "gone.kind": Scope.ALL})
    assert "Scope differs" not in admin.get(PAGE).text


def test_a_copy_stands_beside_and_has_nothing_to_be_reset_to(house, desk):
    admin = desk("admin")
    address = f"/roles/act/{role(house, 'agent').id}/copy"
    assert address in admin.get(PAGE).text
    admin.send(address, {"name": "agent-2", "steps": ""})
    copied = role(house, "agent-2")
    assert role_settings(house.session, copied).grants == role_settings(
        house.session, role(house, "agent")).grants
    assert "Own role" in admin.get(PAGE).text
    assert admin.get(f"{PAGE}{copied.id}/reset").status_code == 404


def test_a_stale_page_saves_nothing_and_keeps_the_ticks(house, desk):
    admin = desk("admin")
    form = form_of(admin.get(PAGE).text)
    agents = role(house, "agent").id
    other = {**form, f"role-{agents}": form[f"role-{agents}"][1:]}
    assert admin.send(PAGE, other).status_code == 302
    present = role_settings(house.session, role(house, "agent")).grants
    answer = admin.send(PAGE, form)
    assert answer.status_code == 409 and "Somebody else has changed these roles" in answer.text
    assert role_settings(house.session, role(house, "agent")).grants == present
    kept = form_of(answer.text)
    assert sorted(kept[f"role-{agents}"]) == sorted(form[f"role-{agents}"])


def test_administrators_cannot_lock_themselves_out(house, desk):
    admin = desk("admin")
    form = form_of(admin.get(PAGE).text)
    admins = role(house, "admin").id
    lost = str(key_of(house, "can_edit", "core.Role"))
    form[f"role-{admins}"].remove(lost)
    answer = admin.send(PAGE, form)
    assert answer.status_code == 409
    assert "must keep the right to change roles" in answer.text
    assert int(lost) in role_settings(house.session, role(house, "admin")).grants


@pytest.mark.parametrize("name", ["agent", "supervisor", "leader", "hr"])
def test_who_may_not(house, desk, name):
    person, agents = desk(name), role(house, "agent").id
    before = house.session.scalar(select(func.count()).select_from(Role))
    assert person.get(PAGE).status_code == 403
    assert person.send(PAGE, {f"seen-{agents}": "x"}).status_code == 403
    assert person.get(f"{PAGE}{agents}/reset").status_code == 403
    assert person.send(f"/roles/act/{agents}/copy", {"name": "x"}).status_code == 403
    assert house.session.scalar(select(func.count()).select_from(Role)) == before


def test_what_is_no_permission_is_passed_over(house, desk):
    admin, agents = desk("admin"), role(house, "agent").id
    form = form_of(admin.get(PAGE).text)
    before = role_settings(house.session, role(house, "agent")).grants
    form[f"role-{agents}"] += ["999999", "x", "²", "-1"]
    assert admin.send(PAGE, form).status_code == 302
    assert role_settings(house.session, role(house, "agent")).grants == before
    assert admin.get(f"{PAGE}999999/reset").status_code == 404
