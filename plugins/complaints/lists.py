"""Screens of the lists of values that complaints choose from."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, Section
from plugins.complaints.models import Category, Cause, Channel


class _ListView(RecordView):
    """A list of values."""

    list_columns = ["name_zh", "name", "code", "position", "retired"]
    form_sections = (Section(fields=("name_zh", "name", "code", "position", "retired")),)
    default_sort = "position"
    label_columns = {"name_zh": N_("Chinese name"), "name": N_("English name"),
                     "position": N_("Order"), "retired": N_("No longer used")}
    base_permissions = ["can_list", "can_show", "can_add", "can_edit"]


class ChannelView(_ListView):
    """Channels of complaints."""

    datamodel = RecordInterface(Channel)
    route_base = "/complaints/channels"
    class_permission_name = "complaints.Channel"
    list_title = N_("Complaint channels")
    record_label = N_("Channel")
    icon = "antenna"


class CategoryView(_ListView):
    """What complaints are about."""

    datamodel = RecordInterface(Category)
    route_base = "/complaints/categories"
    class_permission_name = "complaints.Category"
    list_title = N_("Complaint categories")
    record_label = N_("Category")
    icon = "tags"


class CauseView(_ListView):
    """Why complaints come about."""

    datamodel = RecordInterface(Cause)
    route_base = "/complaints/causes"
    class_permission_name = "complaints.Cause"
    list_title = N_("Complaint causes")
    record_label = N_("Cause")
    icon = "zoom-question"
