"""What can be done with departments, teams and staff."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.database import AnySelect, UTCDateTime, utcnow, write
from app.errors import Rejected
from app.i18n import N_, Message
from app.people.models import Department, Staff, Team
from app.people.substitutes import standing_in, substitutes_of
from app.statements import built_once


@dataclasses.dataclass(frozen=True, slots=True)
class UserPlace:
    """Where a user stands in the house, as ids."""

    department_id: int | None
    team_id: int | None
    department_ids: frozenset[int]
    team_ids: frozenset[int]
    led_department_ids: frozenset[int]
    led_team_ids: frozenset[int]
    stands_in_for: frozenset[int]


class DepartmentCycle(Rejected):
    """A department would stand below itself."""

    def __init__(self) -> None:
        super().__init__(Message(N_("A department cannot stand below itself.")))


def place_department(session: Session, department: Department) -> None:
    """Set the ``path`` of a department and of all below it after its parent changed.

    Args:
        session: session with a running write; ``department`` has been flushed.
        department: the department that was added or moved.

    Raises:
        DepartmentCycle: the new parent stands below the department.
    """
    parent_path = "/"
    if department.parent_id is not None:
        parent = session.get(Department, department.parent_id)
        if parent is None or f"/{department.id}/" in parent.path:
            raise DepartmentCycle
        parent_path = parent.path
    old, new = department.path, f"{parent_path}{department.id}/"
    department.path = new
    session.flush()
    if old and old != new:
        below = select(Department).where(
            Department.path.like(f"{old}%"), Department.id != department.id
        )
        for child in session.scalars(below):
            child.path = new + child.path[len(old):]
        session.flush()


def place_of(session: Session, user_id: int) -> UserPlace:
    """Return where a user stands: own and led departments (with all below) and teams.

    Args:
        session: any session.
        user_id: primary key of the user.
    """
    staff = session.execute(
        select(Staff.department_id, Staff.team_id).where(Staff.user_id == user_id)
    ).one_or_none()
    own = (staff.department_id, staff.team_id) if staff else (None, None)
    return places_of(session, {user_id: own})[user_id]


@functools.cache
def _places() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the SELECT behind ``places_of``, built once: it is asked with every sign-in."""
    keys = bindparam("keys", expanding=True)
    away = standing_in(bindparam("at", type_=UTCDateTime())).subquery()
    stood_in_for = select(away.c.absent).where(away.c.substitute.in_(keys))
    return union_all(
        select(literal("department").label("kind"), Department.id, Department.path,
               Department.leader_id),
        select(literal("team"), Team.id, literal(""), Team.leader_id)
        .where(or_(Team.leader_id.in_(keys), Team.leader_id.in_(stood_in_for))),
        select(literal("absence"), away.c.absent, literal(""), away.c.substitute)
        .where(away.c.substitute.in_(keys)),
    )


def places_of(
    session: Session, own: Mapping[int, tuple[int | None, int | None]]
) -> dict[int, UserPlace]:
    """Return where several users stand now, in one statement.

    Args:
        session: any session.
        own: key of the own department and of the own team by user id.
    """
    rows = session.execute(_places(), {"at": utcnow(), "keys": list(own)}).all()
    kinds: dict[str, list[Any]] = {"department": [], "team": [], "absence": []}
    for row in rows:
        kinds[row.kind].append(row)
    return {
        user_id: _place(user_id, *held, kinds["department"], kinds["team"], frozenset(
            absence.id for absence in kinds["absence"] if absence.leader_id == user_id))
        for user_id, held in own.items()
    }


def _place(
    user_id: int, own_department: int | None, own_team: int | None, departments: Sequence[Any],
    teams: Sequence[Any], stands_in_for: frozenset[int],
) -> UserPlace:
    leaders = stands_in_for | {user_id}
    led_roots = [d.path for d in departments if d.leader_id in leaders]
    own_roots = [d.path for d in departments if d.id == own_department]
    led = frozenset(d.id for d in departments if any(d.path.startswith(r) for r in led_roots))
    own = frozenset(d.id for d in departments if any(d.path.startswith(r) for r in own_roots))
    led_teams = frozenset(team.id for team in teams if team.leader_id in leaders)
    of_team = frozenset() if own_team is None else frozenset({own_team})
    return UserPlace(
        own_department, own_team, own | led, led_teams | of_team, led, led_teams, stands_in_for
    )


