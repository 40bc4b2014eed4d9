"""Rights of several people at once, as far as one permission and the rule of rows need."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import RoleReach, RoleScope
from app.access.reaches import RoleScopes, collect, widest
from app.access.scope import people_in_tables, sees, who_sees
from app.people.models import Staff
from app.people.services import places_of


def actors_with(
    session: Session, people: Mapping[int, tuple[int | None, int | None]], permission: str,
    view: str,
) -> list[Actor]:
    """Return those of several people who hold a permission, in two statements.

    What they hold and where they stand is read as far as that permission and the rule of rows
    need: their actors hold this permission alone.

    Args:
        session: any session.
        people: keys of the own department and team by id of an active user.
        permission: name of the permission.
        view: view that it is for; without one everybody is returned.
    """
    if not people:
        return []
    keys = list(people)
    role_of = (
        select(assoc_user_role.c.user_id, assoc_user_role.c.role_id)
        .where(assoc_user_role.c.user_id.in_(keys))
        .union(
            select(assoc_user_group.c.user_id, assoc_group_role.c.role_id)
            .join(assoc_group_role, assoc_group_role.c.group_id == assoc_user_group.c.group_id)
            .where(assoc_user_group.c.user_id.in_(keys))
        )
        .subquery()
    )
    grants = assoc_permissionview_role
    held = exists().where(
        grants.c.role_id == role_of.c.role_id, PermissionView.id == grants.c.permission_view_id,
        Permission.id == PermissionView.permission_id, Permission.name == permission,
        ViewMenu.id == PermissionView.view_menu_id, ViewMenu.name == view,
    )
    holders = set() if view else set(keys)
    rows = session.execute(
        select(role_of.c.user_id, role_of.c.role_id, RoleScope.scope, RoleReach.record_type,
               RoleReach.scope.label("reach"), held.label("held"))
        .outerjoin(RoleScope, RoleScope.role_id == role_of.c.role_id)
        .outerjoin(RoleReach, RoleReach.role_id == role_of.c.role_id)
    ).all()
    of_role = collect((row.role_id, row.scope, row.record_type, row.reach) for row in rows)
    held_roles: dict[int, dict[int, RoleScopes]] = {key: {} for key in keys}
    for row in rows:
        held_roles[row.user_id][row.role_id] = of_role[row.role_id]
        if row.held:
            holders.add(row.user_id)
    places = places_of(session, people)
    return [
        Actor(
            user_id=user_id, username="", name="", permissions=frozenset({(permission, view)}),
            **dataclasses.asdict(widest(held_roles[user_id].values())),
            **dataclasses.asdict(places[user_id]),
        )
        for user_id in keys if user_id in holders
    ]


def users_among_who_can_see(
    session: Session, people: Mapping[int, tuple[int | None, int | None]], record: Any, view: str
) -> set[int]:
    """Return who of several people may open a record, in two statements.

    Args:
        session: any session.
        people: keys of the own department and team by id of an active user.
        record: the record.
        view: view whose ``can_show`` they need.
    """
    found = actors_with(session, people, "can_show", view)
    return {person.user_id for person in who_sees(found, record) if person.user_id is not None}


def users_who_can_see(
    session: Session, user_ids: Collection[int], record: Any, view: str
) -> set[int]:
    """Return which users may open a record, in three statements; closed accounts are left out.

    Args:
        session: any session.
        user_ids: keys of users.
        record: the record.
        view: view whose ``can_show`` they need.
    """
    return users_among_who_can_see(session, _active(session, user_ids), record, view)


def users_who_can_see_each(
    session: Session, wanted: Sequence[tuple[Any, Collection[int]]], view: str
) -> list[set[int]]:
    """Return for each of several records which users may open it, in as many statements as for one.

    Args:
        session: any session.
        wanted: records of one kind, each with the keys of the users asked about.
        view: view whose ``can_show`` they need.
    """
    everybody = {user_id for _, user_ids in wanted for user_id in user_ids}
    if not everybody:
        return [set() for _ in wanted]
    people = _active(session, everybody)
    found = {actor.user_id: actor for actor in actors_with(session, people, "can_show", view)}
    tied = people_in_tables(session, [record for record, _ in wanted])
    return [{key for key in user_ids
             if key in found and sees(found[key], record, tied.get(record.id, frozenset()))}
            for record, user_ids in wanted]


def _active(
    session: Session, user_ids: Collection[int]
) -> dict[int, tuple[int | None, int | None]]:
    """Return department and team of those of several users whose accounts are open."""
    return {
        row.id: (row.department_id, row.team_id)
        for row in session.execute(
            select(User.id, Staff.department_id, Staff.team_id)
            .outerjoin(Staff, Staff.user_id == User.id)
            .where(User.id.in_(user_ids), User.active.is_(True))
        )
    }
