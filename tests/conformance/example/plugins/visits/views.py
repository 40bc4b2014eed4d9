"""Screens and REST API of visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.visits.models import Visit
from plugins.visits.services import register
from plugins.visits.workflow import NAME, VIEW

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    Section,
    WorkflowView,
    column_values,
    current_person,
)
from app.sdk.services import db


class VisitView(WorkflowView):
    """Visits: list, form, record page, every step of the workflow."""

    datamodel = RecordInterface(Visit)
    workflow_name = NAME
    route_base = "/visits"
    class_permission_name = VIEW
    list_title = N_("Showroom visits")
    record_label = N_("Showroom visit")
    icon = "building-store"
    importer_name = "visits.visits"
    list_columns = ["number", "visitor", "phone", "purpose", "state", "owner", "created_at"]
    filter_columns = ["state", "owner", "purpose", "created_at"]
    default_sort = "-created_at"
    form_sections = (Section(fields=("visitor", "phone", "purpose")),)
    show_sections = (Section(fields=("visitor", "phone", "purpose", "owner", "result")),)
    label_columns = {"visitor": N_("Visitor"), "phone": N_("Phone"), "purpose": N_("Purpose"),
                     "result": N_("Result")}

    def create_record(self, values: Mapping[str, Any]) -> Visit:
        """Register through the service, which begins the workflow."""
        return register(db.session, current_person(), column_values(Visit, values))


class VisitApi(RecordApi):
    """Visits over REST, under ``/api/v1/visits``."""

    datamodel = RecordInterface(Visit)
    resource_name = "visits"
    class_permission_name = VIEW
    list_columns = ["id", "number", "visitor", "phone", "purpose", "state", "owner"]
    show_columns = [*list_columns, "result", "version"]
    add_columns = ["visitor", "phone", "purpose"]
    edit_columns = ["visitor", "phone", "purpose"]
