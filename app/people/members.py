"""Which people there are for a piece of work: by place, role, post and skill, and who is there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.people.absences import presence_on
from app.people.clock import local_today
from app.people.models import STAFF_SKILLS, Department, Post, PostHolder, Skill, Staff
from app.people.posts import in_force_on

_GRANTS = assoc_permissionview_role


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who may work.

    Attributes:
        user_id: key of the user.
        name: name among the staff.
        team_id: key of the team.
        department_id: key of the department.
        branch_id: key of the branch.
        presence: share of the day for which the person is there, 0.0 to 1.0.
        skills: codes of the person's skills.
    """

    user_id: int
    name: str
    team_id: int | None
    department_id: int | None
    branch_id: int | None
    presence: float
    skills: frozenset[str] = frozenset()


def members(
    session: Session, *, team_id: int | None = None, department_id: int | None = None,
    branch_id: int | None = None, role: str = "", post: str = "", skill: str = "",
    can: tuple[str, str] | None = None, on: dt.date | None = None, present: bool = True,
    user_ids: Iterable[int] | None = None,
) -> list[Person]:
    """Return the members of staff whom all conditions fit, by name.

    Closed accounts are left out.

    Args:
        session: any session.
        team_id: only of this team.
        department_id: only of this department and those below it.
        branch_id: only of this branch.
        role: only holders of the role of this name, e.g. ``agent``.
        post: only holders of the post of this code on the day; deputies do not count.
        skill: only those with the skill of this code.
        can: only those who hold this permission, e.g. ``("can_edit", "callbacks.Task")``.
        on: local date; today by default.
        present: leave out who is away for all of the day's open hours.
        user_ids: only these users.

    Raises:
        LookupError: there is no such department.
    """
    day = on or local_today()
    where = [*_of_place(session, team_id, department_id, branch_id),
             *_with(role, post, skill, day)]
    if can is not None:
        where.append(holds(*can))
    if user_ids is not None:
        where.append(Staff.user_id.in_(list(user_ids)))
    rows = session.execute(
        select(Staff.id, Staff.user_id, Staff.name, Staff.team_id, Staff.department_id,
               Staff.branch_id)
        .join(User, and_(User.id == Staff.user_id, User.active.is_(True)))
        .where(*where).order_by(Staff.name, Staff.id)
    ).all()
    presence = presence_on(session, [row.user_id for row in rows], day)
    skills = _skills_of(session, [row.id for row in rows])
    return [
        Person(row.user_id, row.name, row.team_id, row.department_id, row.branch_id,
               presence[row.user_id], frozenset(skills.get(row.id, ())))
        for row in rows if presence[row.user_id] > 0 or not present
    ]


def holds(permission: str, view: str) -> ColumnElement[bool]:
    """Return the condition that a member of staff holds a permission, by a role or a group.

    Args:
        permission: its name, e.g. ``can_edit``.
        view: the view it is for, e.g. ``callbacks.Task``.
    """
    return _has_role(
        select(_GRANTS.c.role_id)
        .join(PermissionView, PermissionView.id == _GRANTS.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == permission, ViewMenu.name == view))


def _of_place(
    session: Session, team_id: int | None, department_id: int | None, branch_id: int | None
) -> Iterator[ColumnElement[bool]]:
    if team_id is not None:
        yield Staff.team_id == team_id
    if branch_id is not None:
        yield Staff.branch_id == branch_id
    if department_id is not None:
        path = session.scalar(select(Department.path).where(Department.id == department_id))
        if path is None:
            raise LookupError(department_id)
        yield Staff.department_id.in_(
            select(Department.id).where(Department.path.startswith(path, autoescape=True)))


def _with(role: str, post: str, skill: str, day: dt.date) -> Iterator[ColumnElement[bool]]:
    if role:
        yield _has_role(select(Role.id).where(Role.name == role))
    if post:
        yield Staff.id.in_(
            select(PostHolder.staff_id).join(Post, Post.id == PostHolder.post_id)
            .where(Post.code == post, PostHolder.deputy_order == 0, in_force_on(day)))
    if skill:
        yield Staff.id.in_(
            select(STAFF_SKILLS.c.staff_id).join(Skill, Skill.id == STAFF_SKILLS.c.skill_id)
            .where(Skill.code == skill))


def _has_role(role_ids: Select[int]) -> ColumnElement[bool]:
    """Return the condition that a member of staff has one of several roles, or by a group."""
    return or_(
        Staff.user_id.in_(
            select(assoc_user_role.c.user_id).where(assoc_user_role.c.role_id.in_(role_ids))),
        Staff.user_id.in_(
            select(assoc_user_group.c.user_id)
            .join(assoc_group_role, assoc_group_role.c.group_id == assoc_user_group.c.group_id)
            .where(assoc_group_role.c.role_id.in_(role_ids))),
    )


def _skills_of(session: Session, staff_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if staff_ids:
        pairs: Any = session.execute(
            select(STAFF_SKILLS.c.staff_id, Skill.code)
            .join(Skill, Skill.id == STAFF_SKILLS.c.skill_id)
            .where(STAFF_SKILLS.c.staff_id.in_(staff_ids)))
        for staff_id, code in pairs:
            found.setdefault(staff_id, []).append(code)
    return found
