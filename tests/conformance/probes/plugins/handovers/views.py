"""Screens and REST API of vehicle handovers."""

from __future__ import annotations

from plugins.handovers.models import VehicleHandover

from app.sdk import N_
from app.sdk.screens import (
    Choice,
    RecordApi,
    RecordInterface,
    Section,
    WorkflowView,
)

VIEW = "handovers.VehicleHandover"
FIELDS = (
    "plate",
    "vin",
    "customer",
    "vehicle",
    "handed_over_on",
    "place",
    "price",
    "insured",
    "salesperson",
    "remarks",
)


class VehicleHandoverView(WorkflowView):
    """List, record page and forms."""

    datamodel = RecordInterface(VehicleHandover)
    route_base = "/handovers"
    class_permission_name = VIEW
    list_title = N_("Vehicle handovers")
    record_label = N_("Vehicle handover")
    icon = "car-garage"
    list_columns = [
        "number",
        "plate",
        "vin",
        "customer",
        "handed_over_on",
        "place",
        "state",
        "owner",
        "created_at",
    ]
    list_choice = [
        "price",
        "insured",
        "salesperson",
        "remarks",
    ]
    inline_columns = [
        "vin",
        "handed_over_on",
        "place",
    ]
    filter_columns = ["state", "owner", "place", "handed_over_on", "created_at"]
    prefill_columns = ["customer"]
    default_sort = "-created_at"
    form_sections = (Section(fields=FIELDS),)
    show_sections = (Section(fields=(*FIELDS, "owner", "result")),)
    label_columns = {
        "plate": N_("Plate"),
        "vin": N_("VIN"),
        "customer": N_("Customer"),
        "vehicle": N_("Vehicle"),
        "handed_over_on": N_("Handed over on"),
        "place": N_("Place"),
        "price": N_("Price"),
        "insured": N_("Insured"),
        "salesperson": N_("Salesperson"),
        "remarks": N_("Remarks"),
        "result": N_("Result"),
    }
    choices = {
        "place": (
            Choice("showroom", N_("Showroom")),
            Choice("home", N_("At the customer's")),
        ),
    }


class VehicleHandoverApi(RecordApi):
    """The same over REST, under ``/api/v1/handovers``."""

    datamodel = RecordInterface(VehicleHandover)
    resource_name = "handovers"
    class_permission_name = VIEW
    list_columns = ["id", "number", *FIELDS, "state", "owner"]
    show_columns = [*list_columns, "version"]
    add_columns = list(FIELDS)
    edit_columns = list(FIELDS)
