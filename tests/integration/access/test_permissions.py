"""Permission sync adds and never takes away; rights are in force at the next request."""

from __future__ import annotations

import threading

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import delete, func, select

from app.access.actor import Scope
from app.access.bulk_authorization import actors_with
from app.access.models import RoleScope
from app.access.services import (
    Grant,
    access_version,
    actor_for,
    load_actor,
    sync_permissions,
    unknown_grants,
)
from app.database import write
from app.people.models import Staff

PAIRS = {("can_list", "complaints.Case"), ("can_edit", "complaints.Case"), ("can_list", "core.A")}
GRANTS = [Grant("agent", "can_list", "complaints.Case"), Grant("agent", "can_list", "core.A")]


def user_with(session, *roles: str) -> User:
    with write(session):
        found = session.scalars(select(Role).where(Role.name.in_(roles))).all()
        user = User(username="u", first_name="U", last_name="", email="u@x.invalid", active=True,
                    roles=list(found))
        session.add(user)
    return user


def test_ready_made_roles_come_with_scopes(session):
    sync_permissions(session, PAIRS, GRANTS)
    rows = session.execute(
        select(Role.name, RoleScope.scope).join(RoleScope, RoleScope.role_id == Role.id)
    )
    scopes = {row.name: row.scope for row in rows}
    assert scopes == {"agent": Scope.TEAM, "supervisor": Scope.DEPARTMENT, "admin": Scope.ALL,
                      "leader": Scope.DEPARTMENT, "hr": Scope.OWN}


def test_sync_twice_adds_nothing(session):
    assert sync_permissions(session, PAIRS, GRANTS) == (3, 5)
    assert sync_permissions(session, PAIRS, GRANTS) == (0, 0)


def test_admin_gets_everything_and_agent_exactly_the_grants(session):
    sync_permissions(session, PAIRS, GRANTS)
    admin = load_actor(session, user_with(session, "admin"))
    assert admin.permissions == PAIRS
    with write(session):
        session.execute(delete(User))
    agent = load_actor(session, user_with(session, "agent"))
    assert agent.permissions == {("can_list", "complaints.Case"), ("can_list", "core.A")}


def test_names_are_anchored(session):
    sync_permissions(
        session, PAIRS | {("can_list", "complaints.CaseSecret"), ("can_list_all", "core.A")}, GRANTS
    )
    agent = load_actor(session, user_with(session, "agent"))
    assert not agent.can("can_list", "complaints.CaseSecret")
    assert not agent.can("can_list_all", "core.A")


def test_what_an_admin_took_away_stays_away(session):
    sync_permissions(session, PAIRS, GRANTS)
    with write(session):
        role = session.scalar(select(Role).where(Role.name == "agent"))
        role.permissions = [p for p in role.permissions if p.view_menu.name != "core.A"]
    sync_permissions(session, PAIRS, GRANTS)
    agent = load_actor(session, user_with(session, "agent"))
    assert agent.permissions == {("can_list", "complaints.Case")}


def test_grants_of_a_plugin_that_is_away_survive(session):
    sync_permissions(session, PAIRS, GRANTS)
    sync_permissions(session, {("can_list", "core.A")}, [])
    agent = load_actor(session, user_with(session, "agent"))
    assert agent.can("can_list", "complaints.Case")


def test_every_change_of_rights_counts_up(session):
    sync_permissions(session, PAIRS, GRANTS)
    before = access_version(session)
    with write(session):
        role = session.scalar(select(Role).where(Role.name == "agent"))
        role.permissions = []
    middle = access_version(session)
    assert middle > before
    user = user_with(session, "agent")
    assert access_version(session) > middle
    quiet = access_version(session)
    with write(session):
        user.login_count = 7
    assert access_version(session) == quiet


def test_grants_of_unknown_permissions_are_reported():
    wrong = Grant("agent", "can_lst", "core.A")
    assert unknown_grants(PAIRS, [*GRANTS, wrong]) == [wrong]


def test_two_syncs_at_once_do_not_collide(sessions, session):
    failures = []

    def work():
        try:
            with sessions() as own:
                sync_permissions(own, PAIRS, GRANTS)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert session.scalar(select(func.count()).select_from(Role)) == 5


def test_actors_read_together_agree_with_those_read_alone(house):
    view = "complaints.Complaint"
    people = {
        row.user_id: (row.department_id, row.team_id)
        for row in house.session.query(Staff.user_id, Staff.department_id, Staff.team_id)
    }
    alone = {key: actor_for(house.session, key) for key in people}
    together = {one.user_id: one for one in
                actors_with(house.session, people, "can_show", view)}
    assert set(together) == {key for key, one in alone.items() if one.can("can_show", view)}
    assert 0 < len(together) < len(people)
    for key, one in together.items():
        assert (one.scope, one.department_ids, one.team_ids, one.led_department_ids) == (
            alone[key].scope, alone[key].department_ids, alone[key].team_ids,
            alone[key].led_department_ids,
        )
