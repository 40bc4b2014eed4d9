"""Screens of contact with customers: consents, do-not-contact, the log, and the rules."""

from __future__ import annotations

from typing import ClassVar

from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView
from app.admin.plugin_settings import settings_page
from app.customers.contact_models import Consent, Contact, DoNotContact
from app.customers.contacts import SETTINGS_NAME
from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, Section, requires, translated

_LABELS = {"customer": N_("Customer"), "channel": N_("Contact channel"), "purpose": N_("Purpose")}


class ConsentView(RecordView):
    """Consents of customers to be contacted."""

    datamodel = RecordInterface(Consent)
    route_base = "/consents"
    class_permission_name = "core.Consent"
    list_title = N_("Consents")
    record_label = N_("Consent")
    icon = "checkbox"
    list_columns = ["customer", "channel", "purpose", "from_on", "withdrawn_on", "note"]
    form_sections = (Section(fields=("customer", "channel", "purpose", "from_on", "withdrawn_on",
                                     "note"), wide=("note",)),)
    label_columns = {**_LABELS, "from_on": N_("From"), "withdrawn_on": N_("Withdrawn on"),
                     "note": N_("Note")}
    prefill_columns = ["customer"]
    import_key = ("customer", "channel", "purpose", "from_on")
    default_sort = "-from_on"


class DoNotContactView(RecordView):
    """Customers who are not to be contacted."""

    datamodel = RecordInterface(DoNotContact)
    route_base = "/do-not-contact"
    class_permission_name = "core.DoNotContact"
    list_title = N_("Do not contact")
    record_label = N_("Do not contact")
    icon = "phone-off"
    list_columns = ["customer", "purpose", "reason", "until_on"]
    form_sections = (Section(fields=("customer", "purpose", "reason", "until_on"),
                             wide=("reason",)),)
    label_columns = {**_LABELS, "reason": N_("Reason"), "until_on": N_("Until")}
    description_columns = {"until_on": N_("The last day. Left empty, for good.")}
    prefill_columns = ["customer"]
    import_key = ("customer", "purpose")


class ContactView(RecordView):
    """The log of contacts; nobody writes in it."""

    datamodel = RecordInterface(Contact)
    route_base = "/contacts"
    class_permission_name = "core.Contact"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_export"]
    list_title = N_("Log of contacts")
    record_label = N_("Contact")
    icon = "phone-outgoing"
    list_columns = ["at", "customer", "channel", "purpose", "reached", "by"]
    form_sections = (Section(fields=("at", "customer", "channel", "purpose", "reached", "by")),)
    label_columns = {**_LABELS, "at": N_("When"), "reached": N_("Reached"), "by": N_("By"),
                     "number_digest": N_("Digest of the number"),
                     "record_type": N_("Kind of record"), "record_id": N_("Record of origin")}
    default_sort = "-at"


class ContactRulesView(PageView):
    """The rules of contact, as a form."""

    route_base = "/contact-rules"
    default_view = "index"
    class_permission_name = "core.ContactRules"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Rules of contact")
    icon = "clock-pause"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask for the rules, or save them."""
        return settings_page(self, SETTINGS_NAME, translated(self.list_title), self.url())
