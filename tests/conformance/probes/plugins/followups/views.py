"""Screens of follow-up calls."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from plugins.followups.models import FollowUp
from plugins.followups.workflow import VIEW
from sqlalchemy import select

from app.sdk import N_
from app.sdk.errors import CarelineError
from app.sdk.records import act
from app.sdk.screens import (
    DeadlineColumn,
    FormPage,
    Page,
    Part,
    RecordForms,
    RecordInterface,
    Screen,
    Section,
    TimelineEntry,
    TransitionTimeline,
    WorkflowView,
    current_person,
    go_to,
    requires,
    translate,
    whole_number,
)
from app.sdk.services import db
from app.sdk.workflow import Message

MIDDLE = 5


class Script(Part):
    """What is said on the telephone; a part that pages of the screen ask for by its name."""

    def lines(self, record: FollowUp) -> Sequence[str]:
        """Return the sentences of a call."""
        return (translate(Message(N_("Good day, %(name)s."), {"name": record.customer.name})),
                translate(Message(N_("Are you content with how we have dealt with your case?"))))


class CallPage(Page):
    """The script beside the form, saved with its step in one transaction."""

    def __init__(self, screen: Screen, script: Script) -> None:
        super().__init__(screen)
        self._script = script

    @expose("/<pk>/call", methods=["GET", "POST"])
    @requires("edit")
    def make_call(self, pk):
        """Show the page, or finish the call."""
        record, fault = self.screen.get_or_404(pk), ""
        if request.method == "POST":
            try:
                act(db.session, current_person(), record, "finish",
                    {"score": request.form.get("score", "")},
                    whole_number(request.form.get("version")))
                return go_to(self.screen.url("show", pk=record.id))
            except CarelineError as error:
                fault = translate(next(iter(getattr(error, "errors", {}).values()), error.message))
        return self.screen.render(
            "followups/call.html", record=record, fault=fault, lines=self._script.lines(record),
        ), (422 if fault else 200)


class FollowUpForms(RecordForms):
    """A new call begins with the reason that most have."""

    def for_new(self, **values: Any) -> Any:
        """Return the form for a new call."""
        return super().for_new(**{"reason": translate(Message(N_("Satisfaction"))), **values})


class FollowUpFormPage(FormPage):
    """Calls that a person plans."""

    def create(self, values: dict[str, Any]) -> Any:
        """Create the call; by hand it is made for itself."""
        return super().create({**values, "made_for": f"by hand {secrets.token_hex(8)}"})


class FollowUpColumns(DeadlineColumn):
    """The deadline, and how content a customer was in a word."""

    labels = {**DeadlineColumn.labels, "content": N_("Content")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the words for the rows of a page in one statement."""
        found = db.session.execute(select(FollowUp.id, FollowUp.score).where(
            FollowUp.id.in_([row[0] for row in rows]))).all()
        words = {key: "" if score is None else ("+" if score > MIDDLE else "-")
                 for key, score in found}
        return {**super().cells(rows), "content": words}


class FollowUpTimeline(TransitionTimeline):
    """What people did; jobs have planned the call and given it away."""

    def decorate(
        self, record: FollowUp, entries: Sequence[TimelineEntry]
    ) -> Sequence[TimelineEntry]:
        """Leave out what the product did by itself."""
        return [one for one in super().decorate(record, entries) if one.who]


class FollowUpView(WorkflowView):
    """Follow-up calls."""

    datamodel = RecordInterface(FollowUp)
    route_base = "/followups"
    class_permission_name = VIEW
    list_title = N_("Follow-ups")
    record_label = N_("Follow-up")
    script = Script
    call_page = CallPage
    record_forms = FollowUpForms
    form_page = FollowUpFormPage
    extra_columns = FollowUpColumns
    timeline = FollowUpTimeline
    list_columns = ["number", "customer", "reason", "state", "owner", "content"]
    filter_columns = ["state", "owner", "finished_at"]
    form_sections = (
        Section(fields=("customer", "reason", "topics", "recording", "complaint")),)
    show_sections = (Section(fields=(
        "customer", "reason", "topics", "recording", "complaint", "score", "owner")),)
    label_columns = {"customer": N_("Customer"), "reason": N_("Reason"), "score": N_("Score"),
                     "topics": N_("Topics"), "recording": N_("Recording"),
                     "complaint": N_("Complaint"),
                     "finished_at": N_("Finished at")}
