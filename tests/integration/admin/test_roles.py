"""The form of a role touches nothing that it does not show, and shipped roles keep their names."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.admin.access.grants import grant_groups
from app.admin.access.services import grant_names, role_settings
from app.records.operations import operations_of


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
        house.session, house.actor("admin"), role(house, "agent"), "copy").record
    key = copied.id
    answer = admin.send(f"/roles/fact/{key}/name", {"name": "night shift"})
    assert answer.status_code < 400, answer.text
    house.session.expire_all()
    assert house.session.get(Role, key).name == "night shift"
    refused = admin.send(f"/roles/fact/{role(house, 'agent').id}/name", {"name": "kefu"})
    assert refused.status_code == 422 and "keeps its name" in refused.text
