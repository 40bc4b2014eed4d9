"""Screens and REST API of cycles and of forms by post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from app.sdk import N_
from app.sdk.errors import CarelineError, Invalid
from app.sdk.forms import latest
from app.sdk.records import operations_of
from app.sdk.screens import (
    Page,
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    current_person,
    drawn,
    page_language,
    requires,
    translate,
    whole_number,
)
from app.sdk.services import db, is_present, names_of, settings_of
from plugins.appraisals.access import CYCLE, POST_FORM
from plugins.appraisals.calibration.operations import latest as latest_calibration
from plugins.appraisals.calibration.views import CalibrationPage
from plugins.appraisals.choices import (
    CYCLE_KINDS,
    CYCLE_STATUSES,
    CYCLE_TONES,
    FILLING,
    PARTS,
    PLANNED,
    PROBLEMS,
    RELEASED,
    SHEET_STATUSES,
    SIGNED,
)
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.operations import CycleOperations
from plugins.appraisals.cycles.services import forms_by_post, set_up
from plugins.appraisals.rules.setup import OVERLAPS, Planned
from plugins.appraisals.rules.weights import in_force
from plugins.appraisals.settings import chain_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.signing import held_posts
from plugins.appraisals.sheets.titles import form_titles, post_titles

_ORDER = {"": 1, OVERLAPS: 2}


def _tally(planned: Sequence[Planned]) -> dict[str, int]:
    """Return how many have a sheet, how many are ready, and how many are left."""
    sheets = sum(one.problem == OVERLAPS for one in planned)
    ready = sum(not one.problem for one in planned)
    return {"sheets": sheets, "ready": ready, "left": len(planned) - sheets - ready}


class CyclePage(RecordPage):
    """The page of a cycle: how far it is, and the set-up check."""

    def context(self, record: Cycle) -> dict[str, Any]:
        """Add the numbers of sheets by state and, for HR, who will be appraised by whom."""
        session = db.session
        counts = dict(session.execute(
            select(Sheet.status, func.count()).where(
                Sheet.cycle_id == record.id, is_present(Sheet)).group_by(Sheet.status)).all())
        manages = current_person().can("can_manage", CYCLE)
        if not manages or record.status == RELEASED:
            return {"counts": counts if manages else {}, "statuses": SHEET_STATUSES,
                    "planned": [], "unheld": []}
        planned = set_up(session, record)
        posts = chain_of(settings_of(session, "appraisals"))[2:]
        held = held_posts(session, posts)
        language, calibration = page_language(), latest_calibration(session, record.id)
        return {
            "calibrates": counts.get(SIGNED, 0) > 0, "calibration": calibration,
            "counts": counts, "statuses": SHEET_STATUSES, "tally": _tally(planned),
            # Who cannot be appraised comes first: there is something to do about it.
            "planned": sorted(planned, key=lambda one: _ORDER.get(one.problem, 0)),
            "problems": PROBLEMS, "parts": PARTS,
            "names": names_of(session, {one.appraiser_id for one in planned
                                        if one.appraiser_id is not None}
                              | ({calibration.made_by_id} if calibration is not None
                                 and calibration.made_by_id is not None else set())),
            "posts": post_titles(session, language), "forms": form_titles(session, language),
            "language": language,
            "unheld": [post for post in posts if post not in held],
            "month_forms": self._month_forms(record) if record.status == PLANNED else [],
            "not_acknowledged": session.scalar(select(func.count()).select_from(Sheet).where(
                Sheet.cycle_id == record.id, Sheet.status == FILLING,
                Sheet.acknowledged_at.is_(None), is_present(Sheet))),
        }


    @staticmethod
    def _month_forms(record: Cycle) -> list[dict[str, Any]]:
        """Return the forms of this kind of cycle with the weights that the period announces."""
        keys = dict.fromkeys(one.form_id for one in forms_by_post(db.session, record.kind))
        found = ((key, latest(db.session, key)) for key in keys)
        return [{"id": key, "form": one.form, "weights": in_force(
                    one.form, record.weights.get(str(key), {}))}
                for key, one in found if one is not None]


class CycleWeights(Page):
    """What the items of a form weigh in a period."""

    @expose("/<pk>/weights/<int:form_id>", methods=["POST"])
    @requires("show")
    def set_weights(self, pk: str, form_id: int) -> BaseResponse:
        """Store the weights of one form."""
        cycle = self.screen.get_or_404(pk)
        operations = operations_of(Cycle)
        assert isinstance(operations, CycleOperations)
        try:
            operations.set_weights(
                db.session, current_person(), cycle, form_id, request.form.to_dict(),
                whole_number(request.form.get("version", "")) or 0)
            flash(gettext("Saved."), "success")
        except Invalid as error:
            for sentence in error.errors.values():
                flash(translate(sentence), "danger")
        except CarelineError as error:
            flash(translate(error.message), "danger")
        return redirect(self.screen.url("show", pk=pk))


class CycleView(RecordView):
    """Cycles of appraisals."""

    datamodel = RecordInterface(Cycle)
    route_base = "/appraisals/cycles"
    class_permission_name = CYCLE
    list_title = N_("Appraisal cycles")
    record_label = N_("Appraisal cycle")
    icon = "calendar-repeat"
    list_columns = ["number", "title", "kind", "starts_on", "ends_on", "status"]
    filter_columns = ["kind", "status", "starts_on"]
    saved_views = ()
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = "starts_on"
    default_sort = "-starts_on"
    choices = {"kind": drawn(CYCLE_KINDS), "status": drawn(CYCLE_STATUSES, CYCLE_TONES)}
    label_columns = {"title": N_("Title"), "kind": N_("Kind"), "starts_on": N_("From"),
                     "ends_on": N_("Until before"), "status": N_("State"),
                     "note": N_("Remark"), "tasks": N_("Tasks of the period"),
                     "weights": N_("Weights of the period")}
    description_columns = {
        "title": N_("Left empty, it is the period."),
        "tasks": N_("For everybody; one on each line: task | what is to be reached"),
        "ends_on": N_("The day after the last one. Left empty, the kind says it."),
    }
    form_sections = (Section(fields=("kind", "starts_on", "ends_on", "title", "tasks", "note"),
                             wide=("tasks", "note")),)
    show_sections = (Section(fields=("kind", "status", "starts_on", "ends_on", "tasks", "note"),
                             wide=("tasks", "note")),)
    show_template = "appraisals/cycle.html"
    record_page = CyclePage
    weights_page = CycleWeights
    calibration_page = CalibrationPage


class PostFormView(RecordView):
    """Which form and which bonus quota a post has."""

    datamodel = RecordInterface(PostForm)
    route_base = "/appraisals/post-forms"
    class_permission_name = POST_FORM
    list_title = N_("Forms and quotas of posts")
    record_label = N_("Form of a post")
    icon = "id-badge"
    list_columns = ["number", "post", "kind", "form", "quota", "active"]
    filter_columns = ["post", "kind", "form", "active"]
    saved_views = ()
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    choices = {"kind": drawn(CYCLE_KINDS)}
    label_columns = {"post": N_("Post"), "kind": N_("Kind"), "form": N_("Form"),
                     "quota": N_("Bonus quota"), "active": N_("In force")}
    description_columns = {"quota": N_("Bonus for a score of 100.")}
    form_sections = (Section(fields=("post", "kind", "form", "quota", "active")),)
    show_sections = form_sections


class CycleApi(RecordApi):
    """Cycles over REST; they are opened through ``POST …/<id>/actions/open_sheets``."""

    datamodel = RecordInterface(Cycle)
    resource_name = "appraisals_cycles"
    class_permission_name = CYCLE
    list_columns = ["id", "number", "title", "kind", "starts_on", "ends_on", "status"]
    show_columns = [*list_columns, "tasks", "note", "version"]
    add_columns = ["kind", "starts_on", "ends_on", "title", "tasks", "note"]
    edit_columns = ["kind", "starts_on", "ends_on", "title", "tasks", "note"]
