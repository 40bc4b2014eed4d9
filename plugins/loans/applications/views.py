"""Screens and REST API of loan applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.screens import (
    Chip,
    DeadlineHeader,
    Page,
    RecordApi,
    RecordInterface,
    RecordPage,
    SavedList,
    Section,
    WorkflowActions,
    WorkflowView,
    current_person,
    document_response,
    drawn,
    page_language,
    requires,
    whole_number,
    write_date,
)
from app.sdk.services import db, names_of
from plugins.loans.access import APPLICATION, MAY_REVIEW
from plugins.loans.applications import forms, paper, rules
from plugins.loans.applications.figures_page import FiguresPage
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.telling import preferred_channel, reminder_text, result_text
from plugins.loans.applications.workflow import AT_APPROVERS, CHANNELS, GATHERING, REVIEW
from plugins.loans.checklist.services import documents_of, names_in, still_to_bring
from plugins.loans.checklist.status import STATUSES, TONES
from plugins.loans.choices import EMPLOYMENTS, FINDINGS, RESULT_TONES, RESULTS, SOURCES
from plugins.loans.problems.views import ProblemView
from plugins.loans.settings import setting

DOCUMENT = Path(__file__).parents[1] / "documents" / "application.typ"
_TELLING = ("tell", "tell_refusal")


class ApplicationActions(WorkflowActions):
    """What the forms of the acts begin with: texts for the customer, the document of a row."""

    def defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Fill in words for the customer, the document pressed, the approval department."""
        found = super().defaults(name, record)
        if record is None:
            return found
        if name in _TELLING:
            found["told_text"] = result_text(record, page_language())
        elif name in (forms.REMIND, "ask_documents"):
            names = names_in(still_to_bring(documents_of(db.session, record)), page_language())
            text = reminder_text(record, names)
            found |= {"told_text": text, "asked_text": text}
        elif name in (forms.ENTER, forms.CHECK):
            found["kind_id"] = whole_number(request.args.get("kind"))
        elif name == "hand_over" and not record.approval_department_id:
            found["approval_department_id"] = setting(db.session, "approval_department_id")
        if name in (*_TELLING, forms.REMIND):
            found["told_channel"] = preferred_channel(record)
        return found


class ApplicationHeader(DeadlineHeader):
    """The head of an application's page."""

    def badges(self, record: LoanApplication) -> Sequence[Chip]:
        """Add what the customer still has to bring, and a promise that was not kept."""
        chips = list(super().badges(record))
        if record.is_open and record.to_bring and record.state in GATHERING:
            chips.append(Chip(tone="warn", icon="file-alert", label=ngettext(
                "%(num)s document to bring", "%(num)s documents to bring", record.to_bring)))
        if record.is_open and record.promised_on and record.promised_on < local_today():
            chips.append(Chip(tone="bad", icon="calendar-x", label=gettext(
                "Promised for %(day)s", day=write_date(record.promised_on))))
        return chips


class ApplicationPage(RecordPage):
    """The page of an application with its checklist and first review."""

    def context(self, record: LoanApplication) -> Mapping[str, Any]:
        """Add the documents, what is still to be brought with words for it, and the findings."""
        documents, today = documents_of(db.session, record), local_today()
        to_bring = still_to_bring(documents, today) if record.state in GATHERING else []
        language = page_language()
        by = {getattr(record, columns[0]) for columns in rules.FINDING_COLUMNS.values()}
        names = names_of(db.session, {*by, *(one.checked_by_id for one in documents)} - {None})
        return {
            **super().context(record), "names": names,
            "documents": [
                {"row": one, "title": one.kind.titled(language), "status": one.status(today)}
                for one in documents],
            "statuses": dict(STATUSES), "tones": TONES,
            "may_enter": record.state in GATHERING and self.screen.can("can_edit"),
            "may_check": record.state == REVIEW and current_person().can(*MAY_REVIEW),
            "reminder": reminder_text(record, names_in(to_bring, language)) if to_bring else "",
            "findings": [
                {"label": label, "by": names.get(getattr(record, columns[0])),
                 "at": getattr(record, columns[1])}
                for name, label in FINDINGS
                for columns in (rules.FINDING_COLUMNS[name],)],
        }


class PaperPage(Page):
    """An application on paper."""

    @expose("/<pk>/application.pdf")
    @requires("show")
    def application_pdf(self, pk: str) -> Response:
        """Print the application with its documents, review, approvals and follow-ups."""
        record = self.screen.get_or_404(pk)
        return document_response(DOCUMENT, paper.paper(db.session, record),
                                 f"{record.number}.pdf", record)


