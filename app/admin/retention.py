"""How long customers are kept: the list of legal holds, and why somebody is not due for erasure."""

from __future__ import annotations

from typing import ClassVar

from flask import abort
from flask_appbuilder.baseviews import expose
from sqlalchemy import select

from app.customers.models import Customer
from app.customers.privacy.models import LegalHold
from app.customers.privacy.requests import ERASE, MAY_ASK
from app.customers.privacy.retention import retention_of
from app.forms.build import translate
from app.records.mixin import is_binned
from app.screens.bulk.actions import ActionsPage
from app.screens.screen import Page
from app.sdk import N_
from app.sdk.screens import (
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    current_person,
    is_partial,
    requires,
)
from app.sdk.services import db
from app.web.request import row_scope

HOLDS = "core.LegalHold"


class LegalHoldView(RecordView):
    """Legal holds on customers, those that were lifted included."""

    datamodel = RecordInterface(LegalHold)
    route_base = "/legal-holds"
    class_permission_name = HOLDS
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_export"]
    list_title = N_("Legal holds")
    record_label = N_("Legal hold")
    icon = "gavel"
    list_columns = ["customer", "reference", "reason", "placed_at", "placed_by", "lifted_at"]
    list_choice = ["lifted_by", "lift_reason"]
    filter_columns = ["customer", "placed_at", "placed_by", "lifted_at", "lifted_by"]
    saved_views = (
        SavedList(name="running", title=N_("Running"), filters={"lifted_at__empty": ["1"]},
                  sort="placed_at"),
    )
    is_importable = False
    board_column = calendar_column = ""
    default_sort = "-placed_at"
    label_columns = {
        "customer": N_("Customer"), "reference": N_("Reference"), "reason": N_("Reason"),
        "placed_at": N_("Placed at"), "placed_by": N_("Placed by"), "lifted_at": N_("Lifted at"),
        "lifted_by": N_("Lifted by"), "lift_reason": N_("Why it was lifted"),
    }
    form_sections = (Section(fields=(
        "customer", "reference", "reason", "placed_at", "placed_by", "lifted_at", "lifted_by",
        "lift_reason"), wide=("reason", "lift_reason")),)


class CustomerRetentionPage(Page):
    """How long a customer is kept, and why they are not due for erasure."""

    @expose("/retention/<pk>")
    @requires("show")
    def retention(self, pk: str) -> str:
        """Show it to those who may ask for an erasure."""
        if not current_person().can(*MAY_ASK):
            abort(403)
        record = self.screen.get_or_404(pk)
        found = retention_of(db.session, record)
        return self.screen.render(
            "admin/retention.html", record=record, retention=found, partial=is_partial(),
            against="" if found.against is None else translate(found.against))


class CustomerActionsPage(ActionsPage):
    """Actions on customers; an erasure is asked for in the recycle bin as well."""

    def acted_on(self, pk: str, name: str) -> Customer:
        """Return the customer; for an erasure one of the recycle bin too, to those who see it."""
        key = self.screen.datamodel.parse_key(pk)
        if name == ERASE and key is not None and self.screen.can("can_delete"):
            binned = db.session.scalar(select(Customer).where(
                Customer.id == key, is_binned(Customer), row_scope(Customer)))
            if binned is not None:
                return binned
        return super().acted_on(pk, name)
