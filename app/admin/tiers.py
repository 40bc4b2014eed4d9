"""The screen of service tiers: what each of them means."""

from __future__ import annotations

from typing import Any, ClassVar

from app.customers.models import ServiceTier
from app.records.dictionaries import DICTIONARY_COLOURS
from app.sdk import N_
from app.sdk.screens import Choice, RecordInterface, RecordView, Section


class ServiceTierView(RecordView):
    """Service tiers; who has one stands on the customer."""

    datamodel = RecordInterface(ServiceTier)
    route_base = "/service-tiers"
    class_permission_name = "core.ServiceTier"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_add", "can_edit"]
    list_title = N_("Service tiers")
    record_label = N_("Service tier")
    icon = "crown"
    list_columns = ["name", "name_zh", "own_agent", "priority", "tighter_percent", "retired"]
    form_sections = (
        Section(fields=("name", "name_zh", "colour", "retired")),
        Section(title=N_("What it means"), fields=("own_agent", "priority", "tighter_percent")),
    )
    choices: ClassVar[dict[str, Any]] = {
        "colour": [Choice(value, label) for value, label in DICTIONARY_COLOURS.items() if value]}
    label_columns = {
        "name": N_("English name"), "name_zh": N_("Chinese name"), "colour": N_("Colour"),
        "retired": N_("Out of use"), "own_agent": N_("Own agent"),
        "priority": N_("Priority in queues"),
        "tighter_percent": N_("Less time, in percent"),
    }
    description_columns = {
        "own_agent": N_("Work about the customer goes to the customer's owner when it is shared "
                        "out."),
        "priority": N_("Work about customers of a higher number comes first."),
        "tighter_percent": N_("Callbacks made by rules, and the internal deadlines of complaints "
                              "and other records about the customer, are due so much sooner. "
                              "Statutory deadlines are not touched."),
    }
    default_sort = "priority"
    is_importable = False
