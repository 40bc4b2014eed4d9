"""Screens and REST API of suggestions."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import CallerFormPage, RecordApi, RecordInterface, Section, WorkflowView
from plugins.enquiries.access import SUGGESTION
from plugins.enquiries.department_reply_view import ANSWER, CHOICES, FILTERS, LABELS, SAVED_LISTS
from plugins.enquiries.suggestions.models import Suggestion


class SuggestionFormPage(CallerFormPage):
    """The form of a suggestion."""

    contact_column = "phone"


class SuggestionView(WorkflowView):
    """Suggestions of customers: to the department, answered, told."""

    datamodel = RecordInterface(Suggestion)
    route_base = "/enquiries/suggestions"
    class_permission_name = SUGGESTION
    list_title = N_("Suggestions of customers")
    record_label = N_("Customer suggestion")
    icon = "bulb"
    list_columns = ["number", "subject", "customer_name", "state", "deadline", "decision",
                    "responsible_department", "handler", "received_at"]
    list_choice = ["phone", "content", "reply", "told_at", "reply_result", "owner", "team",
                   "department", "due_at"]
    filter_columns = [*FILTERS, "customer"]
    plain_title = N_("Open")
    default_filters = {"is_open__is": ["true"]}
    default_sort = "-received_at"
    saved_views = SAVED_LISTS
    calendar_column = ""
    assignable = False
    choices = CHOICES
    label_columns = LABELS
    form_sections = (Section(fields=("customer", "phone", "customer_name", "received_at",
                                     "content"), wide=("content",)),)
    prefill_columns = ["customer", "phone"]
    show_sections = (
        Section(fields=("customer", "customer_name", "phone", "received_at", "owner", "team",
                        "department", "content"), wide=("content",)),
        ANSWER,
    )
    form_page = SuggestionFormPage


class SuggestionApi(RecordApi):
    """Suggestions over REST."""

    datamodel = RecordInterface(Suggestion)
    resource_name = "enquiries_suggestions"
    class_permission_name = SUGGESTION
    list_columns = ["id", "number", "subject", "customer_name", "state", "decision", "handler",
                    "received_at"]
    show_columns = [*list_columns, "phone", "content", "reply", "told", "version"]
    add_columns = ["customer", "customer_name", "phone", "content"]
    edit_columns = ["customer", "customer_name", "phone", "content"]
