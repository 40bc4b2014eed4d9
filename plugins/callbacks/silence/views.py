"""Screen of customers without a planned contact."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import Choice, RecordInterface, RecordView, SavedList, Section
from plugins.callbacks.models import Silence
from plugins.callbacks.silence.choices import SILENCE_VIEW, STEPS


class SilenceView(RecordView):
    """Customers whom nobody has contacted for the days of their grade, and nobody plans to."""

    datamodel = RecordInterface(Silence)
    route_base = "/callbacks/silences"
    class_permission_name = SILENCE_VIEW
    base_permissions = ["can_list", "can_show", "can_export"]
    list_title = N_("Customers without a planned contact")
    record_label = N_("Customer without a planned contact")
    icon = "calendar-off"
    list_columns = ["number", "customer", "grade", "quiet_since", "step", "stepped_at", "owner"]
    list_choice = ["former_owner", "is_listed", "ended_at", "team", "department"]
    filter_columns = ["is_listed", "step", "grade", "owner", "team", "department", "customer",
                      "quiet_since", "stepped_at", "ended_at"]
    plain_title = N_("Open")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="quiet_since",
                  filters={"is_listed__is": ["true"], "owner__in": ["me"]}),
        SavedList(name="my_team", title=N_("My team"), sort="quiet_since",
                  filters={"is_listed__is": ["true"], "team__in": ["my_team"]}),
    )
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    bulk_columns = ()
    default_sort = "quiet_since"
    default_filters = {"is_listed__is": ["true"]}
    choices = {"step": [Choice(value, label) for value, label in STEPS]}
    label_columns = {
        "customer": N_("Customer"), "grade": N_("Grade"),
        "quiet_since": N_("Without contact since"), "step": N_("Step"),
        "stepped_at": N_("Step taken at"), "former_owner": N_("Former owner"),
        "is_listed": N_("Open"), "ended_at": N_("Ended at"),
        # Keeps a customer from having two that are open; shown in the history only.
        "open_customer_id": N_("Customer, while it is open"),
    }
    form_sections = (Section(fields=("customer", "grade")),)
    show_sections = (
        Section(fields=("customer", "grade", "quiet_since", "step", "stepped_at", "owner",
                        "former_owner", "team", "department", "is_listed", "ended_at")),
    )
