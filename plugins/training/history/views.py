"""Screens of earlier results and tutoring, one's own training, and everybody's record."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Response, abort, request
from flask_appbuilder.baseviews import BaseView, expose
from sqlalchemy import select

from app.sdk import N_
from app.sdk.models import Staff
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordView,
    Section,
    current_person,
    document_response,
    drawn,
    requires,
    whole_number,
)
from app.sdk.services import db, is_present, utcnow
from plugins.training.access import EARLIER, MATRIX, OWN, TUTORING
from plugins.training.certificates.models import Certificate
from plugins.training.certificates.views import standing_chip
from plugins.training.choices import (
    ATTEMPT_STATES,
    DRILL_METHODS,
    ENROLMENTS,
    RESULTS,
    TUTORING_REASONS,
    TUTORING_STATES,
)
from plugins.training.duties.services import people_in_sight
from plugins.training.duties.views import STANDINGS
from plugins.training.exams.models import Exam
from plugins.training.exams.views import ATTEMPT_TONES
from plugins.training.exams.workflow import PUBLISHED
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.history.record import TrainingRecord, paper, record_of
from plugins.training.sessions.models import Session
from plugins.training.sessions.views import STATUS_TONES
from plugins.training.sessions.workflow import ENROLLING

PAPER = Path(__file__).parents[1] / "documents" / "training_record.typ"
MOST_PEOPLE = 100
_RESULT_TONES = {"passed": ("good", "circle-check"), "failed": ("bad", "circle-x"),
                 "attended": ("calm", "user-check")}
_TUTORING_TONES = {"open": ("calm", "progress"), "reached": ("good", "circle-check"),
                   "missed": ("bad", "circle-x")}


class EarlierResultView(RecordView):
    """Results from before the product, or from outside."""

    datamodel = RecordInterface(EarlierResult)
    route_base = "/training/earlier-results"
    class_permission_name = EARLIER
    list_title = N_("Earlier results")
    record_label = N_("Earlier result")
    icon = "history"
    list_columns = ["number", "owner", "course_name", "held_on", "result", "percent"]
    filter_columns = ["owner", "course", "held_on", "result"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-held_on"
    import_key = ("owner", "course_name", "held_on")
    choices = {"result": drawn(RESULTS, _RESULT_TONES)}
    label_columns = {"owner": N_("Learner"), "course_name": N_("Course"),
                     "course": N_("Course of the product"), "held_on": N_("Held on"),
                     "result": N_("Outcome"), "percent": N_("Percent"), "remark": N_("Remark")}
    form_sections = (
        Section(fields=("owner", "course_name", "held_on", "result", "percent", "remark")),)
    show_sections = (Section(fields=("owner", "course_name", "course", "held_on", "result",
                                     "percent", "remark")),)


class TutoringView(RecordView):
    """Training of single people."""

    datamodel = RecordInterface(Tutoring)
    route_base = "/training/tutoring"
    class_permission_name = TUTORING
    list_title = N_("Tutoring")
    record_label = N_("Tutoring")
    icon = "user-heart"
    list_columns = ["number", "owner", "reason", "goal", "tutor", "until_on", "status"]
    filter_columns = ["owner", "tutor", "reason", "status", "until_on", "team", "department"]
    assignable = False
    board_column = ""
    calendar_column = "until_on"
    default_sort = "until_on"
    choices = {"reason": drawn(TUTORING_REASONS),
               "status": drawn(TUTORING_STATES, _TUTORING_TONES)}
    label_columns = {
        "owner": N_("Learner"), "tutor": N_("Tutor"), "reason": N_("Reason"), "goal": N_("Goal"),
        "measures": N_("Measures"), "course": N_("Course"), "starts_on": N_("From"),
        "until_on": N_("Until"), "status": N_("State"), "outcome": N_("What came of it"),
        "team": N_("Team"), "department": N_("Department"),
        "rule_id": N_("Rule of tutoring"), "source_type": N_("Kind of record of the occasion"),
    }
    form_sections = (
        Section(fields=("owner", "tutor", "reason", "course", "starts_on", "until_on", "goal",
                        "measures"), wide=("goal", "measures")),)
    show_sections = (
        Section(fields=("owner", "tutor", "reason", "course", "starts_on", "until_on", "status",
                        "goal", "measures", "outcome"), wide=("goal", "measures", "outcome")),)


class TutoringApi(RecordApi):
    """Tutoring over REST."""

    datamodel = RecordInterface(Tutoring)
    resource_name = "training_tutoring"
    class_permission_name = TUTORING
    list_columns = ["id", "number", "owner", "tutor", "reason", "goal", "until_on", "status"]
    show_columns = [*list_columns, "measures", "course", "starts_on", "outcome", "version"]
    add_columns = ["owner", "tutor", "reason", "course", "starts_on", "until_on", "goal",
                   "measures"]
    edit_columns = ["tutor", "reason", "course", "starts_on", "until_on", "goal", "measures"]


def _shown(record: TrainingRecord) -> dict[str, Any]:
    """Return what the template of a record needs besides."""
    courses = [one.duty.course for one in record.duties]
    exams: dict[int | None, list[Exam]] = {}
    for one in db.session.scalars(select(Exam).where(
            Exam.course_id.in_(courses), Exam.state == PUBLISHED, is_present(Exam))
            .order_by(Exam.language.desc(), Exam.id)):
        exams.setdefault(one.course_id, []).append(one)
    return {
        "record": record, "exams": exams, "standings": STANDINGS, "chip_of": standing_chip,
        "attempt_words": dict(ATTEMPT_STATES), "attempt_tones": ATTEMPT_TONES,
        "status_words": dict(ENROLMENTS), "status_tones": STATUS_TONES,
        "result_words": dict(RESULTS), "reason_words": dict(TUTORING_REASONS),
        "tutoring_words": dict(TUTORING_STATES), "drill_words": dict(DRILL_METHODS),
    }


class OwnTrainingView(BaseView):
    """What a person has to learn next, and has learnt."""

    route_base = "/training/mine"
    default_view = "page"
    class_permission_name = OWN
    base_permissions = ["can_list"]
    list_title = N_("My training")
    icon = "school"

    @expose("/")
    @requires("list")
    def page(self) -> str:
        """Show duties with the next step, open sessions, and the record."""
        user_id = current_person().user_id
        if user_id is None:
            abort(404)
        record = record_of(db.session, user_id)
        offered = db.session.scalars(
            select(Session).where(Session.state == ENROLLING, Session.starts_at > utcnow(),
                                  is_present(Session))
            .order_by(Session.starts_at).limit(8)).all()
        return self.render_template("training/own.html", view=self, offered=offered,
                                    is_own=True, **_shown(record))

    @expose("/record.pdf")
    @requires("list")
    def document(self) -> Response:
        """Print one's own record."""
        user_id = current_person().user_id
        if user_id is None:
            abort(404)
        return _printed(user_id)


