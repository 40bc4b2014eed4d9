"""Who leads people and places: the leader of the team, then those of the departments above."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Department, Team
from app.people.profiles import Profile
from app.people.services import substitutes_of


class _Leading:
    """All leaders of teams and departments, read in two statements."""

    def __init__(self, session: Session) -> None:
        self._of_teams = dict(session.execute(select(Team.id, Team.leader_id)).all())
        self._departments = {row.id: row for row in session.execute(
            select(Department.id, Department.path, Department.leader_id))}

    def of(self, department_id: int | None, team_id: int | None) -> tuple[int, ...]:
        """Return who leads a place, the nearest first."""
        known, own = self._departments, self._departments.get(department_id)
        path = [int(part) for part in own.path.split("/") if part] if own is not None else []
        found = [self._of_teams.get(team_id or 0),
                 *(known[key].leader_id for key in reversed(path) if key in known)]
        return tuple(dict.fromkeys(key for key in found if key is not None))


def leaders_by_person(session: Session, people: Iterable[Profile]) -> dict[int, tuple[int, ...]]:
    """Return for each person who leads them, the nearest first, in two statements.

    Args:
        session: any session.
        people: members of staff, as ``profiles`` returns them.

    Returns:
        By user id the user ids of the leader of the team, of the department, and of those above.
        Somebody who leads their own team is among them.
    """
    leading = _Leading(session)
    return {person.user_id: leading.of(person.department_id, person.team_id) for person in people}


def nearest_leader(
    session: Session, department_id: int | None, team_id: int | None, *, of: int | None = None
) -> list[int]:
    """Return who leads a place at present: its nearest leader, and those who stand in.

    Args:
        session: any session.
        department_id: key of the department, if the place has one.
        team_id: key of the team, if it has one.
        of: user id of the person who is led; nobody leads themselves.

    Returns:
        User ids; nobody where the place has no other leader.
    """
    for leader in _Leading(session).of(department_id, team_id):
        if leader != of:
            return list(dict.fromkeys([leader, *substitutes_of(session, [leader]).get(leader, ())]))
    return []
