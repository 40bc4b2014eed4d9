"""The screen of internal requests."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, Section, WorkflowView
from plugins.enquiries.access import REQUEST
from plugins.enquiries.department_reply_view import ANSWER, CHOICES, FILTERS, LABELS, SAVED_LISTS
from plugins.enquiries.requests.models import Request


class RequestView(WorkflowView):
    """Internal requests: to the department, answered, told to the colleague."""

    datamodel = RecordInterface(Request)
    route_base = "/enquiries/requests"
    class_permission_name = REQUEST
    list_title = N_("Internal requests")
    record_label = N_("Internal request")
    icon = "building"
    list_columns = ["number", "subject", "asker", "state", "deadline", "decision",
                    "responsible_department", "handler", "received_at"]
    list_choice = ["content", "reply", "told_at", "reply_result", "owner", "team", "department",
                   "due_at"]
    filter_columns = [*FILTERS, "asker"]
    plain_title = N_("Open")
    default_filters = {"is_open__is": ["true"]}
    default_sort = "-received_at"
    saved_views = SAVED_LISTS
    calendar_column = ""
    assignable = False
    choices = CHOICES
    label_columns = {**LABELS, "content": N_("What is needed"), "asker": N_("Who asks")}
    description_columns = {"asker": N_("Left empty, it is whoever writes it down.")}
    form_sections = (Section(fields=("asker", "received_at", "content"), wide=("content",)),)
    show_sections = (
        Section(fields=("asker", "received_at", "owner", "team", "department", "content"),
                wide=("content",)),
        ANSWER,
    )
