"""Screens of accounts: who may sign in, with which roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User
from flask_appbuilder.security.sqla.models import assoc_user_role as holders
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.access.passwords import MINIMUM_PASSWORD_LENGTH
from app.admin.access.roles import role_title
from app.lazy_texts import lazy_gettext
from app.sdk import N_
from app.sdk.models import Staff
from app.sdk.screens import (
    Chip,
    ExtraColumns,
    RecordHeader,
    RecordInterface,
    RecordView,
    Section,
)
from app.sdk.services import db


class NewPasswordForm(FlaskForm):
    """A password that an administrator sets."""

    password = PasswordField(
        lazy_gettext("New password"),
        [InputRequired(), Length(min=MINIMUM_PASSWORD_LENGTH, max=256)],
        description=lazy_gettext("At least 12 characters. A few words in a row are best."),
    )
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("password", lazy_gettext("The passwords differ."))],
    )


class AccountRolesColumn(ExtraColumns):
    """The roles of accounts; they stand in a table of their own."""

    labels = {"roles": lazy_gettext("Roles")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the roles of all accounts of a page in one statement."""
        found: dict[int, list[str]] = {}
        pairs = db.session.execute(
            select(holders.c.user_id, Role.name)
            .join(Role, Role.id == holders.c.role_id)
            .where(holders.c.user_id.in_([row[0] for row in rows]))
            .order_by(Role.name)
        )
        for user_id, name in pairs:
            found.setdefault(user_id, []).append(role_title(name))
        return {"roles": {key: ", ".join(names) for key, names in found.items()}}


class AccountHeader(RecordHeader):
    """The person's name, their roles, and whether the account is closed."""

    def title(self, record: User) -> str:
        """Return the person's name."""
        name = db.session.scalar(select(Staff.name).where(Staff.user_id == record.id))
        return name or record.get_full_name().strip() or record.username

    def badges(self, record: User) -> Sequence[Chip]:
        """Return roles, and whether the account is closed."""
        chips = [Chip(label=role_title(role.name), icon="shield") for role in record.roles]
        if not record.active:
            chips.append(Chip(label=lazy_gettext("Switched off"), tone="bad", icon="lock"))
        return chips


class UserView(RecordView):
    """Accounts: who may sign in, with which roles."""

    is_importable = False
    datamodel = RecordInterface(User)
    route_base = "/users"
    class_permission_name = "core.User"
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_export"]
    list_title = N_("Accounts")
    record_label = N_("Account")
    icon = "user-cog"
    action_forms = {"password": NewPasswordForm}
    label_columns = {
        "username": N_("User name"), "first_name": N_("Name"), "email": N_("Email"),
        "last_login": N_("Last sign-in"), "login_count": N_("Sign-ins"), "roles": N_("Roles"),
        "created_on": N_("Created at"), "last_name": N_("Family name"),
        "fail_login_count": N_("Failed sign-ins"),
    }
    list_columns = ["username", "first_name", "roles", "email", "active", "last_login"]
    list_choice = ["login_count", "created_on"]
    filter_columns = ["username", "first_name", "email", "roles", "active", "last_login"]
    default_sort = "username"
    form_sections = (Section(fields=("username", "first_name", "email", "active", "roles")),)
    show_sections = (
        Section(fields=("username", "first_name", "email", "active")),
        Section(title=N_("Signing in"), fields=("last_login", "login_count", "created_on")),
    )
    description_columns = {"active": N_(
        "Better close an account on the page People: it says what hangs on it and gives it away.")}
    extra_columns = AccountRolesColumn
    record_header = AccountHeader
