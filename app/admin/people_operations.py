"""Operations on departments, teams, staff and absences: who leads, who stands in for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import actor_for
from app.admin.leaving import give_away, may_give_anything, open_records
from app.admin.post_operations import (
    AttendanceOperations,
    PostHolderOperations,
    hold_posts,
)
from app.database import utcnow, write
from app.errors import Invalid
from app.forms.cleaning import clean
from app.forms.definition import Field, Form, Kind, Section
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
from app.records.actions import AvailableAction, Done
from app.records.changes import Changes
from app.records.operations import Operations
from app.records.refusals import refusals
from app.workflow.delegation import may_decide_for
from app.workflow.operations import OWNER

DEPARTMENT_VIEW = "core.Department"
ABSENCE_VIEW = "core.Absence"
GIVE_AWAY = "give_away"
_GIVE_AWAY_FORM = Form(GIVE_AWAY, N_("Give open records away"), (Section("main", "", (
    Field(OWNER, Kind.PERSON, N_("Next owner"), True),
)),))


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
    """Operations on absences and substitutes; what somebody has to do goes to another from here."""

    def actions(
        self, session: Session, actor: Actor, record: Absence
    ) -> Sequence[AvailableAction]:
        """Offer to give the open records of whoever is away to somebody, until they are back."""
        if record.ends_at <= utcnow():
            return ()
        if not may_give_anything(actor):
            return ()
        given = [one for one in open_records(session, record.staff.user_id) if one.is_given]
        return [AvailableAction(
            name=GIVE_AWAY, label=N_("Give open records away"), icon="user-share",
            form=_GIVE_AWAY_FORM, permission=("can_edit", ABSENCE_VIEW),
            blocked=None if given else Message(N_("This person owns no open record.")),
        )]

    def carry_out(
        self, session: Session, actor: Actor, record: Absence, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Refuse who cannot take anything over; ``act`` gives the records away afterwards."""
        if values[OWNER] == record.staff.user_id:
            raise Invalid({OWNER: Message(N_("This person owns them already."))})
        if actor_for(session, values[OWNER]) is None:
            raise Invalid({OWNER: Message(N_("This account is closed."))})
        return Done()

    def act(
        self, session: Session, actor: Actor, record: Absence, name: str,
        values: Mapping[str, Any] | None = None, version: int | None = None,
    ) -> Done:
        """Give the open records away in portions, each by its own rules, after all was checked."""
        checked = super().act(session, actor, record, name, values, version)
        if name != GIVE_AWAY:
            return checked
        wanted = clean(_GIVE_AWAY_FORM, values or {})[0]
        moved = give_away(session, actor, record.staff.user_id, wanted[OWNER])
        return Done(Message(
            N_("%(done)s open records belong to %(name)s now; %(left)s stay as they were."),
            {"done": moved.done, "left": moved.left, "name": name_of(session, wanted[OWNER])},
        ))

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
