"""The form of a role touches nothing that it does not show, and shipped roles keep their names."""

from __future__ import annotations

import dataclasses

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.access.services import invalidate_rights
from app.admin.access.grants import grant_groups
from app.admin.access.services import grant_names, role_settings
from app.database import write
from app.errors import Invalid
from app.records.operations import operations_of
from app.workflow.publishing import in_force
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed


def role(house, name: str) -> Role:
    return house.session.scalar(select(Role).where(Role.name == name))


def sent(house, wanted: Role, **more) -> dict:
    """Return what the browser sends when the form of a role is saved as it is shown."""
    with house.app.test_request_context():
        present = role_settings(house.session, wanted)
        groups = grant_groups(house.session, set(present.grants))
    ticked = [str(line.key) for group in groups for line in group.lines if line.chosen]
    return {"name": present.name, "scope": int(present.scope), "grants": ticked,
            "seen": present.digest(), **more}


@pytest.mark.parametrize("name", ["agent", "supervisor", "leader", "hr", "admin"])
def test_saving_without_a_change_keeps_every_right(house, desk, name):
    wanted = role(house, name)
    before = grant_names(house.session, role_settings(house.session, wanted).grants)
    answer = desk("admin").send(f"/roles/edit/{wanted.id}", sent(house, wanted))
    assert answer.status_code == 302
    house.session.expire_all()
    after = grant_names(house.session, role_settings(house.session, wanted).grants)
    assert after == before


@pytest.mark.parametrize("name", ["agent", "supervisor", "admin"])
def test_a_role_that_a_workflow_names_keeps_its_name(house, desk, name):
    wanted = role(house, name)
    answer = desk("admin").send(f"/roles/edit/{wanted.id}", sent(house, wanted, name="kefu"))
    assert answer.status_code == 422 and "keeps its name" in answer.text
    house.session.expire_all()
    assert wanted.name == name


def test_a_copied_role_is_renamed_in_its_page(house, desk):
    admin = desk("admin")
    copied = operations_of(Role).act(
        house.session, house.actor("admin"), role(house, "agent"), "copy",
        {"name": "agent-2"}).record
    key = copied.id
    answer = admin.send(f"/roles/fact/{key}/name", {"name": "night shift"})
    assert answer.status_code < 400, answer.text
    house.session.expire_all()
    assert house.session.get(Role, key).name == "night shift"
    refused = admin.send(f"/roles/fact/{role(house, 'agent').id}/name", {"name": "kefu"})
    assert refused.status_code == 422 and "keeps its name" in refused.text


def test_a_copy_is_asked_for_its_name_and_takes_the_steps_of_the_role(house, desk):
    admin, key = desk("admin"), role(house, "supervisor").id
    asked = admin.get(f"/roles/act/{key}/copy").text
    assert 'value="supervisor-2"' in asked and "Takes the same workflow steps" in asked
    before = in_force(house.session, "complaints.complaint")[1]
    answer = admin.send(f"/roles/act/{key}/copy", {"name": "night lead", "steps": "y"})
    assert answer.status_code == 302
    house.session.expire_all()
    after = in_force(house.session, "complaints.complaint")[1]
    assert after.version == before.version + 1
    theirs = {one.name for one in before.transitions if "supervisor" in one.who.roles}
    assert theirs == {one.name for one in after.transitions if "night lead" in one.who.roles}
    assert theirs and all("supervisor" in one.who.roles for one in after.transitions
                          if one.name in theirs)
    with write(house.session):
        person = house.session.get(User, house.actor("supervisor").user_id)
        person.roles = [role(house, "night lead")]
        invalidate_rights(house.session)
    complaint = assessed(house)
    offered = operations_of(Complaint).actions(
        house.session, house.actor("supervisor"), complaint)
    assert "assign" in {one.name for one in offered}


def test_a_copy_without_the_steps_leaves_the_workflows_as_they_are(house, desk):
    version = in_force(house.session, "complaints.complaint")[1].version
    desk("admin").send(f"/roles/act/{role(house, 'supervisor').id}/copy",
                        {"name": "reader", "steps": "false"})
    house.session.expire_all()
    assert role(house, "reader").name == "reader"
    assert in_force(house.session, "complaints.complaint")[1].version == version


@pytest.mark.parametrize(("language", "words"), [
    ("zh", "有人员拥有该角色"), ("en", "Somebody holds this role")])
def test_a_role_that_somebody_holds_stays_and_says_so_in_the_language_of_the_page(
        house, desk, language, words):
    wanted = operations_of(Role).act(
        house.session, house.actor("admin"), role(house, "agent"), "copy",
        {"name": "night shift"}).record
    holder = house.session.scalar(select(User).where(User.username == "liuyang"))
    with write(house.session):
        holder.roles.append(wanted)
    admin = desk("admin")
    admin.send("/account/language", {"locale": language})
    admin.send(f"/roles/delete/{wanted.id}", {})
    assert words in admin.get("/roles/list/").text
    house.session.expire_all()
    assert role(house, "night shift") is not None


def test_a_name_that_another_role_has_is_refused_at_its_field(house, desk):
    answer = desk("admin").send(
        f"/roles/act/{role(house, 'agent').id}/copy", {"name": "supervisor", "steps": "y"})
    assert answer.status_code == 422
    assert "Another role has this name" in answer.text and 'value="supervisor"' in answer.text


def test_who_may_not_change_workflows_copies_without_the_steps(house):
    clerk = dataclasses.replace(house.actor("admin"), permissions=frozenset(
        house.actor("admin").permissions - {("can_edit", "core.Workflows")}))
    with pytest.raises(Invalid, match="may not change workflows"):
        operations_of(Role).act(house.session, clerk, role(house, "agent"), "copy",
                                {"name": "x", "steps": "y"})
    assert house.session.scalar(select(Role.id).where(Role.name == "x")) is None
