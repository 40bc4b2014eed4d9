"""Screens and REST API of visits."""

from __future__ import annotations

from plugins.visits.models import Visit
from plugins.visits.workflow import VIEW

from app.sdk import N_
from app.sdk.screens import RecordApi, RecordInterface, Section, WorkflowView


class VisitView(WorkflowView):
    """Visits: list, form, record page, every step of the workflow."""

    datamodel = RecordInterface(Visit)
    route_base = "/visits"
    class_permission_name = VIEW
    list_title = N_("Showroom visits")
    record_label = N_("Showroom visit")
    icon = "building-store"
    importer_name = "visits.visits"
    list_columns = ["number", "visitor", "phone", "purpose", "state", "owner", "created_at"]
    filter_columns = ["state", "owner", "purpose", "created_at"]
    default_sort = "-created_at"
    suggests_from = ("visitor",)
    form_sections = (Section(fields=("visitor", "phone", "purpose")),)
    show_sections = (Section(fields=("visitor", "phone", "purpose", "owner", "result")),)
    label_columns = {"visitor": N_("Visitor"), "phone": N_("Phone"), "purpose": N_("Purpose"),
                     "result": N_("Result")}


class VisitApi(RecordApi):
    """Visits over REST, under ``/api/v1/visits``."""

    datamodel = RecordInterface(Visit)
    resource_name = "visits"
    class_permission_name = VIEW
    list_columns = ["id", "number", "visitor", "phone", "purpose", "state", "owner"]
    show_columns = [*list_columns, "result", "version"]
    add_columns = ["visitor", "phone", "purpose"]
    edit_columns = ["visitor", "phone", "purpose"]
