"""Screens and REST API of enquiries: the desk, the daily table, the record page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordPage,
    SavedList,
    Section,
    ShownWhen,
    WorkflowView,
    drawn,
)
from app.sdk.services import db, name_of
from app.sdk.workflow import Message
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.choices import (
    DEADLINE_RESULTS,
    ENDINGS,
    KIND_TONES,
    KINDS,
    MESSAGE,
    REPAIR,
    RESCUE,
    SATISFACTION_TONES,
    SATISFACTIONS,
    TRANSFER,
    TRANSFER_RESULTS,
)
from plugins.enquiries.choices import ENQUIRY as ENQUIRY_KIND
from plugins.enquiries.enquiries.daily import DailyPage
from plugins.enquiries.enquiries.desk import DeskPage
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.enquiries.share_page import SharePage
from plugins.enquiries.enquiries.workflow import AT_DEPARTMENT

LABELS: dict[str, Any] = {
    "received_at": N_("Date"), "kind": N_("Kind of call"), "channel": N_("Enquiry channel"),
    "category": N_("Enquiry category"), "customer": N_("Customer"),
    "customer_name": N_("Customer name"),
    "phone": N_("Phone"), "wechat": N_("WeChat"), "qq": N_("QQ"), "plate": N_("Plate"),
    "is_internal": N_("Internal customer"), "subject": N_("Subject"),
    "question": N_("Question in detail"), "happened_when": N_("When"),
    "happened_where": N_("Where"), "happened_why": N_("Why"), "happened_how": N_("How"),
    "answer": N_("How it was solved"),
    "remarks": N_("Remarks"), "answered_at": N_("Answered at"),
    "answered_at_once": N_("Answered at once"), "promised_at": N_("Reply promised for"),
    "reply_result": N_("Promised reply"), "owner": N_("Who follows"),
    "responsible_department": N_("Department that answers"), "handler": N_("Person that answers"),
    "workers": N_("Who follows or answers"), "department_question": N_("What is asked"),
    "department_due_at": N_("Answer needed by"),
    "department_answer": N_("Answer of the department"), "waiting_since": N_("Waiting since"),
    "satisfaction": N_("Satisfaction"), "dissatisfaction_reason": N_("Reason of dissatisfaction"),
    "ending": N_("How it ended"), "closed_at": N_("Closed at"), "became": N_("Became"),
    "repair_items": N_("Items to repair"), "transferred_to": N_("Transferred to"),
    "transfer_result": N_("Result of the transfer"), "message_for": N_("Message for"),
    "for_sales": N_("Wants to buy: give to sales"), "sales": N_("Salesperson"),
    "sales_because": N_("Why this person"), "is_open": N_("Open"),
    "external_id": N_("External number"),
}
DAILY = ("received_at", "channel", "phone", "customer_name", "question", "owner", "answer",
         "remarks")


class EnquiryPage(RecordPage):
    """The page of an enquiry; it says why the salesperson has the caller."""

    def context(self, record: Enquiry) -> Mapping[str, Any]:
        """Add the reason of the share-out."""
        because = record.sales_because or {}
        why = Message(because["text"], because.get("values", {})) if because else None
        return {**super().context(record), "why_sales": why,
                "salesperson": name_of(db.session, record.sales_id)}


class EnquiryView(WorkflowView):
    """Enquiries: the desk for a call, the daily table, every step of the workflow."""

    datamodel = RecordInterface(Enquiry)
    route_base = "/enquiries"
    class_permission_name = ENQUIRY
    list_title = N_("Enquiries")
    record_label = N_("Call or enquiry")
    icon = "headset"
    list_columns = ["number", "received_at", "kind", "state", "deadline", "customer_name",
                    "question", "owner", "channel", "answer"]
    list_choice = ["phone", "wechat", "qq", "category", "remarks", "satisfaction", "promised_at",
                   "reply_result", "responsible_department", "handler", "department_due_at",
                   "answered_at", "answered_at_once", "ending", "became", "plate",
                   "is_internal", "transferred_to", "transfer_result", "for_sales", "sales",
                   "closed_at", "due_at", "team", "department", "subject"]
    filter_columns = ["received_at", "kind", "channel", "category", "state", "is_open", "owner",
                      "workers", "team", "department", "customer", "satisfaction",
                      "answered_at_once", "answered_at", "promised_at", "reply_result",
                      "responsible_department", "handler", "department_due_at", "due_at",
                      "ending", "is_internal", "transferred_to", "transfer_result", "for_sales",
                      "sales", "waiting_since", "closed_at"]
    plain_title = N_("Today")
    default_filters = {"received_at__period": ["today"]}
    default_sort = "-received_at"
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="due_at",
                  filters={"is_open__is": ["true"], "workers__in": ["me"]}),
        SavedList(name="open", title=N_("Open"), sort="due_at",
                  filters={"is_open__is": ["true"]}),
        SavedList(name="daily", title=N_("Daily enquiry table"), sort="received_at",
                  filters={"received_at__period": ["today"]}, columns=DAILY),
        SavedList(name="overdue", title=N_("Overdue"), sort="due_at",
                  filters={"is_open__is": ["true"], "due_at__period": ["overdue"]}),
        SavedList(name="departments", title=N_("Late at departments"), sort="department_due_at",
                  filters={"state__in": [AT_DEPARTMENT],
                           "department_due_at__period": ["overdue"]}),
    )
    calendar_column = "promised_at"
    # The owner is changed by an action of its own, which asks who may work on enquiries.
    assignable = False
    choices = {
        "kind": drawn(KINDS, KIND_TONES),
        "satisfaction": drawn(SATISFACTIONS, SATISFACTION_TONES),
        "transfer_result": drawn(TRANSFER_RESULTS), "ending": drawn(ENDINGS),
        "reply_result": drawn(DEADLINE_RESULTS),
    }
    label_columns = LABELS
    description_columns = {
        "phone": N_("Left empty, the customer's phone is taken."),
        "customer_name": N_("Left empty, the customer's name is taken."),
        "answer": N_("Left empty, a reply is promised by rule and the enquiry is followed."),
        "promised_at": N_("Left empty, it follows from the rule of deadlines."),
    }
    form_sections = (
        Section(fields=("customer", "phone", "customer_name", "kind", "question",
                        "transferred_to", "transfer_result", "message_for", "repair_items",
                        "plate", "answer", "satisfaction", "happened_where"),
                wide=("question", "answer")),
        Section(title=N_("More, if known"), folded=True,
                fields=("channel", "category", "received_at", "promised_at", "for_sales",
                        "is_internal", "wechat", "qq", "happened_when",
                        "happened_why", "happened_how", "remarks", "external_id"),
                wide=("remarks",)),
    )
    shown_when = {
        "transferred_to": ShownWhen("kind", (TRANSFER,)),
        "transfer_result": ShownWhen("kind", (TRANSFER,)),
        "message_for": ShownWhen("kind", (MESSAGE,)),
        "repair_items": ShownWhen("kind", (REPAIR, RESCUE)),
        "plate": ShownWhen("kind", (REPAIR, RESCUE)),
        "answer": ShownWhen("kind", (ENQUIRY_KIND, "grumble", "other")),
        "satisfaction": ShownWhen("kind", (ENQUIRY_KIND, "grumble", "other")),
    }
    edit_columns = ["customer", "phone", "customer_name", "kind", "question", "transferred_to",
                    "transfer_result", "message_for", "repair_items", "plate", "happened_where",
                    "channel", "category", "received_at", "promised_at", "for_sales",
                    "is_internal", "wechat", "qq", "happened_when", "happened_why",
                    "happened_how", "remarks"]
    prefill_columns = ["customer", "phone", "customer_name", "channel", "kind", "question", "plate"]
    import_key = ["external_id"]
    show_sections = (
        Section(fields=("received_at", "kind", "channel", "category", "customer",
                        "customer_name", "phone", "wechat", "qq", "plate", "is_internal",
                        "owner", "team", "department", "question", "happened_when",
                        "happened_where", "happened_why", "happened_how"), wide=("question",)),
        Section(title=N_("Answer"),
                fields=("answer", "answered_at", "promised_at", "reply_result",
                        "satisfaction", "dissatisfaction_reason", "ending", "closed_at",
                        "remarks"), wide=("answer", "remarks")),
        Section(title=N_("Department"),
                fields=("responsible_department", "handler", "department_due_at",
                        "department_question", "department_answer"),
                wide=("department_question", "department_answer")),
        Section(title=N_("Telephone desk"),
                fields=("became", "transferred_to", "transfer_result", "message_for",
                        "repair_items", "for_sales", "sales")),
    )
    show_template = "enquiries/record.html"
    list_template = "enquiries/list.html"
    form_template = "enquiries/desk.html"
    suggests_from = ("question",)
    suggests_into = "answer"
    suggests_in = {"answer": "answer", "reply": "department_answer"}
    form_page = DeskPage
    record_page = EnquiryPage
    daily_page = DailyPage
    share_page = SharePage


class EnquiryApi(RecordApi):
    """Enquiries over REST; transitions through ``POST …/<id>/actions/<name>``."""

    datamodel = RecordInterface(Enquiry)
    resource_name = "enquiries"
    class_permission_name = ENQUIRY
    list_columns = ["id", "number", "received_at", "kind", "channel", "category", "customer_name",
                    "subject", "state", "owner", "due_at"]
    show_columns = [*list_columns, "phone", "question", "answer", "remarks",
                    "satisfaction", "promised_at", "became", "version"]
    add_columns = ["customer", "customer_name", "phone", "wechat", "qq", "kind", "channel",
                   "category", "question", "answer", "remarks", "received_at",
                   "external_id"]
    edit_columns = ["customer", "customer_name", "phone", "kind", "channel", "category",
                    "question", "remarks"]
