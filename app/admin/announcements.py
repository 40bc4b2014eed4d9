"""The screen on which announcements are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from sqlalchemy import select

from app.admin.access.roles import role_title
from app.lazy_texts import lazy_gettext
from app.notices.models import Announcement
from app.notices.models import announcement_roles as told
from app.sdk import N_
from app.sdk.screens import (
    Chip,
    ExtraColumns,
    RecordHeader,
    RecordInterface,
    RecordView,
    Section,
)
from app.sdk.services import db

_EVERYBODY = N_("Everybody")


class AudienceColumn(ExtraColumns):
    """For whom announcements are; the roles stand in a table of their own."""

    labels = {"roles": lazy_gettext("For whom")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return for whom the announcements of a page are, in one statement."""
        keys = [row[0] for row in rows]
        found: dict[int, list[str]] = {key: [] for key in keys}
        pairs = db.session.execute(
            select(told.c.announcement_id, Role.name)
            .join(Role, Role.id == told.c.role_id)
            .where(told.c.announcement_id.in_(keys)).order_by(Role.name)
        )
        for key, name in pairs:
            found[key].append(role_title(name))
        return {"roles": {
            key: ", ".join(names) or gettext(_EVERYBODY) for key, names in found.items()
        }}


class AudienceHeader(RecordHeader):
    """For whom an announcement is, at its head."""

    def badges(self, record: Announcement) -> Sequence[Chip]:
        """Return for whom it is."""
        names = [role_title(role.name) for role in record.roles]
        return [Chip(label=name, icon="shield") for name in names] or [
            Chip(label=lazy_gettext(_EVERYBODY), icon="users")]


class AnnouncementView(RecordView):
    """Announcements: shown above every page, to everybody or to some roles, for some time."""

    datamodel = RecordInterface(Announcement)
    route_base = "/announcements"
    class_permission_name = "core.Announcement"
    list_title = N_("Announcements")
    record_label = N_("Announcement")
    icon = "speakerphone"
    list_columns = ["title", "starts_at", "ends_at", "roles"]
    filter_columns = ["title", "starts_at", "ends_at", "roles"]
    form_sections = (
        Section(fields=("title", "text", "starts_at", "ends_at", "roles"),
                wide=("title", "text", "roles")),
    )
    show_sections = (
        Section(fields=("title", "text", "starts_at", "ends_at"), wide=("title", "text")),
    )
    default_sort = "-starts_at"
    is_importable = False
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_delete"]
    label_columns = {
        "text": N_("Text"), "starts_at": N_("Shown from"), "ends_at": N_("Shown until"),
        "roles": N_("Only for these roles"),
    }
    description_columns = {"roles": N_("Without a role everybody is told.")}
    extra_columns = AudienceColumn
    record_header = AudienceHeader
