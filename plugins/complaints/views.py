"""Screens of complaints and mass complaints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.screens import (
    Chip,
    Choice,
    DeadlineHeader,
    Page,
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    WorkflowView,
    document_response,
    requires,
)
from plugins.complaints import paper
from plugins.complaints.assignment import ComplaintActions, HandlersPage, SuggestionPage
from plugins.complaints.choices import (
    DEADLINE_RESULTS,
    LIABILITIES,
    REPLY_WAYS,
    RULE_BOOKS,
    SATISFACTIONS,
    SEVERITIES,
    SOURCES,
    URGENCIES,
)
from plugins.complaints.merging import MergeCandidatesPage
from plugins.complaints.models import Complaint, Incident
from plugins.complaints.registration import RegistrationFormPage
from plugins.complaints.saved_lists import SAVED_LISTS
from plugins.complaints.workflow import VIEW

_SEVERITY_TONES = {"minor": ("still", "chevron-down"), "normal": ("calm", "equal"),
                   "serious": ("warn", "chevron-up"), "critical": ("bad", "chevrons-up")}
_SATISFACTION_TONES = {"satisfied": ("good", "mood-smile"), "fair": ("calm", "mood-neutral"),
                       "dissatisfied": ("bad", "mood-sad")}
DOCUMENTS = Path(__file__).parent / "documents"


def _choices(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]


class DocumentsPage(Page):
    """Complaints on paper."""

    @expose("/<pk>/record-form.pdf")
    @requires("show")
    def record_form(self, pk: str) -> Response:
        """Print the complaint record form."""
        record = self.screen.get_or_404(pk)
        return document_response(DOCUMENTS / "record_form.typ", paper.record_form(record),
                                 f"{record.number}-record.pdf", record)

    @expose("/<pk>/report.pdf")
    @requires("show")
    def report(self, pk: str) -> Response:
        """Print the full report."""
        record = self.screen.get_or_404(pk)
        return document_response(DOCUMENTS / "report.typ", paper.report(record),
                                 f"{record.number}-report.pdf", record)


class ComplaintHeader(DeadlineHeader):
    """The head of a complaint's page."""

    def badges(self, record: Complaint) -> Sequence[Chip]:
        """Add what everyone must know at a glance."""
        chips = list(super().badges(record))
        if record.is_major:
            chips.insert(0, Chip(label=N_("Major complaint"), tone="bad", icon="flame"))
        if record.round > 1:
            chips.append(Chip(label=gettext("Round %(number)s", number=record.round), tone="warn",
                              icon="rotate"))
        return chips


class ComplaintPage(RecordPage):
    """The page of a complaint, with the rounds that are over."""

    def context(self, record: Complaint) -> Mapping[str, Any]:
        """Add what earlier rounds decided and brought, each under a heading of its own."""
        rounds = [{"title": paper.round_title(one), "fields": paper.round_fields(one)}
                  for one in paper.rounds_of(record)]
        return {**super().context(record), "rounds": rounds}


