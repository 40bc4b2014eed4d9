"""The screen on which announcements are written."""

from __future__ import annotations

from app.notices.models import Announcement
from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, RolesColumn, RolesHeader, Section

_TEXTS = ("title", "text", "title_zh", "text_zh")


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
        Section(fields=(*_TEXTS, "starts_at", "ends_at", "roles"), wide=(*_TEXTS, "roles")),
    )
    show_sections = (Section(fields=(*_TEXTS, "starts_at", "ends_at"), wide=_TEXTS),)
    default_sort = "-starts_at"
    is_importable = False
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_delete"]
    label_columns = {
        "text": N_("Text"), "title_zh": N_("Chinese title"), "text_zh": N_("Chinese text"),
        "starts_at": N_("Shown from"), "ends_at": N_("Shown until"),
        "roles": N_("Only for these roles"),
    }
    description_columns = {
        "roles": N_("Without a role everybody is told."),
        "title_zh": N_("Left empty, both languages show the same."),
    }
    extra_columns = RolesColumn
    record_header = RolesHeader
