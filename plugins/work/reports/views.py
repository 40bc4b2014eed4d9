"""Screen and REST API of weekly reports."""

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
    WorkflowView,
    current_person,
    drawn,
)
from app.sdk.services import db, settings_of
from plugins.work.access import REPORT
from plugins.work.choices import TIMELINESS, TIMELINESS_TONES
from plugins.work.reports.figures import figures_of, shown
from plugins.work.reports.models import WeeklyReport
from plugins.work.reports.workflow import DRAFT
from plugins.work.settings import lines


class WeeklyReportPage(RecordPage):
    """The page of a report with the figures of its week."""

    def context(self, record: WeeklyReport) -> Mapping[str, Any]:
        """Add the figures: of now while it is written, those of the hand-in afterwards."""
        is_draft = record.state == DRAFT
        held = record.figures
        if is_draft and record.owner_id is not None:
            names = lines(settings_of(db.session, "work"), "figures")
            held = figures_of(db.session, record.owner_id, record.starts_on, names)
        return {**super().context(record), "is_draft": is_draft,
                "figures": shown(held, record.owner_id, record.starts_on, current_person())}


class WeeklyReportView(WorkflowView):
    """Weekly reports: what was done, problems, the plan for next week."""

    datamodel = RecordInterface(WeeklyReport)
    route_base = "/work/reports"
    class_permission_name = REPORT
    list_title = N_("Weekly reports")
    record_label = N_("Weekly report")
    icon = "notes"
    list_columns = ["number", "week", "owner", "state", "timeliness", "hand_in_by", "handed_in_at",
                    "reader"]
    list_choice = ["team", "department", "read_at", "remark"]
    filter_columns = ["state", "is_open", "owner", "team", "department", "reader", "timeliness",
                      "starts_on", "hand_in_by", "handed_in_at"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="-starts_on", filters={"owner__in": ["me"]}),
        SavedList(name="to_read", title=N_("To be read by me"), sort="starts_on",
                  filters={"state__in": ["handed_in"], "reader__in": ["me"]}),
        SavedList(name="not_handed_in", title=N_("Not handed in"), sort="hand_in_by",
                  filters={"state__in": ["draft"], "hand_in_by__period": ["past"]}),
    )
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = "hand_in_by"
    default_sort = "-starts_on"
    choices = {"timeliness": drawn(TIMELINESS, TIMELINESS_TONES)}
    label_columns = {
        "week": N_("Week"), "starts_on": N_("Week from"), "owner": N_("Written by"),
        "done": N_("Work of this week"), "problems": N_("Problems"),
        "plan": N_("Plan for next week"),
        "hand_in_by": N_("Due by"), "handed_in_at": N_("Report handed in at"),
        "timeliness": N_("Punctuality"), "reader": N_("Read by leader"),
        "read_by": N_("Was read by"),
        "read_at": N_("Read at"), "remark": N_("Comment of the reader"), "is_open": N_("Open"),
        "figures": N_("Figures of the week"), "reminded_on": N_("Reminded on"),
    }
    description_columns = {"starts_on": N_("Any day of the week; this week if left empty.")}
    add_columns = ["starts_on", "done", "problems", "plan"]
    edit_columns = ["done", "problems", "plan"]
    form_sections = (Section(fields=("starts_on", "done", "problems", "plan"),
                             wide=("done", "problems", "plan")),)
    show_sections = (
        Section(fields=("owner", "starts_on", "hand_in_by", "handed_in_at", "timeliness", "reader",
                        "done", "problems", "plan"), wide=("done", "problems", "plan")),
        Section(title=N_("Reader"), fields=("read_by", "read_at", "remark"), wide=("remark",)),
    )
    show_template = "work/report.html"
    record_page = WeeklyReportPage


class WeeklyReportApi(RecordApi):
    """Weekly reports over REST; handed in through ``POST …/<id>/actions/hand_in``."""

    datamodel = RecordInterface(WeeklyReport)
    resource_name = "work_reports"
    class_permission_name = REPORT
    list_columns = ["id", "number", "week", "starts_on", "owner", "state", "timeliness",
                    "hand_in_by", "handed_in_at"]
    show_columns = [*list_columns, "done", "problems", "plan", "remark", "version"]
    add_columns = ["starts_on", "done", "problems", "plan"]
    edit_columns = ["done", "problems", "plan"]
