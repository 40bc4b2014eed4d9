"""The screen of calls of the telephone system, which come from a file."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, SavedList, Section
from plugins.enquiries.access import CALL
from plugins.enquiries.calls.models import Call


class CallView(RecordView):
    """Calls of the telephone system: when, how many rings, who answered."""

    datamodel = RecordInterface(Call)
    route_base = "/enquiries/calls"
    class_permission_name = CALL
    list_title = N_("Calls of the telephone system")
    record_label = N_("Incoming call")
    icon = "phone-incoming"
    list_columns = ["number", "called_at", "phone", "line", "rings", "answered", "owner"]
    filter_columns = ["called_at", "rings", "answered", "owner", "line", "team", "department"]
    default_sort = "-called_at"
    default_filters = {"called_at__period": ["this_week"]}
    plain_title = N_("This week")
    saved_views = (
        SavedList(name="not_answered", title=N_("Not answered"), sort="-called_at",
                  filters={"answered__is": ["false"], "called_at__period": ["this_month"]}),
    )
    assignable = False
    board_column = ""
    calendar_column = ""
    import_key = ["external_id"]
    label_columns = {
        "called_at": N_("Time of the call"), "phone": N_("Number of the caller"),
        "line": N_("Telephone line"), "rings": N_("Rings"), "answered": N_("Was answered"),
        "owner": N_("Answered by"), "external_id": N_("Number in the telephone system"),
    }
    form_sections = (Section(fields=("external_id", "called_at", "phone", "line", "rings",
                                     "answered", "owner")),)
