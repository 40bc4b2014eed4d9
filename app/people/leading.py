"""Who leads people: the leader of the team, then those of the departments above."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Department, Team
from app.people.profiles import Profile


def leaders_by_person(session: Session, people: Iterable[Profile]) -> dict[int, tuple[int, ...]]:
    """Return for each person who leads them, the nearest first, in two statements.

    Args:
        session: any session.
        people: members of staff, as ``profiles`` returns them.

    Returns:
        By user id the user ids of the leader of the team, of the department, and of those above.
        Somebody who leads their own team is among them.
    """
    team_leaders = dict(session.execute(select(Team.id, Team.leader_id)).all())
    departments = {row.id: row for row in session.execute(
        select(Department.id, Department.path, Department.leader_id))}

    def leaders(person: Profile) -> tuple[int, ...]:
        own = departments.get(person.department_id)
        path = [int(part) for part in own.path.split("/") if part] if own is not None else []
        found = [team_leaders.get(person.team_id or 0),
                 *(departments[key].leader_id for key in reversed(path) if key in departments)]
        return tuple(dict.fromkeys(key for key in found if key is not None))

    return {person.user_id: leaders(person) for person in people}
