"""Screens of the monthly lists of unreachable customers."""

from __future__ import annotations

from flask import flash, redirect
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.sdk import N_
from app.sdk.screens import (
    Choice,
    Page,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    requires,
)
from app.sdk.services import db, utcnow, write
from plugins.callbacks.call_page import GovernedReveal
from plugins.callbacks.models import Task, UnreachableLine, UnreachableList
from plugins.callbacks.unreachable.answers_file import NAME
from plugins.callbacks.unreachable.choices import ANSWERS, LINE_VIEW, LIST_VIEW
from plugins.callbacks.unreachable.freezing import freeze_last_month


class FreezePage(Page):
    """Freezes the list of last month by hand."""

    @expose("/freeze", methods=["POST"])
    @requires("freeze")
    def freeze(self) -> BaseResponse:
        """Freeze the list of last month and show it."""
        with write(db.session):
            found = freeze_last_month(db.session, utcnow())
        if found is None:
            flash(gettext("Last month is frozen already, or every customer was reached."), "info")
            return redirect(self.screen.url("list"))
        return redirect(self.screen.url("show", pk=found.id))


class GovernedLineReveal(GovernedReveal):
    """Masked values of a line; its number is called by the rules of its callback."""

    def task_of(self, record: UnreachableLine) -> Task:
        """Return the callback of the line."""
        return record.task


class UnreachableLineView(RecordView):
    """The lines of the lists, with the answers of the front desk."""

    datamodel = RecordInterface(UnreachableLine)
    route_base = "/callbacks/unreachable/lines"
    class_permission_name = LINE_VIEW
    base_permissions = ["can_list", "can_show", "can_answer", "can_export", "can_import"]
    list_title = N_("Unreachable customers")
    record_label = N_("Unreachable customer")
    icon = "phone-off"
    list_columns = ["number", "list", "customer_name", "contact", "vehicles", "tries", "outcome",
                    "given_up_at", "answer", "new_contact", "remark"]
    list_choice = ["task", "customer", "answered_at", "answerer", "owner", "team", "department"]
    filter_columns = ["list", "answer", "outcome", "owner", "team", "department", "customer",
                      "given_up_at", "answered_at", "task"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="unanswered", title=N_("Without an answer"), sort="given_up_at",
                  filters={"answered_at__empty": ["1"]}),
    )
    assignable = False
    board_column = ""
    calendar_column = ""
    bulk_columns = ()
    default_sort = "-given_up_at"
    importer_name = NAME
    choices = {"answer": [Choice(value, label) for value, label in ANSWERS]}
    label_columns = {
        "list": N_("Month"), "task": N_("Callback"), "customer": N_("Customer"),
        "customer_name": N_("Customer name"), "contact": N_("Phone"),
        "vehicles": N_("Vehicles"), "tries": N_("Contacts made"), "outcome": N_("Last outcome"),
        "given_up_at": N_("Given up at"), "answer": N_("Answer"), "new_contact": N_("New number"),
        "remark": N_("Remark"), "answered_at": N_("Answered at"), "answerer": N_("Entered by"),
    }
    form_sections = (Section(fields=("answer", "new_contact", "remark")),)
    show_sections = (
        Section(fields=("list", "task", "customer", "customer_name", "contact", "vehicles",
                        "tries", "outcome", "given_up_at", "owner", "team", "department")),
        Section(title=N_("Answer of the front desk"),
                fields=("answer", "new_contact", "answered_at", "answerer", "remark"),
                wide=("remark",)),
    )
    reveal_page = GovernedLineReveal


class UnreachableListView(RecordView):
    """The lists, one for each month."""

    datamodel = RecordInterface(UnreachableList)
    route_base = "/callbacks/unreachable"
    class_permission_name = LIST_VIEW
    base_permissions = ["can_list", "can_show", "can_freeze"]
    list_title = N_("Monthly lists of unreachable customers")
    record_label = N_("List of unreachable customers")
    icon = "phone-off"
    list_columns = ["month", "number", "lines", "answered", "frozen_at", "sent_at", "sent_to"]
    filter_columns = ["month", "frozen_at", "sent_at"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    bulk_columns = ()
    is_importable = False
    default_sort = "-month"
    list_template = "callbacks/unreachable_lists.html"
    label_columns = {
        "month": N_("Month"), "lines": N_("Customers"), "answered": N_("Of them answered"),
        "frozen_at": N_("Frozen at"), "sent_at": N_("Sent at"), "sent_to": N_("Sent to"),
    }
    form_sections = (Section(fields=("month",)),)
    show_sections = (
        Section(fields=("month", "lines", "answered", "frozen_at", "sent_at", "sent_to")),
    )
    related_views = (UnreachableLineView,)
    freeze_page = FreezePage
