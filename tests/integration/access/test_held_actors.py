"""The rights of a person are read once until they change, and then at once anew."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.access.models import RoleScope
from app.access.scope import Scope
from app.database import write


def test_rights_are_read_anew_when_they_have_changed_and_only_then(house):
    first = house.actor("agent")
    assert first.scope is not Scope.ALL
    again = []
    # The person, and the number under which rights are kept.
    assert len(house.statements_of(lambda: again.append(house.actor("agent")))) == 2
    assert again == [first]
    with write(house.session):
        house.session.scalars(
            select(RoleScope).join(Role, Role.id == RoleScope.role_id)
            .where(Role.name == "agent")).one().scope = Scope.ALL
    assert house.actor("agent").scope is Scope.ALL


def test_people_are_told_apart(house):
    assert house.actor("agent").username == "agent"
    assert house.actor("supervisor").username == "supervisor"
    assert house.actor("agent").user_id != house.actor("supervisor").user_id
