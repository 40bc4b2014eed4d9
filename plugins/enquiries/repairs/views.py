"""Screens and REST API of repair reports and rescue calls."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import (
    CallerFormPage,
    RecordApi,
    RecordInterface,
    SavedList,
    Section,
    WorkflowView,
    drawn,
)
from plugins.enquiries.access import REPAIR
from plugins.enquiries.choices import DEADLINE_RESULTS, KIND_TONES, REPAIR_KINDS
from plugins.enquiries.repairs.models import Repair
from plugins.enquiries.repairs.workflow import DONE, FORWARDED, REPORTED


class RepairFormPage(CallerFormPage):
    """The form of a repair report."""

    contact_column = "phone"


class RepairView(WorkflowView):
    """Repair reports and rescue calls: reported, forwarded, taken, done, told."""

    datamodel = RecordInterface(Repair)
    route_base = "/enquiries/repairs"
    class_permission_name = REPAIR
    list_title = N_("Repair reports and rescue calls")
    record_label = N_("Repair report")
    icon = "tool"
    list_columns = ["number", "kind", "plate", "customer_name", "items", "place", "state",
                    "deadline", "responsible_department", "handler", "reported_at"]
    list_choice = ["phone", "situation", "owner", "arrival", "result", "done_at", "told_at",
                   "taking_result", "team", "department", "due_at"]
    filter_columns = ["state", "is_open", "kind", "responsible_department", "handler", "owner",
                      "team", "department", "customer", "plate", "reported_at", "done_at",
                      "told_at", "taking_result", "due_at"]
    plain_title = N_("Open")
    default_filters = {"is_open__is": ["true"]}
    default_sort = "-reported_at"
    saved_views = (
        SavedList(name="workshop", title=N_("At my department"), sort="due_at",
                  filters={"is_open__is": ["true"], "handler__in": ["me"]}),
        SavedList(name="to_forward", title=N_("To be forwarded"), sort="reported_at",
                  filters={"state__in": [REPORTED]}),
        SavedList(name="not_taken", title=N_("Not taken yet"), sort="due_at",
                  filters={"state__in": [FORWARDED]}),
        SavedList(name="to_tell", title=N_("Customer to be told"), sort="done_at",
                  filters={"state__in": [DONE]}),
    )
    calendar_column = ""
    assignable = False
    choices = {"kind": drawn(REPAIR_KINDS, KIND_TONES),
               "taking_result": drawn(DEADLINE_RESULTS)}
    label_columns = {
        "kind": N_("Kind"), "reported_at": N_("Reported at"), "plate": N_("Plate"),
        "customer": N_("Customer"), "customer_name": N_("Customer name"), "phone": N_("Phone"),
        "items": N_("Items to repair"), "place": N_("Place"), "situation": N_("Situation"),
        "subject": N_("Subject"), "responsible_department": N_("Workshop"),
        "handler": N_("Person of the workshop"), "arrival": N_("When and how we help"),
        "result": N_("What the workshop did"), "told": N_("What the customer said"),
        "done_at": N_("Done at"), "told_at": N_("Told at"), "owner": N_("Who follows"),
        "taking_result": N_("Taken in time"), "is_open": N_("Open"),
    }
    form_sections = (
        Section(fields=("customer", "phone", "customer_name", "kind", "plate", "items", "place",
                        "situation", "reported_at"), wide=("situation",)),
    )
    prefill_columns = ["customer", "phone", "plate", "kind"]
    show_sections = (
        Section(fields=("kind", "plate", "customer", "customer_name", "phone", "items", "place",
                        "reported_at", "owner", "team", "department", "situation"),
                wide=("situation",)),
        Section(title=N_("Workshop"),
                fields=("responsible_department", "handler", "arrival", "done_at", "told_at",
                        "taking_result", "result", "told"), wide=("result", "told")),
    )
    form_page = RepairFormPage


class RepairApi(RecordApi):
    """Repair reports over REST."""

    datamodel = RecordInterface(Repair)
    resource_name = "enquiries_repairs"
    class_permission_name = REPAIR
    list_columns = ["id", "number", "kind", "plate", "customer_name", "items", "place", "state",
                    "handler", "reported_at"]
    show_columns = [*list_columns, "phone", "situation", "arrival", "result", "told", "version"]
    add_columns = ["customer", "customer_name", "phone", "kind", "plate", "items", "place",
                   "situation"]
    edit_columns = ["customer", "customer_name", "phone", "plate", "items", "place", "situation"]
