"""All permissions of all roles as one table, with what differs from the shipped roles."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access.models import ShippedGrant
from app.access.services import ROLES
from app.admin.access import services
from app.admin.access.grants import PermissionGroup, grant_groups
from app.admin.access.reach_field import reach_lines
from app.admin.access.roles import SCOPES, TEMPLATES, role_title
from app.admin.access.services import SHIPPED, Locked, role_settings_of
from app.admin.pages import PageView
from app.screens.current_builder import current_builder
from app.sdk import N_
from app.sdk.screens import current_person, is_partial, requires, translated, whole_number
from app.sdk.services import db

CONFLICT = 409
_ORDER = {role.name: place for place, role in enumerate(ROLES)}
# Flask-AppBuilder's role of people who have not signed in; nothing here is for them.
_NOBODY = "Public"


@dataclasses.dataclass(frozen=True, slots=True)
class RoleColumn:
    """A role as a column of the table.

    Attributes:
        role: the role.
        title: what it is called.
        sees: how far its holders see.
        held: keys of the permissions that it holds.
        shipped: keys that it came with; ``None`` for a role that did not come with the product.
        chosen: keys that are ticked on the page.
        seen: mark of what the role was when the page was made.
        sees_as_shipped: whether how far its holders see is as it came.
    """

    role: Role
    title: str
    sees: str
    held: frozenset[int]
    shipped: frozenset[int] | None
    chosen: frozenset[int]
    seen: str
    sees_as_shipped: bool

    def mark(self, key: int) -> str:
        """Return ``added`` or ``taken`` where a permission differs from the shipped role."""
        if self.shipped is None or (key in self.held) == (key in self.shipped):
            return ""
        return "added" if key in self.held else "taken"

    def differences(self, keys: frozenset[int]) -> int:
        """Return in how many of the permissions on the page it differs from the shipped role."""
        return 0 if self.shipped is None else len((self.held ^ self.shipped) & keys)


def roles_in_order(session: Session) -> list[Role]:
    """Return all roles: those that came with the product first, in their order."""
    roles = session.scalars(select(Role).where(Role.name != _NOBODY)).all()
    return sorted(roles, key=lambda role: (_ORDER.get(role.name, len(_ORDER)), role.name))


def shipped_keys(session: Session) -> dict[str, frozenset[int]]:
    """Return the permissions that each shipped role came with, by name of the role."""
    rows = session.execute(
        select(ShippedGrant.role, PermissionView.id)
        .join(Permission, Permission.name == ShippedGrant.permission)
        .join(ViewMenu, ViewMenu.name == ShippedGrant.view)
        .join(PermissionView, (PermissionView.permission_id == Permission.id)
              & (PermissionView.view_menu_id == ViewMenu.id))
    )
    found: dict[str, set[int]] = {name: set() for name in SHIPPED}
    for role, key in rows:
        found.setdefault(role, set()).add(key)
    return {role: frozenset(keys) for role, keys in found.items()}


def columns(
    session: Session, ticked: Mapping[int, frozenset[int]] | None = None
) -> list[RoleColumn]:
    """Return the roles as columns.

    Args:
        session: any session.
        ticked: what was ticked on a page that was sent, by key of the role.
    """
    shipped = shipped_keys(session)
    found = []
    roles = roles_in_order(session)
    settings = role_settings_of(session, roles)
    for role in roles:
        present = settings[role.id]
        found.append(RoleColumn(
            role, role_title(role.name), gettext(SCOPES[present.scope]), present.grants,
            shipped.get(role.name) if role.name in SHIPPED else None,
            (ticked or {}).get(role.id, present.grants), present.digest(),
            role.name not in SHIPPED or services.as_shipped(present, present.grants) == present,
        ))
    return found


def scope_changes(
    before: services.RoleSettings, after: services.RoleSettings
) -> list[tuple[str, str, str]]:
    """Return what differs in how far a role sees: of what, the text before and the text after."""
    changes = [] if before.scope == after.scope else [(
        gettext("In general"), gettext(SCOPES[before.scope]), gettext(SCOPES[after.scope]))]
    return changes + [
        (one.label, one.text, other.text)
        for one, other in zip(reach_lines(before.reaches), reach_lines(after.reaches), strict=True)
        if one.scope != other.scope
    ]


def categories(groups: list[PermissionGroup]) -> list[tuple[str, list[PermissionGroup]]]:
    """Return the screens under the headings of the menu, in its order."""
    menu = current_builder().menu
    places: dict[str, str] = {}
    for entry in menu.entries.values():
        places.setdefault(entry.view, entry.category)
        # A screen without a line of its own stands with the others of its plugin.
        places.setdefault(entry.view.partition(".")[0], entry.category)
    places["core"] = "system"
    found: dict[str, list[PermissionGroup]] = {}
    for group in groups:
        name = places.get(group.view) or places.get(group.view.partition(".")[0]) or "system"
        found.setdefault(name, []).append(group)
    known = sorted(menu.categories.values(), key=lambda one: (one.order, one.name))
    return [(translated(one.label), found[one.name]) for one in known if one.name in found]


class MatrixView(PageView):
    """Permissions as rows, roles as columns."""

    route_base = "/roles/matrix"
    default_view = "index"
    template_folder = TEMPLATES
    class_permission_name = "core.Role"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_add", "can_edit"]
    list_title = N_("Permissions of roles")
    icon = "table"

    @expose("/", methods=["GET", "POST"])
    @requires("list")
    def index(self) -> Response | str | tuple[str, int]:
        """Show the table, or save what is ticked; in force at the next click of everybody."""
        if request.method == "GET":
            return self._page(columns(db.session))
        if not self.can("can_edit"):
            abort(403)
        keys = self._keys()
        present = columns(db.session)
        ticked = {
            one.role.id: frozenset(
                key for text in request.form.getlist(f"role-{one.role.id}")
                if (key := whole_number(text)) in keys
            ) | (one.held - keys)
            for one in present if f"seen-{one.role.id}" in request.form
        }
        stale = [one.title for one in present
                 if one.role.id in ticked and request.form[f"seen-{one.role.id}"] != one.seen]
        if stale:
            problem = gettext("Somebody else has changed these roles meanwhile: %(roles)s. Nothing "
                              "is saved; look at your ticks again.", roles=", ".join(stale))
            return self._page(columns(db.session, ticked), problem), CONFLICT
        changed = [one for one in present if ticked.get(one.role.id, one.held) != one.held]
        try:
            services.save_grants(
                db.session, current_person(),
                [(one.role, ticked[one.role.id]) for one in changed],
            )
        except Locked as error:
            return self._page(columns(db.session, ticked), gettext(str(error))), CONFLICT
        flash(gettext("Saved: %(roles)s. It is in force at the next click.",
                      roles=", ".join(one.title for one in changed))
              if changed else gettext("Nothing was changed."), "success")
        return redirect(self.url())

    def _page(self, roles: list[RoleColumn], problem: str = "") -> str:
        groups = grant_groups(db.session, set())
        return self.render_template(
            "admin/role_matrix.html", view=self, roles=roles, categories=categories(groups),
            keys=frozenset(line.key for group in groups for line in group.lines),
            problem=problem, may=self.can("can_edit"),
        )

    @staticmethod
    def _keys() -> frozenset[int]:
        return frozenset(
            line.key for group in grant_groups(db.session, set()) for line in group.lines
        )

    @expose("/<int:pk>/reset", methods=["GET", "POST"])
    @requires("edit")
    def reset(self, pk: int) -> Response | str:
        """Show what putting a role back to the shipped one would change, or do it."""
        one = self._column(pk)
        if one.shipped is None:
            abort(404)
        keys, present = self._keys(), services.role_settings(db.session, one.role)
        grants = (one.shipped & keys) | (one.held - keys)
        wanted = services.as_shipped(present, grants)
        if request.method == "GET":
            return self.render_template(
                "admin/role_reset.html", view=self, one=one, partial=is_partial(),
                granted=grant_groups(db.session, set(grants - one.held), only_chosen=True),
                taken=grant_groups(db.session, set(one.held - grants), only_chosen=True),
                scopes=scope_changes(present, wanted),
            )
        if request.form.get("seen") != one.seen:
            flash(gettext("Somebody else has changed this role meanwhile."), "danger")
        else:
            services.save_role(db.session, current_person(), one.role, wanted)
            flash(gettext("%(role)s is as it was shipped.", role=one.title), "success")
        return redirect(self.url())

    @staticmethod
    def _column(pk: int) -> RoleColumn:
        for one in columns(db.session):
            if one.role.id == pk:
                return one
        abort(404)