class ApplicationView(WorkflowView):
    """Loan applications: intake, list, record page, every step."""

    datamodel = RecordInterface(LoanApplication)
    route_base = "/loan-applications"
    class_permission_name = APPLICATION
    list_title = N_("Loan applications")
    record_label = N_("Loan application")
    icon = "cash-banknote"
    list_columns = ["number", "customer_name", "product", "amount", "term_months", "state",
                    "deadline", "to_bring", "owner", "received_at"]
    list_choice = ["instalment", "down_payment", "vehicle_text", "source", "employment", "result",
                   "refusal_reason", "reviewer", "approval_department", "approval_officer",
                   "promised_on", "followed_up_at", "decided_at", "told_at", "team", "department",
                   "reminded_at", "remind_on", "due_at", "approved_amount", "rate"]
    filter_columns = ["state", "is_open", "owner", "team", "department", "product", "source",
                      "employment", "result", "refusal_reason", "to_bring", "reviewer",
                      "approval_department", "approval_officer", "customer", "vehicle", "loan",
                      "received_at", "due_at", "promised_on", "followed_up_at", "remind_on",
                      "handed_over_at", "decided_at", "told_at", "closed_at", "minutes_received",
                      "minutes_missing", "minutes_review", "minutes_not_eligible",
                      "minutes_handed_over", "minutes_approval", "minutes_approved",
                      "minutes_refused"]
    plain_title = N_("Open")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="due_at",
                  filters={"is_open__is": ["true"], "owner__in": ["me"]}),
        SavedList(name="my_team", title=N_("My team"),
                  filters={"is_open__is": ["true"], "team__in": ["my_team"]}),
        SavedList(name="documents", title=N_("Documents missing"), sort="remind_on",
                  filters={"is_open__is": ["true"], "to_bring__at_least": ["1"]}),
        SavedList(name="follow_up", title=N_("Follow-up overdue"), sort="due_at",
                  filters={"state__in": sorted(AT_APPROVERS), "due_at__period": ["past"]}),
        SavedList(name="to_tell", title=N_("To be told"), sort="due_at",
                  filters={"state__in": ["approved", "not_eligible", "refused"]}),
        SavedList(name="decided", title=N_("Decided this month"), sort="-decided_at",
                  filters={"decided_at__period": ["this_month"]}),
    )
    calendar_column = "due_at"
    # The owner is changed by an action of its own, which asks who may work on applications.
    assignable = False
    default_sort = "-received_at"
    default_filters = {"is_open__is": ["true"]}
    import_key = ("external_id",)
    choices = {"source": drawn(SOURCES), "employment": drawn(EMPLOYMENTS),
               "result": drawn(RESULTS, RESULT_TONES),
               "told_channel": drawn([(one.value, one.label) for one in CHANNELS])}
    label_columns = {
        "customer": N_("Customer"), "customer_name": N_("Customer name"),
        "product": N_("Loan product"), "amount": N_("Amount of the loan"),
        "term_months": N_("Term in months"), "down_payment": N_("Down payment"),
        "rate": N_("Rate per year (%)"), "instalment": N_("Monthly instalment"),
        "vehicle": N_("Vehicle"), "vehicle_text": N_("Vehicle wanted"),
        "vehicle_price": N_("Price of the vehicle"), "employment": N_("Livelihood"),
        "employer": N_("Employer or business"), "monthly_income": N_("Monthly income"),
        "credit_record": N_("Credit record"), "source": N_("Source"),
        "received_at": N_("Received at"), "remarks": N_("Remarks"),
        "external_id": N_("External number"), "to_bring": N_("Documents to bring"),
        "remind_on": N_("Next reminder on"), "reminded_at": N_("Last reminded at"),
        "reminders": N_("Reminders"), "reviewer": N_("First reviewer"),
        "approval_department": N_("Approval department"),
        "approval_officer": N_("Approval officer"), "handed_over_at": N_("Handed over at"),
        "hand_over_note": N_("Remark for the approvers"),
        "promised_on": N_("Decision promised for"), "followed_up_at": N_("Last followed up at"),
        "approved_amount": N_("Approved amount"), "result": N_("Result of the application"),
        "refusal_reason": N_("Reason of refusal"), "advice": N_("Advice to the customer"),
        "decided_at": N_("Decided at"), "told_at": N_("Told at"), "told_by": N_("Told by"),
        "told_channel": N_("How the customer was told"),
        "told_text": N_("What the customer was told"), "loan": N_("Loan"),
        "complete_by_id": N_("Complete, confirmed by"), "true_by_id": N_("Truthful, confirmed by"),
        "valid_by_id": N_("Valid, confirmed by"), "complete_at": N_("Complete, confirmed at"),
        "true_at": N_("Truthful, confirmed at"), "valid_at": N_("Valid, confirmed at"),
        "counted_state": N_("State last counted"), "state_entered_at": N_("In this state since"),
        "withdrawal_reason": N_("Why it was withdrawn"), "closed_at": N_("Closed at"),
        "is_open": N_("Open"), "minutes_received": N_("Minutes received"),
        "minutes_missing": N_("Minutes waiting for documents"),
        "minutes_review": N_("Minutes under first review"),
        "minutes_not_eligible": N_("Minutes not eligible, not told"),
        "minutes_handed_over": N_("Minutes handed over"),
        "minutes_approval": N_("Minutes in approval"),
        "minutes_approved": N_("Minutes approved, not told"),
        "minutes_refused": N_("Minutes refused, not told"),
    }
    description_columns = {
        "customer_name": N_("Left empty, the customer's name is taken."),
        "monthly_income": N_("Encrypted and masked; seen by those who may reveal it."),
        "credit_record": N_("Encrypted and masked; seen by those who may reveal it."),
    }
    form_sections = (
        Section(fields=("customer", "product", "amount", "term_months", "vehicle_text",
                        "vehicle_price", "down_payment", "source")),
        Section(title=N_("Income and credit"),
                fields=("employment", "employer", "monthly_income", "credit_record")),
        Section(title=N_("More, if known"),
                fields=("vehicle", "customer_name", "received_at", "external_id", "remarks"),
                wide=("remarks",)),
    )
    prefill_columns = ["customer", "product", "vehicle", "source"]
    narrowed_by = {"vehicle": "customer"}
    show_sections = (
        Section(fields=("customer", "product", "amount", "term_months", "rate", "instalment",
                        "down_payment", "vehicle_text", "vehicle_price", "vehicle", "source",
                        "received_at", "owner", "team", "department")),
        Section(title=N_("Income and credit"),
                fields=("employment", "employer", "monthly_income", "credit_record")),
        Section(title=N_("Approval"),
                fields=("reviewer", "approval_department", "approval_officer", "handed_over_at",
                        "promised_on", "followed_up_at", "hand_over_note"),
                wide=("hand_over_note",)),
        Section(title=N_("Result of the application"),
                fields=("result", "approved_amount", "refusal_reason", "advice", "decided_at",
                        "told_at", "told_by", "told_channel", "loan", "told_text"),
                wide=("advice", "told_text")),
        Section(title=N_("More"),
                fields=("reminded_at", "reminders", "remind_on", "withdrawal_reason",
                        "external_id", "remarks"), wide=("remarks",)),
    )
    related_views = [ProblemView]
    show_template = "loans/record.html"
    list_template = "loans/list.html"
    record_page = ApplicationPage
    uploads_in = {forms.ENTER: "file_id"}
    record_header = ApplicationHeader
    record_actions = ApplicationActions
    paper_page = PaperPage
    figures_page = FiguresPage


class ApplicationApi(RecordApi):
    """Loan applications over REST; steps through ``POST …/<id>/actions/<name>``."""

    datamodel = RecordInterface(LoanApplication)
    resource_name = "loan-applications"
    class_permission_name = APPLICATION
    list_columns = ["id", "number", "customer_name", "product", "amount", "term_months", "state",
                    "owner", "to_bring", "result", "received_at", "due_at"]
    show_columns = [*list_columns, "customer", "down_payment", "rate", "instalment", "vehicle",
                    "vehicle_text", "vehicle_price", "employment", "employer", "monthly_income",
                    "credit_record", "source", "refusal_reason", "advice", "approved_amount",
                    "handed_over_at", "decided_at", "told_at", "loan", "version"]
    add_columns = ["customer", "product", "amount", "term_months", "down_payment",
                   "vehicle_text", "vehicle_price", "vehicle", "employment", "employer",
                   "monthly_income", "credit_record", "source", "received_at", "external_id"]
    edit_columns = ["product", "amount", "term_months", "down_payment", "vehicle_text",
                    "vehicle_price", "vehicle", "employment", "employer", "monthly_income",
                    "credit_record", "source", "received_at", "remarks"]