class ComplaintView(WorkflowView):
    """Complaints: registration, list, record page, every step of the workflow."""

    datamodel = RecordInterface(Complaint)
    route_base = "/complaints"
    class_permission_name = VIEW
    list_title = N_("Complaints")
    record_label = N_("Complaint")
    icon = "message-report"
    importer_name = "complaints.complaints"
    list_columns = ["number", "subject", "customer_name", "state", "deadline", "severity",
                    "owner", "responsible_department", "received_at"]
    list_choice = ["channel", "category", "product", "issue", "region", "satisfaction", "handler",
                   "team", "department", "is_major", "contact", "incident", "cause", "urgency",
                   "due_at", "promised_at", "last_progress_at", "sub_product", "sub_issue",
                   "branch"]
    filter_columns = ["state", "is_open", "workers", "owner", "team", "department",
                      "branch", "responsible_department", "handler", "severity", "urgency",
                      "category", "cause", "channel", "product", "sub_product", "issue",
                      "sub_issue", "region", "source", "regulator_timely", "satisfaction",
                      "is_major",
                      "incident", "customer", "vehicle", "loan", "received_at", "due_at",
                      "promised_at", "last_progress_at", "heard_at", "resolved_at", "closed_at",
                      "rule_book", "round", "first_response_result", "resolution_result",
                      "first_response_at"]
    plain_title = N_("Open")
    saved_views = SAVED_LISTS
    calendar_column = "due_at"
    # The owner is changed by an action of its own, which asks who may work on complaints.
    assignable = False
    default_sort = "-received_at"
    default_filters = {"is_open__is": ["true"]}
    choices = {
        "severity": _choices(SEVERITIES, _SEVERITY_TONES),
        "urgency": _choices(URGENCIES),
        "reply_way": _choices(REPLY_WAYS),
        "liability": _choices(LIABILITIES),
        "satisfaction": _choices(SATISFACTIONS, _SATISFACTION_TONES),
        "rule_book": _choices(RULE_BOOKS),
        "source": _choices(SOURCES),
        "first_response_result": _choices(DEADLINE_RESULTS),
        "resolution_result": _choices(DEADLINE_RESULTS),
    }
    label_columns = {
        "customer_name": N_("Customer name"), "contact": N_("Contact"),
        "reason": N_("What happened"), "demand": N_("What the customer demands"),
        "subject": N_("Subject"), "received_at": N_("Received at"),
        "receiver_number": N_("Receiving agent's number"),
        "reply_way": N_("How to tell the result"), "rule_book": N_("Rule book"),
        "responsible_department": N_("Responsible department"), "handler": N_("Responsible person"),
        "workers": N_("Owner or responsible person"),
        "promised_at": N_("Promised for"), "last_progress_at": N_("Last told the customer"),
        "heard_at": N_("Last heard from us"),
        "is_major": N_("Major complaint"), "incident": N_("Mass complaint"), "round": N_("Round"),
        "cause": N_("Cause"), "cause_analysis": N_("Cause analysis"),
        "liability": N_("Judgement of responsibility"),
        "liability_note": N_("Grounds of the judgement"), "is_open": N_("Open"),
        "merged_into": N_("Merged into"), "region": N_("Region"), "issue": N_("Issue"),
        "sub_issue": N_("Sub-issue"), "sub_product": N_("Sub-product"), "product": N_("Product"),
        "approver": N_("Approved by"), "approved_at": N_("Approved at"),
        "approval_note": N_("Remark of the approver"), "proposer": N_("Proposed by"),
        "consent_note": N_("Consent of the customer"), "consented_at": N_("Consented at"),
        "resolved_at": N_("Resolved at"), "closed_at": N_("Closed at"),
        "first_response_result": N_("First response"),
        "first_response_at": N_("First response at"),
        "resolution_result": N_("Resolution deadline"),
        "dissatisfaction_reason": N_("Reason of dissatisfaction"),
        "withdrawal_reason": N_("Reason of withdrawal"), "external_id": N_("External number"),
        "branch": N_("Branch"), "source": N_("Source"),
        "regulator_timely": N_("Timely response"),
    }
    description_columns = {
        "reason": N_("Fill in this, or what the customer demands."),
        "contact": N_("Left empty, the customer's phone is taken."),
        "customer_name": N_("Left empty, the customer's name is taken."),
    }
    form_sections = (
        Section(fields=("customer", "contact", "customer_name", "channel", "reason", "demand"),
                wide=("reason", "demand")),
        Section(title=N_("More, if known"),
                fields=("subject", "received_at", "reply_way", "category",
                        "product", "branch", "vehicle", "loan", "rule_book", "incident")),
    )
    prefill_columns = ["customer", "vehicle", "loan", "contact", "channel", "reason",
                       "customer_name", "incident"]
    narrowed_by = {"vehicle": "customer", "loan": "customer"}
    suggests_from = ("reason", "demand")
    suggests_in = {"propose": "solution"}
    show_sections = (
        Section(fields=("customer", "customer_name", "contact", "reply_way", "channel",
                        "received_at", "receiver_number", "owner", "team", "department", "branch")),
        Section(title=N_("What happened"), fields=("reason", "demand", "category", "product",
                                                   "issue", "vehicle", "loan", "region"),
                wide=("reason", "demand")),
        Section(title=N_("Assessment and responsibility"),
                fields=("severity", "urgency", "cause", "cause_analysis", "responsible_department",
                        "handler", "liability", "liability_note"),
                wide=("cause_analysis", "liability_note")),
        Section(title=N_("Solution"),
                fields=("solution", "proposer", "approver", "approved_at", "approval_note",
                        "consent_note", "consented_at", "result", "resolved_at"),
                wide=("solution", "result")),
        Section(title=N_("Feedback"),
                fields=("feedback", "satisfaction", "dissatisfaction_reason", "summary",
                        "improvement", "round"), wide=("feedback", "summary", "improvement")),
        Section(title=N_("Deadlines and ties"),
                fields=("rule_book", "promised_at", "last_progress_at", "incident",
                        "merged_into", "withdrawal_reason", "external_id")),
    )
    show_template = "complaints/record.html"
    form_template = "complaints/form.html"
    form_page = RegistrationFormPage
    first_step = "assess"
    form_steps = ("assess",)
    record_page = ComplaintPage
    record_header = ComplaintHeader
    record_actions = ComplaintActions
    suggestion_page = SuggestionPage
    handlers_page = HandlersPage
    merge_candidates_page = MergeCandidatesPage
    documents_page = DocumentsPage


class ComplaintApi(RecordApi):
    """Complaints over REST; transitions through ``POST …/<id>/actions/<name>``."""

    datamodel = RecordInterface(Complaint)
    resource_name = "complaints"
    class_permission_name = VIEW
    list_columns = ["id", "number", "subject", "customer_name", "state", "severity", "owner",
                    "responsible_department", "channel", "received_at", "due_at"]
    show_columns = [*list_columns, "contact", "reason", "demand", "category", "cause",
                    "cause_analysis", "liability", "solution", "result", "feedback",
                    "satisfaction", "promised_at", "version", "is_major", "round", "handler"]
    add_columns = ["customer", "customer_name", "contact", "channel", "reason", "demand",
                   "subject", "category", "product", "region", "branch", "rule_book", "received_at"]
    edit_columns = ["subject", "customer_name", "contact", "reason", "demand", "category",
                    "product", "region", "branch", "reply_way", "rule_book", "received_at"]


class IncidentView(RecordView):
    """Mass complaints: several complaints of one origin."""

    datamodel = RecordInterface(Incident)
    route_base = "/complaints/incidents"
    class_permission_name = "complaints.Incident"
    list_title = N_("Mass complaints")
    record_label = N_("Mass complaint")
    icon = "users-group"
    list_columns = ["number", "subject", "owner", "department", "started_on", "created_at"]
    form_sections = (
        Section(fields=("subject", "started_on", "representatives", "description"),
                wide=("subject", "description")),
    )
    label_columns = {"representatives": N_("Representatives (at most 5)"),
                     "started_on": N_("Began on")}
    description_columns = {"representatives": N_("Names with commas between them.")}
    related_views = [ComplaintView]
