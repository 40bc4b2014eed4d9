"""Screen and REST API of the log of group care."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    ShownWhen,
    drawn,
)
from plugins.work.access import MEMBER
from plugins.work.choices import ACT_TONES, ACTS, ADDED, TURNED_AWAY
from plugins.work.group_care.models import GroupEntry

_FIELDS = ("group", "act", "member", "account", "customer", "happened_at", "vetting", "remark")


class GroupEntryView(RecordView):
    """The log of group care: who came in after vetting, which advertisers went."""

    datamodel = RecordInterface(GroupEntry)
    route_base = "/work/group-care"
    class_permission_name = MEMBER
    list_title = N_("Group care")
    record_label = N_("Line of group care")
    icon = "users-group"
    list_columns = ["number", "group", "member", "act", "customer", "owner", "happened_at"]
    list_choice = ["account", "vetting", "remark", "team", "department"]
    filter_columns = ["group", "act", "owner", "team", "department", "customer", "happened_at"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="-happened_at",
                  filters={"owner__in": ["me"]}),
        SavedList(name="removed", title=N_("Advertisers removed"), sort="-happened_at",
                  filters={"act__in": ["removed"]}),
    )
    assignable = False
    board_column = ""
    calendar_column = "happened_at"
    default_sort = "-happened_at"
    prefill_columns = ["customer", "group"]
    choices = {"act": drawn(ACTS, ACT_TONES)}
    label_columns = {
        "group": N_("Customer group"), "act": N_("What was done"),
        "member": N_("Name in the group"), "account": N_("Account"), "customer": N_("Customer"),
        "happened_at": N_("When"), "vetting": N_("How the member was vetted"),
        "remark": N_("Remark"), "owner": N_("Done by"),
    }
    shown_when = {"vetting": ShownWhen("act", (ADDED, TURNED_AWAY))}
    form_sections = (Section(fields=_FIELDS, wide=("vetting", "remark")),)
    show_sections = (Section(fields=(*_FIELDS, "owner"), wide=("vetting", "remark")),)


class GroupEntryApi(RecordApi):
    """The log of group care over REST."""

    datamodel = RecordInterface(GroupEntry)
    resource_name = "work_group_care"
    class_permission_name = MEMBER
    list_columns = ["id", "number", "group", "act", "member", "account", "customer", "owner",
                    "happened_at"]
    show_columns = [*list_columns, "vetting", "remark", "version"]
    add_columns = list(_FIELDS)
    edit_columns = list(_FIELDS)
