"""Screens and REST API of sessions and enrolments."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app.sdk import N_
from app.sdk.errors import CarelineError
from app.sdk.models import Staff
from app.sdk.records import operations_of
from app.sdk.screens import (
    Page,
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    SavedList,
    Section,
    WorkflowView,
    current_person,
    drawn,
    requires,
    translate,
)
from app.sdk.services import db, utcnow
from plugins.training.access import ENROLMENT, SESSION
from plugins.training.choices import ATTENDED, ENROLMENTS, METHODS
from plugins.training.sessions.calendar_file import calendar_file
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.operations import (
    SessionOperations,
    attend_by_code,
    learners,
    status_of,
)
from plugins.training.sessions.workflow import CANCELLED, ENROLLING

STATUS_TONES = {"enrolled": ("calm", "user-check"), "waiting": ("warn", "hourglass"),
                 "attended": ("good", "circle-check"), "absent": ("bad", "user-x"),
                 "cancelled": ("still", "circle-minus")}
_METHOD_TONES = {"lecture": ("calm", "presentation"), "case": ("still", "zoom-question"),
                 "simulation": ("warn", "masks-theater"), "script": ("good", "messages")}


def _operations() -> SessionOperations:
    operations = operations_of(Session)
    assert isinstance(operations, SessionOperations)
    return operations


class EnrolmentView(RecordView):
    """Enrolments: who is in which session."""

    datamodel = RecordInterface(Enrolment)
    route_base = "/training/enrolments"
    class_permission_name = ENROLMENT
    base_permissions = ["can_list", "can_show", "can_export"]
    list_title = N_("Enrolments")
    record_label = N_("Enrolment")
    icon = "users"
    list_columns = ["number", "session", "owner", "status", "queued_at", "attended_at"]
    filter_columns = ["session", "owner", "status", "team", "department", "attended_at"]
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-queued_at"
    choices = {"status": drawn(ENROLMENTS, STATUS_TONES)}
    label_columns = {"session": N_("Training session"), "owner": N_("Learner"),
                     "status": N_("Participation"), "queued_at": N_("Enrolled at"),
                     "attended_at": N_("Attended at"), "team": N_("Team"),
                     "department": N_("Department"), "wrong_codes": N_("Wrong codes")}
    form_sections = (Section(fields=("session", "owner", "status")),)
    show_sections = (Section(fields=("session", "owner", "status", "queued_at", "attended_at",
                                     "team", "department")),)


class SessionPage(RecordPage):
    """The page of a session."""

    def context(self, record: Session) -> dict[str, Any]:
        """Add how the person stands with it, and what whoever runs it can do."""
        person = current_person()
        runs = _operations().leads(person, record)
        return {
            "own_status": status_of(db.session, record.id, person.user_id), "runs": runs,
            "code": record.room_code if runs and record.room_code_until is not None
            and record.room_code_until > utcnow() else "",
            "is_enrolling": record.state == ENROLLING,
        }


class AttendancePage(Page):
    """Who came to a session: by list, or by the code of the room; the calendar file."""

    @expose("/<pk>/attendance", methods=["GET", "POST"])
    @requires("show")
    def attendance(self, pk: str) -> BaseResponse | str:
        """Show the list, and write down who came."""
        record = self.screen.get_or_404(pk)
        if not _operations().leads(current_person(), record):
            abort(403)
        if request.method == "POST":
            try:
                came = _operations().tick_off(
                    db.session, current_person(), record,
                    {int(key) for key in request.form.getlist("came") if key.isdecimal()})
                flash(gettext("%(number)s people came.", number=came), "success")
                return redirect(self.screen.url("show", pk=pk))
            except CarelineError as error:
                flash(translate(error.message), "danger")
        people = learners(db.session, record.id)
        names = dict(db.session.execute(
            select(Staff.user_id, Staff.name)
            .where(Staff.user_id.in_([one.owner_id for one in people]))).all())
        return self.screen.render(
            "training/attendance.html", record=record, people=people, names=names,
            attended=ATTENDED, statuses=dict(ENROLMENTS), is_open=record.state == ENROLLING)

    @expose("/attend", methods=["POST"])
    @requires("show")
    def attend(self) -> BaseResponse:
        """Write down that the person came, by the code that is shown in the room."""
        try:
            record = attend_by_code(
                db.session, current_person(), request.form.get("code", "")[:12])
            flash(gettext("Your attendance at %(title)s is written down.", title=record.title),
                  "success")
        except CarelineError as error:
            flash(translate(error.message), "danger")
        return redirect(url_for("OwnTrainingView.page"))

    @expose("/<pk>/session.ics")
    @requires("show")
    def calendar_file(self, pk: str) -> Response:
        """Return the session as a file that calendars take."""
        record = self.screen.get_or_404(pk)
        body = calendar_file(
            f"{record.number}@{request.host.split(':')[0]}", record.title, record.starts_at,
            record.ends_at, record.place, record.note, utcnow(), record.state == CANCELLED)
        return Response(body, mimetype="text/calendar; charset=utf-8", headers={
            "Content-Disposition": f'attachment; filename="{record.number}.ics"'})


class SessionView(WorkflowView):
    """Sessions: list, calendar, enrolment, attendance."""

    datamodel = RecordInterface(Session)
    route_base = "/training/sessions"
    class_permission_name = SESSION
    list_title = N_("Training sessions")
    record_label = N_("Training session")
    icon = "calendar-event"
    list_columns = ["number", "title", "course", "method", "state", "starts_at", "place",
                    "trainer", "capacity"]
    list_choice = ["outside_trainer", "ends_at", "hours", "cost", "course_edition"]
    filter_columns = ["state", "is_open", "course", "method", "trainer", "starts_at"]
    saved_views = (
        SavedList(name="open", title=N_("Open for enrolment"), sort="starts_at",
                  filters={"state__in": ["enrolling"]}),
        SavedList(name="held", title=N_("Held"), sort="-starts_at",
                  filters={"state__in": ["held"]}),
    )
    plain_title = N_("All")
    calendar_column = "starts_at"
    assignable = False
    default_sort = "-starts_at"
    choices = {"method": drawn(METHODS, _METHOD_TONES)}
    label_columns = {
        "course": N_("Course"), "title": N_("Title"), "method": N_("Method"),
        "trainer": N_("Trainer"), "outside_trainer": N_("Trainer from outside"),
        "place": N_("Place"), "starts_at": N_("Begins at"), "ends_at": N_("Ends at"),
        "hours": N_("Training hours"), "cost": N_("Cost"), "capacity": N_("Places"),
        "note": N_("Remark"), "course_edition": N_("Edition"), "is_open": N_("Open"),
        "room_code": N_("Code in the room"), "room_code_until": N_("Code valid until"),
    }
    description_columns = {
        "title": N_("Left empty, it is the name of the course."),
        "ends_at": N_("Left empty, the hours say it."),
    }
    form_sections = (
        Section(fields=("course", "title", "method", "starts_at", "ends_at", "place", "trainer",
                        "outside_trainer", "capacity", "hours", "cost", "note"), wide=("note",)),
    )
    prefill_columns = ["course"]
    show_sections = (
        Section(fields=("course", "course_edition", "method", "starts_at", "ends_at", "place",
                        "trainer", "outside_trainer", "capacity", "hours", "cost", "note"),
                wide=("note",)),
    )
    show_template = "training/session.html"
    record_page = SessionPage
    attendance_page = AttendancePage
    related_views = [EnrolmentView]


class SessionApi(RecordApi):
    """Sessions over REST; enrolment through ``POST …/<id>/actions/enrol_me``."""

    datamodel = RecordInterface(Session)
    resource_name = "training_sessions"
    class_permission_name = SESSION
    list_columns = ["id", "number", "title", "course", "method", "state", "starts_at", "ends_at",
                    "place", "capacity"]
    show_columns = [*list_columns, "trainer", "outside_trainer", "hours", "cost", "note",
                    "version"]
    add_columns = ["course", "title", "method", "starts_at", "ends_at", "place", "trainer",
                   "outside_trainer", "capacity", "hours", "cost", "note"]
    edit_columns = ["title", "method", "starts_at", "ends_at", "place", "trainer",
                    "outside_trainer", "capacity", "hours", "cost", "note"]
