"""The screen of messages for colleagues."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import CallerFormPage, RecordInterface, SavedList, Section, WorkflowView
from plugins.enquiries.access import MESSAGE
from plugins.enquiries.messages.models import Message


class MessageFormPage(CallerFormPage):
    """The form of a message."""

    contact_column = "phone"


class MessageView(WorkflowView):
    """Messages for colleagues, until they have called back."""

    datamodel = RecordInterface(Message)
    route_base = "/enquiries/messages"
    class_permission_name = MESSAGE
    list_title = N_("Messages for colleagues")
    record_label = N_("Message for a colleague")
    icon = "message"
    list_columns = ["number", "subject", "customer_name", "owner", "state", "deadline",
                    "received_at"]
    list_choice = ["phone", "content", "result", "done_at", "team", "department", "due_at"]
    filter_columns = ["state", "is_open", "owner", "team", "department", "customer",
                      "received_at", "done_at", "due_at"]
    plain_title = N_("Open")
    default_filters = {"is_open__is": ["true"]}
    default_sort = "-received_at"
    saved_views = (SavedList(name="mine", title=N_("Mine"), sort="due_at",
                             filters={"is_open__is": ["true"], "owner__in": ["me"]}),)
    calendar_column = ""
    assignable = False
    label_columns = {
        "owner": N_("Message for"), "content": N_("Message"), "result": N_("What came of the call"),
        "received_at": N_("Received at"), "done_at": N_("Called back at"),
        "customer": N_("Customer"), "customer_name": N_("Customer name"), "phone": N_("Phone"),
        "subject": N_("Subject"), "is_open": N_("Open"),
    }
    form_sections = (Section(fields=("owner", "customer", "phone", "customer_name", "content"),
                             wide=("content",)),)
    prefill_columns = ["customer", "phone"]
    show_sections = (
        Section(fields=("owner", "customer", "customer_name", "phone", "received_at", "content",
                        "done_at", "result"), wide=("content", "result")),
    )
    form_page = MessageFormPage
