"""Operations on departments, teams, staff and absences: who leads, who stands in for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import actor_for
from app.admin.post_operations import (
    AttendanceOperations,
    PostHolderOperations,
    hold_posts,
)
from app.database import utcnow, write
from app.i18n import N_, Message
from app.people.models import (
    Absence,
    AttendanceFact,
    Department,
    PostHolder,
    Staff,
    Team,
)
from app.people.services import name_of, place_department
from app.people.substitutes import is_named_in_absence, leads_anything, substitute_ahead
from app.records.operations import Changes, Operations
from app.records.refusals import refusals
from app.workflow.delegation import may_decide_for

DEPARTMENT_VIEW = "core.Department"


class LedOperations(Operations):
    """Operations on what has a leader."""

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a first post as leader to a person for whom somebody stands in.

        That substitute was named without the rule for leaders (``AbsenceOperations``) being asked.
        """
        user_id = values.get("leader_id")
        if user_id is None or leads_anything(session, user_id):
            return {}
        substitute = substitute_ahead(session, user_id, utcnow())
        if not substitute:
            return {}
        return {"leader_id": Message(
            N_("%(leader)s is away, or will be, and %(substitute)s would lead in their place: "
               "take the substitute out of that absence first."),
            {"leader": name_of(session, user_id), "substitute": substitute},
        )}


class TeamOperations(LedOperations):
    """Operations on teams."""


class DepartmentOperations(LedOperations):
    """Operations on departments: the tree follows every change."""

    def follow(
        self, session: Session, actor: Actor, record: Department, changes: Changes
    ) -> None:
        """Put the department, and everything below it, into its place in the tree.

        Raises:
            Rejected: it would stand below itself.
        """
        place_department(session, record)


class StaffOperations(Operations):
    """Operations on members of staff; their posts are appointments of their own."""

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Staff:
        """Create a member of staff with the posts that they hold from today on."""
        values, posts = _without_posts(values)
        with refusals(), write(session):
            staff = super().create(session, actor, values, reason=reason)
            if posts:
                hold_posts(session, actor, staff, posts)
        return staff

    def change(
        self, session: Session, actor: Actor, record: Staff, values: Mapping[str, Any],
        version: int | None = None, *, reason: str = "",
    ) -> Changes:
        """Change a member of staff; posts that were not held begin today, others end yesterday."""
        values, posts = _without_posts(values)
        with refusals(record), write(session):
            changes = super().change(session, actor, record, values, version, reason=reason)
            if posts is not None:
                hold_posts(session, actor, record, posts)
        return changes

    def validate(
        self, session: Session, actor: Actor, record: Staff | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse another account to somebody who is away or stands in.

        With another account another person leads, or stands in for a leader: that takes the right
        to say who leads.
        """
        if record is None or "user_id" not in values:
            return {}
        if not is_named_in_absence(session, record.id, utcnow()):
            return {}
        if actor.can("can_edit", DEPARTMENT_VIEW):
            return {}
        return {"user_id": Message(
            N_("%(name)s is away or stands in for somebody: only an administrator gives them "
               "another account."), {"name": record.name},
        )}


def _without_posts(
    values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[int] | None]:
    others = dict(values)
    posts = others.pop("posts", None)
    return others, posts if posts is None else list(posts)


class AbsenceOperations(Operations):
    """Operations on absences and substitutes."""

    def validate(
        self, session: Session, actor: Actor, record: Absence | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse an absence that ends before it begins, or a substitute who cannot stand in.

        Whoever stands in for a leader leads: only that leader, or somebody who may say who leads
        a department, names the substitute.
        """
        names = ("staff_id", "substitute_id", "starts_at", "ends_at")
        held = {name: getattr(record, name, None) for name in names}
        wanted = {**held, **values}
        if None not in (wanted["ends_at"], wanted["starts_at"]) and (
            wanted["ends_at"] <= wanted["starts_at"]
        ):
            return {"ends_at": Message(N_("The absence must end after it begins."))}
        if wanted["substitute_id"] is None or wanted["staff_id"] is None:
            return {}
        if wanted["substitute_id"] == wanted["staff_id"]:
            return {"substitute_id": Message(N_("Nobody stands in for themselves."))}
        refused = _refused_substitute(session, actor, wanted["staff_id"], wanted["substitute_id"])
        return {} if refused is None else {"substitute_id": refused}


def _refused_substitute(
    session: Session, actor: Actor, staff_id: int, substitute_id: int
) -> Message | None:
    away, stands_in = session.get(Staff, staff_id), session.get(Staff, substitute_id)
    if away is None or stands_in is None or not leads_anything(session, away.user_id):
        return None
    if actor.user_id != away.user_id and not actor.can("can_edit", DEPARTMENT_VIEW):
        return Message(
            N_("%(absent)s leads a department or a team: only that person or an administrator "
               "names the substitute."), {"absent": away.name},
        )
    absent, substitute = (actor_for(session, staff.user_id) for staff in (away, stands_in))
    if substitute is None or (
        absent is not None and not may_decide_for(session, substitute, absent)
    ):
        return Message(
            N_("%(substitute)s lacks the permission to approve what waits for %(absent)s."),
            {"substitute": stands_in.name, "absent": away.name},
        )
    return None


BY_MODEL = {
    Department: DepartmentOperations, Team: TeamOperations, Staff: StaffOperations,
    Absence: AbsenceOperations, PostHolder: PostHolderOperations,
    AttendanceFact: AttendanceOperations,
}