def branch_of(session: Session, user_id: int | None) -> int | None:
    """Return the branch that a user works for, if any.

    Args:
        session: any session.
        user_id: primary key; nobody works for none.
    """
    if user_id is None:
        return None
    return session.scalar(select(Staff.branch_id).where(Staff.user_id == user_id))


def leader_of(session: Session, department_id: int | None) -> int | None:
    """Return the user id of a department's leader, or of the next one above that has one.

    Args:
        session: any session.
        department_id: primary key of the department.
    """
    return next(iter(leaders_of(session, department_id)), None)


@built_once
def _path_of() -> AnySelect:
    return select(Department.path).where(Department.id == bindparam("department"))


@built_once
def _leaders_among() -> AnySelect:
    return select(Department.id, Department.leader_id).where(
        Department.id.in_(bindparam("departments", expanding=True)))


def leaders_of(session: Session, department_id: int | None) -> list[int]:
    """Return the user ids of those who lead a department: its own leader first, then those above.

    Args:
        session: any session.
        department_id: primary key; none gives nobody.
    """
    if department_id is None:
        return []
    path = session.scalar(_path_of(), {"department": department_id}) or ""
    above = [int(part) for part in path.split("/") if part]
    found = dict(session.execute(_leaders_among(), {"departments": above}).all())
    leaders = (found.get(one) for one in reversed(above))
    return [leader for leader in leaders if leader is not None]


def who_lead(session: Session, department_id: int | None) -> list[int]:
    """Return who leads a department at present: see ``leaders_of``, and those who stand in.

    Args:
        session: any session.
        department_id: primary key; none gives nobody.
    """
    leaders = leaders_of(session, department_id)
    present = substitutes_of(session, leaders)
    standing = [user_id for leader in leaders for user_id in present.get(leader, ())]
    return list(dict.fromkeys([*leaders, *standing]))


def find_staff(session: Session, text: str, limit: int = 20) -> list[tuple[int, str]]:
    """Return ``(user id, name and number)`` of staff whose name or number begins with ``text``."""
    like = f"{text}%"
    rows = session.execute(
        select(Staff.user_id, Staff.name, Staff.number)
        .where(or_(Staff.name.like(like), Staff.number.like(like)))
        .order_by(Staff.name, Staff.id)
        .limit(limit)
    )
    return [(row.user_id, f"{row.name} ({row.number})") for row in rows]


def name_of(session: Session, user_id: int | None) -> str:
    """Return how a user is called: the name among the staff, else the sign-in name.

    Args:
        session: any session.
        user_id: primary key of the user.
    """
    if user_id is None:
        return ""
    row = session.execute(
        select(Staff.name, User.username)
        .select_from(User)
        .outerjoin(Staff, Staff.user_id == User.id)
        .where(User.id == user_id)
    ).one_or_none()
    return (row.name or row.username) if row else ""


def names_of(session: Session, user_ids: Iterable[int]) -> dict[int, str]:
    """Return how users are called, by key, in one statement; none for no keys.

    Args:
        session: any session.
        user_ids: primary keys of users.
    """
    keys = list(user_ids)
    if not keys:
        return {}
    rows = session.execute(
        select(User.id, Staff.name, User.username)
        .select_from(User).outerjoin(Staff, Staff.user_id == User.id).where(User.id.in_(keys))
    )
    return {row.id: row.name or row.username for row in rows}


def name_column(user_id: Any) -> ColumnElement[str | None]:
    """Return the SQL of how a user is called, as ``names_of`` says it.

    Args:
        user_id: SQL of the user's key, a column of the outer statement.
    """
    return (
        select(func.coalesce(func.nullif(Staff.name, ""), User.username))
        .select_from(User).outerjoin(Staff, Staff.user_id == User.id)
        .where(User.id == user_id).scalar_subquery()
    )


def user_ids_by_name(session: Session) -> dict[str, int]:
    """Return the ids of all users by sign-in name."""
    return {row.username: row.id for row in session.execute(select(User.username, User.id))}


def set_preference(session: Session, user_id: int, *, locale: str = "", theme: str = "") -> None:
    """Remember the language or the colour mode that a user chose; empty leaves it as it is."""
    values = {k: v for k, v in {"locale": locale, "theme": theme}.items() if v}
    if values:
        with write(session):
            session.execute(update(Staff).where(Staff.user_id == user_id).values(**values))