class TrainingRecordView(BaseView):
    """The training records of the people whom one may see."""

    route_base = "/training/record"
    default_view = "people"
    class_permission_name = MATRIX
    base_permissions = ["can_list"]
    list_title = N_("Training records")
    icon = "id"

    @expose("/")
    @requires("list")
    def people(self) -> str:
        """Show whose records one may see, by name."""
        name = request.args.get("name", "").strip()[:60]
        found = [one for one in people_in_sight(db.session, current_person())
                 if name.casefold() in one.name.casefold()]
        return self.render_template("training/people.html", view=self, people=found[:MOST_PEOPLE],
                                    number=len(found), name=name)

    @expose("/<user_id>")
    @requires("list")
    def page(self, user_id: str) -> str:
        """Show the record of a person."""
        return self.render_template("training/own.html", view=self, offered=(), is_own=False,
                                    **_shown(record_of(db.session, _in_sight(user_id))))

    @expose("/<user_id>/record.pdf")
    @requires("list")
    def document(self, user_id: str) -> Response:
        """Print the record of a person."""
        return _printed(_in_sight(user_id))


def _in_sight(text: str) -> int:
    user_id = whole_number(text)
    people = people_in_sight(db.session, current_person())
    if user_id is None or all(one.user_id != user_id for one in people):
        abort(404)
    return user_id


def _printed(user_id: int) -> Response:
    record = record_of(db.session, user_id)
    number = db.session.scalar(select(Staff.number).where(Staff.user_id == user_id)) or ""
    # What is printed is noted on the person's certificates' kind, under the number of the staff.
    printed = SimpleNamespace(__record_type__=Certificate.__record_type__, id=None, number=number)
    return document_response(PAPER, paper(record), f"training-{number}.pdf", printed)

