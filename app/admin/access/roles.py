"""Screens of roles: what their holders may do and how far they see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from flask_appbuilder.security.sqla.models import Role, User, assoc_permissionview_role
from flask_appbuilder.security.sqla.models import assoc_user_role as holders
from flask_babel import gettext
from sqlalchemy import case, func, select
from wtforms import SelectField

from app.access.models import RoleScope
from app.access.services import ROLES
from app.admin.access.grants import GrantsField, grant_groups
from app.admin.access.reach_field import SCOPES, ReachField, reach_lines
from app.admin.access.services import free_name, role_settings
from app.forms.choices import SelectChoice
from app.lazy_texts import lazy_gettext
from app.screens.bulk.record_actions import RecordActions
from app.screens.columns.columns import register_label
from app.sdk import N_
from app.sdk.models import Staff
from app.sdk.screens import (
    ExtraColumns,
    FormPage,
    RecordForms,
    RecordHeader,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
)
from app.sdk.services import Scope, db

TEMPLATES = str(Path(__file__).resolve().parent / "templates")
_TITLES = {role.name: role.title for role in ROLES}


def role_title(name: str) -> str:
    """Return what a role is called in the language of the page."""
    return gettext(_TITLES.get(name, name))


def _role_label(role: Any) -> Any:
    if not has_request_context():
        return role.name
    titles = {name: gettext(title) for name, title in _TITLES.items()}
    return case(titles, value=role.name, else_=role.name)


register_label(Role, _role_label)


class RoleColumns(ExtraColumns):
    """What a role's own row does not hold."""

    labels = {
        "title": lazy_gettext("Title"), "scope": lazy_gettext("Sees"),
        "people": lazy_gettext("People"), "grants": lazy_gettext("Permissions"),
    }

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return title, scope and numbers of all roles of a page in three statements."""
        keys = [row[0] for row in rows]
        grants = assoc_permissionview_role
        found = db.session.execute(
            select(Role.id, Role.name, RoleScope.scope)
            .outerjoin(RoleScope, RoleScope.role_id == Role.id)
            .where(Role.id.in_(keys))
        ).all()
        names = {key: name for key, name, _ in found}
        scopes = {key: scope or Scope.OWN for key, _, scope in found}

        def numbers(table: Any) -> dict[int, int]:
            found = db.session.execute(
                select(table.c.role_id, func.count())
                .where(table.c.role_id.in_(keys))
                .group_by(table.c.role_id)
            ).all()
            counted = {key: int(number) for key, number in found}
            return {key: counted.get(key, 0) for key in keys}

        return {
            "title": {key: role_title(name) for key, name in names.items()},
            "scope": {key: gettext(SCOPES[Scope(scopes.get(key, Scope.OWN))]) for key in keys},
            "people": numbers(holders),
            "grants": numbers(grants),
        }


class RoleHeader(RecordHeader):
    """The title of a role."""

    def title(self, record: Role) -> str:
        """Return the role's title."""
        return role_title(record.name)


class RoleForms(RecordForms):
    """What the form of a role holds, and which state of the role it changes."""

    def data(self, record: Role) -> dict[str, Any]:
        """Return what the form shows at first."""
        present = role_settings(db.session, record)
        return {"name": present.name, "scope": int(present.scope), "grants": present.grants,
                "reaches": present.reaches}

    def for_change(self, record: Role, **options: Any) -> Any:
        """Return the form for a role, which keeps what it does not show.

        Permissions on the screens of plugins that are off stand on no line of the form.
        """
        form = super().for_change(record, **options)
        if not form.is_submitted():
            return form
        held = role_settings(db.session, record).grants
        shown = {line.key for group in grant_groups(db.session, set(held))
                 for line in group.lines}
        grants = form["grants"]
        assert isinstance(grants, GrantsField)
        grants.keep(held - shown)
        return form

    def version_of(self, form: Any, record: Role) -> str | None:
        """Return the digest of the role that the form was opened with."""
        return request.form.get("seen")


class RoleFormPage(FormPage):
    """The form of a role, with its permissions by screen."""

    def context(self, form: Any, record: Role | None) -> dict[str, Any]:
        """Return the permissions by screen, and a mark of what the role is now."""
        # What was not sent is no field of the form any more.
        def shown(name: str) -> Any:
            if name in form:
                return form[name].data
            return None if record is None else self._forms.data(record)[name]

        chosen: set[int] = set(shown("grants") or ())
        seen = request.form.get("seen") or (
            role_settings(db.session, record).digest() if record is not None else ""
        )
        reaches = shown("reaches") or {}
        return {"groups": grant_groups(db.session, chosen), "seen": seen,
                "reaches": reach_lines(reaches), "scopes": SCOPES}


class RolePage(RecordPage):
    """The page of a role, with what it may do and who holds it."""

    def context(self, record: Role) -> dict[str, Any]:
        """Return what the role may do, and who holds it."""
        present = role_settings(db.session, record)
        people = db.session.execute(
            select(User.id, func.coalesce(Staff.name, User.first_name))
            .join(holders, holders.c.user_id == User.id)
            .outerjoin(Staff, Staff.user_id == User.id)
            .where(holders.c.role_id == record.id)
            .order_by(User.username)
            .limit(200)
        ).all()
        groups = grant_groups(db.session, set(present.grants), only_chosen=True)
        return {"groups": groups, "people": people, "sees": gettext(SCOPES[present.scope]),
                "reaches": reach_lines(present.reaches)}


class RoleActions(RecordActions):
    """What can be done with a role; a copy is proposed with the next free name and all steps."""

    def defaults(self, name: str, record: Role | None) -> dict[str, Any]:
        """Propose the next free name and the same steps."""
        if name != "copy" or record is None:
            return super().defaults(name, record)
        return {"name": free_name(db.session, record), "steps": True}


class RoleView(RecordView):
    """Roles: what their holders may do and how far they see."""

    is_importable = False
    datamodel = RecordInterface(Role)
    route_base = "/roles"
    class_permission_name = "core.Role"
    template_folder = TEMPLATES
    form_template = "admin/role_form.html"
    show_template = "admin/role_record.html"
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_delete"]
    list_title = N_("Roles")
    record_label = N_("Role")
    icon = "shield"
    list_columns = ["name", "title", "scope", "people", "grants"]
    filter_columns = ["name"]
    order_columns = ["name"]
    default_sort = "name"
    form_sections = (Section(fields=("name", "scope")),)
    show_sections = (Section(fields=("name",)),)
    add_columns = ["name", "scope", "reaches", "grants"]
    edit_columns = ["name", "scope", "reaches", "grants"]
    form_extra_fields = {
        "scope": SelectField(
            lazy_gettext("Sees"), coerce=int, description=lazy_gettext(
                "How far holders see in lists, pages, search, exports and the API."
            ),
            choices=[SelectChoice(int(scope), lazy_gettext(text))
                     for scope, text in SCOPES.items()],
        ),
        "reaches": ReachField(lazy_gettext("Sees by kind of record")),
        "grants": GrantsField(lazy_gettext("Permissions")),
    }
    extra_columns = RoleColumns
    record_header = RoleHeader
    record_forms = RoleForms
    form_page = RoleFormPage
    record_page = RolePage
    record_actions = RoleActions
