"""Why a person sees a record, or does not: roles, reach and relations in sentences."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import gettext
from sqlalchemy import func, or_, select

from app.access.explanation import (
    AUDIENCE,
    EVERYBODY,
    LEADS,
    PERSON,
    TABLE,
    AccessPath,
    ways_to_see,
)
from app.access.reaches import RoleScopes
from app.access.services import role_permissions
from app.admin.access.reach_field import SCOPES
from app.admin.access.roles import TEMPLATES, role_title
from app.admin.access.services import role_settings_of
from app.admin.pages import PageView
from app.host.host import current_host
from app.sdk import N_
from app.sdk.models import Staff
from app.sdk.screens import current_person, requires
from app.sdk.services import Actor, actor_for, db, find
from app.web.texts import column_label

_LONGEST = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the page says.

    Attributes:
        person: name of the person.
        record: number of the record.
        sees: whether the person may open it.
        reasons: what opens it, or what is missing, one sentence each.
    """

    person: str
    record: str
    sees: bool
    reasons: tuple[str, ...]


class WhyView(PageView):
    """Asks for a person and a record, and says what opens the one to the other."""

    route_base = "/roles/why"
    default_view = "index"
    template_folder = TEMPLATES
    class_permission_name = "core.Role"
    base_permissions: ClassVar[list[str]] = ["can_list"]
    list_title = N_("Why can she see this?")
    icon = "eye-question"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show the question, and the answer to it."""
        asked = {
            name: request.args.get(name, "").replace("\x00", "").strip()[:_LONGEST]
            for name in ("person", "number")
        }
        answer, problem = None, ""
        if all(asked.values()):
            user = _user(asked["person"])
            kind, record = _record(current_person(), asked["number"])
            if user is None:
                problem = gettext("There is no active account of this name, or several.")
            elif record is None:
                problem = gettext("There is no such record, or you may not see it yourself.")
            else:
                answer = _answer(user, kind, record)
        return self.render_template(
            "admin/role_why.html", view=self, asked=asked, answer=answer, problem=problem
        )


def _user(text: str) -> User | None:
    found = db.session.scalars(
        select(User).outerjoin(Staff, Staff.user_id == User.id)
        .where(User.active.is_(True),
               or_(func.lower(User.username) == text.lower(), Staff.name == text))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _record(person: Actor, number: str) -> tuple[Any, Any]:
    """Return the kind and the record with a number, if the one who asks sees it."""
    for kind in current_host().record_types():
        if not person.can("can_show", kind.view):
            continue
        key = db.session.scalar(select(kind.model.id).where(kind.model.number == number.upper()))
        record = find(db.session, person, kind.model, key) if key is not None else None
        if record is not None:
            return kind, record
    return None, None


def _answer(user: User, kind: Any, record: Any) -> Answer:
    actor = actor_for(db.session, user.id)
    assert actor is not None, "the account is active"
    roles: set[Role] = {*user.roles, *(role for group in user.groups for role in group.roles)}
    settings = sorted(role_settings_of(db.session, roles).values(), key=lambda one: one.name)
    ways = ways_to_see(
        actor, {one.name: RoleScopes(one.scope, one.reaches) for one in settings}, record
    )
    held = role_permissions(db.session)
    opening = [one.name for one in settings if ("can_show", kind.view) in held[one.name]]
    reasons = [gettext(
        "Roles that may open records of this kind: %(roles)s.",
        roles=", ".join(map(role_title, opening)),
    ) if opening else gettext("No role of this person may open records of this kind.")]
    reasons += [_sentence(way) for way in ways] or [
        gettext("No role reaches this record, and the person takes no part in it.")
    ]
    return Answer(actor.name, str(record.number), bool(opening and ways), tuple(reasons))


def _sentence(way: AccessPath) -> str:
    if way.kind == EVERYBODY:
        return gettext("Everybody with the permission sees records of this kind.")
    if way.kind == TABLE:
        return gettext("The person takes part in the record (%(table)s).", table=way.column)
    field = str(column_label(way.column.removesuffix("_id"))) if way.column else ""
    if way.kind == PERSON:
        return gettext("The person stands in the record: %(field)s.", field=field)
    if way.kind == LEADS:
        return gettext("The person leads the department of the record: %(field)s.", field=field)
    if way.kind == AUDIENCE:
        return gettext("The record is meant for a role of this person: %(field)s.", field=field)
    text = (
        N_("The role %(role)s sees of this kind: %(scope)s.") if way.is_own
        else N_("The role %(role)s sees in general: %(scope)s.")
    )
    assert way.scope is not None, "every other way has a scope"
    scope = gettext(SCOPES[way.scope])
    return gettext(text, role=role_title(way.role), scope=f"{scope} ({field})" if field else scope)
