"""Screens of customers, vehicles and loans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import flash, redirect
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.admin.change_requests import ChangeRequestView, field_names
from app.admin.contacts import ConsentView, ContactView, DoNotContactView
from app.admin.customer_events import CustomerEventView
from app.admin.investments import InvestmentView
from app.admin.personal_copies.page import CustomerBinPage, PersonalCopyPage
from app.admin.retention import CustomerActionsPage, CustomerRetentionPage
from app.admin.verification import (
    DUE_FOR_REVIEW,
    INCOMPLETE,
    STATES_OF_INFORMATION,
    CustomerActions,
    CustomerHeader,
    VerificationView,
    VerifiedCustomerPage,
    percent_text,
    timeline_entries,
)
from app.collaboration.references import address_of
from app.collaboration.timeline import entries
from app.customers.changes.operations import undecided
from app.customers.changes.rules import VIEW as REQUESTS
from app.customers.merging.operations import survivor_of
from app.customers.models import (
    CONTACT_WAYS,
    GRADES,
    LOAN_STATES,
    RISK_CLASSES,
    Customer,
    Loan,
    Vehicle,
)
from app.customers.privacy.holds import running_hold
from app.customers.privacy.requests import MAY_ASK, waiting_request
from app.customers.privacy.requests import VIEW as ERASURES
from app.database import db
from app.forms.build import translate
from app.i18n import Message
from app.sdk import N_
from app.sdk.screens import (
    Choice,
    RecordApi,
    RecordInterface,
    RecordView,
    Section,
    Timeline,
    TimelineEntry,
    current_person,
    requires,
)


class CustomerTimeline(Timeline):
    """What happened to a customer, and to records of every plugin that are about them."""

    def further(self, record: Customer, most: int) -> Sequence[Sequence[TimelineEntry]]:
        """Return what happened to records about the customer, as far as the caller sees them."""
        found = entries(db.session, current_person(), record.id, most)
        return [[
            TimelineEntry(
                at=one.at, who=one.actor_name, kind="record", icon=one.icon,
                what=translate(Message(one.text, one.values)), text=one.number,
                url=address_of(one.record_type, one.record_id),
            )
            for one in found
        ], timeline_entries(record.id, most)]


class CustomerPage(VerifiedCustomerPage):
    """The page of a customer; it says which changes of it nobody has decided on yet."""

    @expose("/show/<pk>")
    @requires("show")
    def show(self, pk: str) -> str | BaseResponse:
        """Show a customer; a merged one leads to the customer that it went into."""
        try:
            return super().show(pk)
        except NotFound:
            key = self.screen.datamodel.parse_key(pk)
            survivor = None if key is None else survivor_of(db.session, key)
            if survivor is None:
                raise
        flash(gettext("This customer was merged into the one shown here."), "info")
        return redirect(self.screen.url("show", pk=survivor))

    def context(self, record: Customer) -> dict[str, Any]:
        """Add the undecided requests, for those who may see them, and the hold."""
        seen = current_person().can("can_show", REQUESTS)
        return {
            **super().context(record), "field_names": field_names,
            "undecided_changes": undecided(db.session, record.id) if seen else (),
            "may_erase": current_person().can(*MAY_ASK),
            "hold": running_hold(db.session, [record.id]) if record.on_hold else None,
            "erasure": waiting_request(db.session, record.id) if (
                current_person().can("can_show", ERASURES)) else None,
        }


class VehicleView(RecordView):
    """Vehicles of customers."""

    datamodel = RecordInterface(Vehicle)
    route_base = "/vehicles"
    class_permission_name = "core.Vehicle"
    list_title = N_("Vehicles")
    record_label = N_("Vehicle")
    icon = "car"
    list_columns = ["number", "plate", "brand", "model", "customer", "vin", "bought_on"]
    list_choice = ["mileage", "insurance_due_on", "inspection_due_on", "maintenance_due_on",
                   "created_at"]
    calendar_column = ""
    form_sections = (
        Section(fields=("customer", "plate", "brand", "model", "vin", "bought_on", "mileage")),
        Section(title=N_("Due dates"), fields=("insurance_due_on", "inspection_due_on",
                                               "maintenance_due_on")),
    )
    label_columns = {"vin": N_("Vehicle identification number"), "bought_on": N_("Bought on"),
                     "mileage": N_("Mileage (km)"), "plate": N_("Plate number"),
                     "brand": N_("Brand"), "model": N_("Model"),
                     "insurance_due_on": N_("Insurance due on"),
                     "inspection_due_on": N_("Inspection due on"),
                     "maintenance_due_on": N_("Maintenance due on")}
    import_key = ("plate",)
    prefill_columns = ["customer"]

class LoanView(RecordView):
    """Loans of customers."""

    datamodel = RecordInterface(Loan)
    route_base = "/loans"
    class_permission_name = "core.Loan"
    list_title = N_("Loans")
    record_label = N_("Loan")
    icon = "cash-banknote"
    list_columns = ["number", "contract", "customer", "product", "principal", "term_months",
                    "status", "started_on"]
    list_choice = ["vehicle", "overdue_days", "risk_class", "status_on", "created_at"]
    board_column = "status"
    calendar_column = "started_on"
    form_sections = (
        Section(fields=("customer", "vehicle", "contract", "product", "principal", "term_months",
                        "started_on")),
        Section(title=N_("Repayment"), fields=("status", "overdue_days", "risk_class",
                                               "status_on")),
    )
    choices = {
        "status": [
            Choice(value, label, *tone)
            for (value, label), tone in zip(
                LOAN_STATES, (("calm", "progress"), ("bad", "alert-circle"), ("good", "check")),
                strict=True,
            )
        ],
        "risk_class": [
            Choice(value, label, tone) for (value, label), tone in zip(
                RISK_CLASSES, ("good", "calm", "warn", "bad", "bad"), strict=True)
        ],
    }
    label_columns = {"contract": N_("Contract number"), "principal": N_("Principal"),
                     "term_months": N_("Term (months)"), "started_on": N_("Began on"),
                     "product": N_("Product"), "status": N_("Status"),
                     "overdue_days": N_("Days overdue"), "risk_class": N_("Risk class"),
                     "status_on": N_("Status of the day")}
    prefill_columns = ["customer"]
    narrowed_by = {"vehicle": "customer"}


class CustomerView(RecordView):
    """Customers: profile with vehicles, loans and what plugins add."""

    datamodel = RecordInterface(Customer)
    route_base = "/customers"
    class_permission_name = "core.Customer"
    list_title = N_("Customers")
    record_label = N_("Customer")
    icon = "user"
    list_columns = ["number", "name", "phone", "grade", "completeness", "plates", "address",
                    "created_at"]
    list_choice = ["email", "wechat", "qq", "preferred_contact", "born_on", "owner", "id_number",
                   "information_state", "review_due_on", "reviewed_at", "reviewed_by", "tier",
                   "membership", "member_since", "erasure_due_on", "on_hold", "erased_at"]
    saved_views = (INCOMPLETE, DUE_FOR_REVIEW)
    formatters_columns: ClassVar[dict[str, Any]] = {"completeness": percent_text}
    inline_columns = ["grade", "phone", "address", "preferred_contact"]
    # Neither a grade nor a birthday is a stage or a date of work.
    board_column = calendar_column = ""
    form_sections = (
        Section(fields=("name", "phone", "id_number", "grade", "tier", "membership",
                        "member_since")),
        Section(title=N_("Contact"), fields=("preferred_contact", "contact_hours", "timezone",
                                             "wechat", "qq", "email", "address"),
                wide=("address",)),
        Section(title=N_("More"), fields=("born_on", "owner", "remarks"), wide=("remarks",)),
    )
    choices = {
        "grade": [Choice(value, label) for value, label in GRADES],
        "preferred_contact": [Choice(value, label) for value, label in CONTACT_WAYS],
        "information_state": STATES_OF_INFORMATION,
    }
    label_columns = {"id_number": N_("ID number"), "wechat": N_("WeChat"), "qq": N_("QQ"),
                     "plates": N_("Plates"), "former_numbers": N_("Former numbers"),
                     "born_on": N_("Born on"), "remarks": N_("Remarks"),
                     "preferred_contact": N_("Preferred contact"), "grade": N_("Grade"),
                     "contact_hours": N_("Hours wished for"), "timezone": N_("Time zone"),
                     "tier": N_("Service tier"), "membership": N_("Membership"),
                     "member_since": N_("Member since"),
                     "completeness": N_("Completeness"), "review_due_on": N_("Review until"),
                     "reviewed_at": N_("Last reviewed"), "reviewed_by": N_("Last reviewed by"),
                     "information_state": N_("State of information"),
                     "erasure_due_on": N_("Due for erasure on"), "on_hold": N_("On legal hold"),
                     "erased_at": N_("Erased on")}
    description_columns = {
        "contact_hours": N_("Such as 09:00-12:00, 18:00-20:00, by the customer's clock."),
        "timezone": N_("Such as Asia/Shanghai; left empty, the organisation's."),
    }
    prefill_columns = ["name", "phone"]
    import_key = ("name", "phone")
    related_views = [VehicleView, LoanView, InvestmentView, CustomerEventView, ConsentView,
                     DoNotContactView, ContactView, ChangeRequestView, VerificationView]
    show_template = "admin/customer.html"
    record_header = CustomerHeader
    record_page = CustomerPage
    record_actions = CustomerActions
    actions_page = CustomerActionsPage
    copy_page = PersonalCopyPage
    retention_page = CustomerRetentionPage
    recycle_bin_page = CustomerBinPage
    timeline = CustomerTimeline


class CustomerApi(RecordApi):
    """Customers over REST, under ``/api/v1/customers``; what is masked on pages is masked here."""

    datamodel = RecordInterface(Customer)
    resource_name = "customers"
    class_permission_name = "core.Customer"
    list_columns = ["id", "number", "name", "phone", "grade", "tier", "completeness",
                    "information_state", "review_due_on", "plates", "owner", "created_at"]
    edit_columns = ["name", "phone", "id_number", "grade", "tier", "membership",
                    "member_since", "preferred_contact", "contact_hours", "timezone", "wechat",
                    "qq", "email", "address", "born_on", "owner", "remarks"]
    show_columns = ["id", "number", "plates", "created_at", "completeness", "information_state",
                    "reviewed_at", "reviewed_by", "review_due_on", *edit_columns, "version"]
    add_columns = edit_columns


class LoanApi(RecordApi):
    """Loans over REST, under ``/api/v1/loans``; what worsens is told as on every other way in."""

    datamodel = RecordInterface(Loan)
    resource_name = "loans"
    class_permission_name = "core.Loan"
    list_columns = ["id", "number", "contract", "customer", "vehicle", "product", "principal",
                    "term_months", "started_on", "status", "overdue_days", "risk_class",
                    "status_on"]
    show_columns = [*list_columns, "version"]
    add_columns = ["customer", "vehicle", "contract", "product", "principal", "term_months",
                   "started_on", "status", "overdue_days", "risk_class", "status_on"]
    edit_columns = add_columns
