"""Screen and REST API of sheets."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from app.sdk import N_
from app.sdk.screens import (
    Chip,
    RecordApi,
    RecordHeader,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    Timeline,
    TimelineEntry,
    drawn,
    translated,
)
from app.sdk.services import db, name_of
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import (
    FILLING,
    GRADE_TONES,
    GRADE_WORDS,
    RATING,
    SHEET_STATUSES,
    SHEET_TONES,
    SIGNING,
)
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.pages import SheetPage, SheetSteps
from plugins.appraisals.years.views import YearPage


class SheetHeader(RecordHeader):
    """The head of a sheet's page."""

    def badges(self, record: Sheet) -> Sequence[Chip]:
        """Say where it stands, and the grade."""
        words, tone = dict(SHEET_STATUSES), SHEET_TONES[record.status]
        found = [Chip(label=words[record.status], tone=tone[0], icon=tone[1])]
        if record.final_grade:
            words, tone = dict(GRADE_WORDS), GRADE_TONES[record.final_grade]
            found.append(Chip(label=words[record.final_grade], tone=tone[0], icon=tone[1]))
        return [*found, *super().badges(record)]

    def title(self, record: Sheet) -> str:
        """Name period and person."""
        return f"{record.cycle.title} · {name_of(db.session, record.owner_id)}"


# What the page shows as a form; as names and values of a machine nobody reads it.
_SHOWN_AS_FORM = ("answers", "self_answers", "facts", "left_out", "frozen_hash", "weights")
_ACTS = {
    "sign": N_("signed"), "objection": N_("objected to an item"),
    "objection_upheld": N_("upheld the objection"),
    "objection_rejected": N_("rejected the objection"), "print_hash": N_("printed the sheet"),
    "pass_over": N_("passed over a step that was not taken in time"),
    "acknowledge": N_("took note of weights and tasks"), "declare_tasks": N_("declared tasks"),
    "tasks_agreed": N_("agreed to the tasks"), "tasks_returned": N_("had the tasks revised")}


class SheetTimeline(Timeline):
    """What happened to a sheet, in words; its answers stand on the page."""

    def decorate(
        self, record: Sheet, entries: Sequence[TimelineEntry]
    ) -> Sequence[TimelineEntry]:
        """Name the steps, and leave out what the page shows as a form."""
        hidden = {id(self.screen.columns[name].label) for name in _SHOWN_AS_FORM}
        return [
            dataclasses.replace(
                entry, what=translated(_ACTS[entry.what]), changes=())
            if entry.what in _ACTS else dataclasses.replace(
                entry, changes=tuple(one for one in entry.changes if id(one.label) not in hidden))
            for entry in super().decorate(record, entries)]


class SheetView(RecordView):
    """Sheets: one's own, those to be rated and signed, and HR's all."""

    datamodel = RecordInterface(Sheet)
    route_base = "/appraisals/sheets"
    class_permission_name = SHEET
    base_permissions = ["can_list", "can_show", "can_fill", "can_export", "can_comment"]
    list_title = N_("Appraisal sheets")
    record_label = N_("Appraisal sheet")
    icon = "clipboard-list"
    list_columns = ["number", "cycle", "owner", "appraiser", "status", "score",
                    "final_score", "final_grade", "starts_on"]
    list_choice = ["grade", "calibrated_points", "ends_on", "post", "waits_since", "closed_at",
                   "acknowledged_at", "signed_at", "released_at"]
    filter_columns = ["cycle", "owner", "appraiser", "status", "grade", "final_grade",
                      "score", "final_score", "starts_on",
                      "department", "team", "post", "acknowledged_at",
                      "closed_at"]
    saved_views = (
        SavedList(name="mine", title=N_("My own"), sort="-starts_on",
                  filters={"owner__in": ["me"]}),
        SavedList(name="to_rate", title=N_("To be rated by me"), sort="starts_on",
                  filters={"appraiser__in": ["me"], "status__in": [RATING]}),
        SavedList(name="not_acknowledged", title=N_("Not taken note of"), sort="starts_on",
                  filters={"status__in": [FILLING], "acknowledged_at__empty": ["1"]}),
        SavedList(name="signing", title=N_("Being signed"), sort="starts_on",
                  filters={"status__in": [SIGNING]}),
        SavedList(name="closed", title=N_("Step refused"), sort="starts_on",
                  filters={"closed_at__filled": ["1"]}),
    )
    plain_title = N_("All")
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    inline_columns: Sequence[str] = ()
    bulk_columns: Sequence[str] = ()
    default_sort = "-starts_on"
    choices = {"status": drawn(SHEET_STATUSES, SHEET_TONES),
               "grade": drawn(GRADE_WORDS, GRADE_TONES),
               "final_grade": drawn(GRADE_WORDS, GRADE_TONES)}
    label_columns = {
        "cycle": N_("Cycle"), "owner": N_("The person appraised"), "appraiser": N_("Appraiser"),
        "status": N_("State"), "score": N_("Score"), "grade": N_("Grade of the appraisal"),
        "starts_on": N_("From"), "ends_on": N_("Until before"), "post": N_("Post"),
        "quota": N_("Bonus quota"), "signed_at": N_("Signed by all at"),
        "released_at": N_("Released at"), "replaces": N_("Takes the place of"),
        "left_out_reason": N_("Why items do not count"), "team": N_("Team"),
        "department": N_("Department"), "form_version": N_("Form"),
        "facts": N_("Facts behind it"), "frozen_hash": N_("Hash of the figures"),
        "self_answers": N_("Self-assessment"), "answers": N_("Rating"),
        "left_out": N_("does not count"), "weights": N_("Weights of the period"),
        "acknowledged_at": N_("Taken note of at"), "asked_on": N_("Reminded on"),
        "final_score": N_("Final score"), "final_grade": N_("Final grade"),
        "calibrated_points": N_("Calibration"), "calibrated_by": N_("Calibrated by"),
        "calibrated_at": N_("Calibrated at"), "calibration_reason": N_("Reason of the calibration"),
        "calibration_noted_at": N_("Calibration taken note of at"),
        "closed_at": N_("Step refused since"), "waits_since": N_("Step waits since"),
        "words_passed_at": N_("The person's words passed over at"),
    }
    form_sections = (Section(fields=("cycle", "owner", "appraiser")),)
    show_sections = (Section(fields=(
        "cycle", "owner", "appraiser", "post", "starts_on", "ends_on", "score", "grade",
        "final_score", "acknowledged_at", "signed_at", "released_at", "replaces",
        "left_out_reason")),)
    show_template = "appraisals/sheet.html"
    record_header = SheetHeader
    timeline = SheetTimeline
    record_page = SheetPage
    steps_page = SheetSteps
    year_page = YearPage


class SheetApi(RecordApi):
    """Sheets over REST; they are read, not written."""

    datamodel = RecordInterface(Sheet)
    resource_name = "appraisals_sheets"
    class_permission_name = SHEET
    base_permissions = ["can_list", "can_show"]
    list_columns = ["id", "number", "cycle", "owner", "appraiser", "status", "score", "grade",
                    "final_score", "final_grade", "starts_on", "ends_on"]
    show_columns = [*list_columns, "calibrated_points", "calibration_reason", "signed_at",
                    "released_at", "version"]
    add_columns: Sequence[str] = []
    edit_columns: Sequence[str] = []
