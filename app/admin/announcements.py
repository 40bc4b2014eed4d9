"""The screen on which announcements are written."""

from __future__ import annotations

from app.notices.models import Announcement
from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, RolesColumn, RolesHeader, Section


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
    extra_columns = RolesColumn
    record_header = RolesHeader
