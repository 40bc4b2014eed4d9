"""What rules ask about members of staff: roles, posts, place, first day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Role,
    User,
    assoc_group_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import and_, or_, select, union_all
from sqlalchemy.orm import Session

from app.people.clock import local_today
from app.people.models import Department, PostHolder, Staff
from app.people.posts import in_force_on


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """A member of staff as rules see them.

    Attributes:
        user_id: key of the user.
        name: name among the staff.
        department_id: key of the department.
        team_id: key of the team.
        department_ids: keys of the department and of all above it.
        roles: names of the roles held, by groups too.
        posts: keys of the posts held on the day; deputies do not count.
        hired_on: first day with the organisation, if known.
    """

    user_id: int
    name: str
    department_id: int | None
    team_id: int | None
    department_ids: frozenset[int]
    roles: frozenset[str]
    posts: frozenset[int]
    hired_on: dt.date | None


def profiles(
    session: Session, *, user_ids: Collection[int] | None = None,
    department_ids: Collection[int] | None = None, team_ids: Collection[int] | None = None,
    everyone: bool = False, on: dt.date | None = None, limit: int | None = None, offset: int = 0,
) -> list[Profile]:
    """Return members of staff by name, in three statements; closed accounts are left out.

    Args:
        session: any session.
        user_ids: these users.
        department_ids: and whoever is in one of these departments.
        team_ids: and whoever is in one of these teams.
        everyone: all members of staff.
        on: local date of the posts; today by default.
        limit: most that are returned; ``None`` for all.
        offset: how many of the first are passed over.
    """
    wanted = or_(*(
        column.in_(list(keys)) for column, keys in
        ((Staff.user_id, user_ids), (Staff.department_id, department_ids),
         (Staff.team_id, team_ids)) if keys
    )) if user_ids or department_ids or team_ids else None
    if wanted is None and not everyone:
        return []
    query = (
        select(Staff.id, Staff.user_id, Staff.name, Staff.department_id, Staff.team_id,
               Staff.hired_on, Department.path)
        .join(User, and_(User.id == Staff.user_id, User.active.is_(True)))
        .outerjoin(Department, Department.id == Staff.department_id)
        .order_by(Staff.name, Staff.id).limit(limit).offset(offset)
    )
    rows = session.execute(query if everyone or wanted is None else query.where(wanted)).all()
    roles = _roles(session, [row.user_id for row in rows])
    posts = _posts(session, [row.id for row in rows], on or local_today())
    return [
        Profile(row.user_id, row.name, row.department_id, row.team_id,
                frozenset(int(key) for key in (row.path or "").split("/") if key),
                frozenset(roles.get(row.user_id, ())), frozenset(posts.get(row.id, ())),
                row.hired_on)
        for row in rows
    ]


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found


def _roles(session: Session, user_ids: list[int]) -> dict[int, list[str]]:
    if not user_ids:
        return {}
    direct = (
        select(assoc_user_role.c.user_id, Role.name)
        .join(Role, Role.id == assoc_user_role.c.role_id)
        .where(assoc_user_role.c.user_id.in_(user_ids)))
    by_group = (
        select(assoc_user_group.c.user_id, Role.name)
        .join(assoc_group_role, assoc_group_role.c.group_id == assoc_user_group.c.group_id)
        .join(Role, Role.id == assoc_group_role.c.role_id)
        .where(assoc_user_group.c.user_id.in_(user_ids)))
    return _grouped(session.execute(union_all(direct, by_group)))


def _posts(session: Session, staff_ids: list[int], day: dt.date) -> dict[int, list[int]]:
    if not staff_ids:
        return {}
    return _grouped(session.execute(
        select(PostHolder.staff_id, PostHolder.post_id)
        .where(PostHolder.staff_id.in_(staff_ids), PostHolder.deputy_order == 0,
               in_force_on(day))))
