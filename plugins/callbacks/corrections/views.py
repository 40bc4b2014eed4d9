"""Screen of wrong answers and their correction calls."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.sdk import N_
from app.sdk.screens import Choice, RecordInterface, RecordPage, RecordView, SavedList, Section
from app.sdk.services import db
from plugins.callbacks.corrections.calls import receivers, to_call
from plugins.callbacks.corrections.choices import CORRECTION_VIEW, FINDERS
from plugins.callbacks.models import Correction


class CorrectionPage(RecordPage):
    """The page of a correction; it says how many customers got the wrong answer."""

    def context(self, record: Any) -> dict[str, Any]:
        """Return how many got it, and how many of them are still to be called."""
        return {"receivers": len(receivers(db.session, record)),
                "to_call": len(to_call(db.session, record)),
                "calls_url": url_for("TaskView.list", correction__in=record.id, all=1)}


class CorrectionView(RecordView):
    """Wrong answers: what was said, what is right, who got it, and the calls."""

    datamodel = RecordInterface(Correction)
    route_base = "/callbacks/corrections"
    class_permission_name = CORRECTION_VIEW
    list_title = N_("Correction calls")
    record_label = N_("Correction")
    icon = "message-2-exclamation"
    list_columns = ["number", "subject", "found_by", "calls", "called_at", "owner", "created_at"]
    list_choice = ["customer", "callback_number", "script", "purpose", "agent", "first_day",
                   "last_day", "team", "department"]
    filter_columns = ["found_by", "called_at", "owner", "team", "department", "script", "purpose",
                      "agent", "customer", "created_at"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="not_called", title=N_("Without calls yet"), sort="created_at",
                  filters={"called_at__empty": ["1"]}),
    )
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-created_at"
    choices = {"found_by": [Choice(value, label) for value, label in FINDERS]}
    label_columns = {
        "subject": N_("Subject"), "wrong_answer": N_("Wrong answer"),
        "right_answer": N_("Right answer"), "found_by": N_("Found by"),
        "customer": N_("Customer"), "callback_number": N_("Number of the callback"),
        "script": N_("Script"), "purpose": N_("Callback purpose"), "agent": N_("Answer given by"),
        "first_day": N_("Given from"), "last_day": N_("Given until"),
        "called_at": N_("Calls made at"), "calls": N_("Correction calls"),
    }
    description_columns = {
        "subject": N_("Left empty, it is the beginning of the right answer."),
        "callback_number": N_("Of a single callback; left empty, all that fit the rest."),
    }
    form_sections = (
        Section(fields=("wrong_answer", "right_answer", "found_by", "subject"),
                wide=("wrong_answer", "right_answer")),
        Section(title=N_("Who got the wrong answer"),
                fields=("callback_number", "customer", "script", "purpose", "agent", "first_day",
                        "last_day")),
    )
    prefill_columns = ["customer", "script", "purpose"]
    show_sections = (
        Section(fields=("wrong_answer", "right_answer", "found_by", "calls", "called_at"),
                wide=("wrong_answer", "right_answer")),
        Section(title=N_("Who got the wrong answer"),
                fields=("callback_number", "customer", "script", "purpose", "agent", "first_day",
                        "last_day")),
    )
    show_template = "callbacks/correction.html"
    record_page = CorrectionPage
