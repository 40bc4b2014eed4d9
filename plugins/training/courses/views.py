"""Screens and REST API of courses, materials and plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select

from app.sdk import N_
from app.sdk.screens import (
    Page,
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    drawn,
    requires,
    xlsx_parts,
)
from app.sdk.services import db, is_present
from plugins.training.access import COURSE, MATERIAL, PLAN, PLAN_LINE
from plugins.training.choices import KINDS, PROOFS
from plugins.training.courses.models import Course, Material, Plan, PlanLine
from plugins.training.courses.planned_and_held import compared, total
from plugins.training.exams.models import Exam
from plugins.training.exams.workflow import PUBLISHED

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KIND_TONES = {"onboarding": ("good", "door-enter"), "business": ("calm", "briefcase"),
               "personal": ("warn", "user"), "cross": ("still", "arrows-exchange")}


class MaterialView(RecordView):
    """Materials of courses, in versions."""

    datamodel = RecordInterface(Material)
    route_base = "/training/materials"
    class_permission_name = MATERIAL
    list_title = N_("Training materials")
    record_label = N_("Training material")
    icon = "books"
    list_columns = ["number", "course", "title", "edition", "current", "updated_at"]
    filter_columns = ["course", "current"]
    saved_views = ()
    default_filters = {"current__is": ["true"]}
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "title"
    label_columns = {"course": N_("Course"), "title": N_("Title"), "edition": N_("Version"),
                     "body": N_("Text"), "current": N_("Current version")}
    description_columns = {
        "title": N_("The same title makes a new version; the earlier ones stay readable."),
        "body": N_("Files are added on the page of the material."),
    }
    form_sections = (Section(fields=("course", "title", "body"), wide=("title", "body")),)
    edit_columns = ["current"]
    prefill_columns = ["course"]
    show_sections = (Section(fields=("course", "title", "edition", "current", "body"),
                             wide=("body",)),)


class CoursePage(RecordPage):
    """The page of a course, with the ways to its exams."""

    def context(self, record: Course) -> dict[str, Any]:
        """Add the published exams of the course."""
        return {"exams": db.session.scalars(select(Exam).where(
            Exam.course_id == record.id, Exam.state == PUBLISHED, is_present(Exam))
            .order_by(Exam.language.desc(), Exam.id)).all()}


class CourseView(RecordView):
    """Courses."""

    datamodel = RecordInterface(Course)
    route_base = "/training/courses"
    class_permission_name = COURSE
    list_title = N_("Courses")
    record_label = N_("Course")
    icon = "school"
    list_columns = ["number", "code", "name", "kind", "hours", "proof", "valid_months", "edition",
                    "active"]
    filter_columns = ["kind", "proof", "active", "edition_on"]
    saved_views = ()
    default_filters = {"active__is": ["true"]}
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "name"
    choices = {"kind": drawn(KINDS, _KIND_TONES), "proof": drawn(PROOFS)}
    label_columns = {
        "code": N_("Code"), "name": N_("Name"), "kind": N_("Kind of training"),
        "description": N_("Content"), "hours": N_("Training hours"), "proof": N_("Certificate for"),
        "valid_months": N_("Months of validity"), "grace_days": N_("Days of grace"),
        "edition": N_("Edition"), "edition_note": N_("What is new"),
        "edition_on": N_("Edition in force since"), "active": N_("In use"),
    }
    description_columns = {
        "valid_months": N_("0: the certificate does not end."),
        "grace_days": N_("For so many days certificates of an earlier edition still hold."),
    }
    form_sections = (
        Section(fields=("code", "name", "kind", "hours", "proof", "valid_months", "active",
                        "description"), wide=("description",)),
    )
    show_sections = (
        Section(fields=("code", "name", "kind", "hours", "proof", "valid_months", "active",
                        "description"), wide=("description",)),
        Section(title=N_("Edition"), fields=("edition", "edition_on", "grace_days",
                                             "edition_note"), wide=("edition_note",)),
    )
    show_template = "training/course.html"
    record_page = CoursePage
    related_views = [MaterialView]


class CourseApi(RecordApi):
    """Courses over REST."""

    datamodel = RecordInterface(Course)
    resource_name = "training_courses"
    class_permission_name = COURSE
    list_columns = ["id", "number", "code", "name", "kind", "hours", "edition", "active"]
    show_columns = [*list_columns, "description", "proof", "valid_months", "version"]
    add_columns = ["code", "name", "kind", "description", "hours", "proof", "valid_months"]
    edit_columns = ["name", "kind", "description", "hours", "proof", "valid_months", "active"]


class PlanLineView(RecordView):
    """The lines of plans."""

    datamodel = RecordInterface(PlanLine)
    route_base = "/training/plan-lines"
    class_permission_name = PLAN_LINE
    list_title = N_("Lines of plans")
    record_label = N_("Line of a plan")
    icon = "list-details"
    list_columns = ["number", "plan", "course", "sessions", "people", "cost"]
    filter_columns = ["plan", "course"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    label_columns = {"plan": N_("Plan"), "course": N_("Course"),
                     "sessions": N_("Planned sessions"), "people": N_("Planned people"),
                     "cost": N_("Planned cost")}
    form_sections = (Section(fields=("plan", "course", "sessions", "people", "cost")),)
    prefill_columns = ["plan", "course"]


class PlanPage(RecordPage):
    """The page of a plan: what was planned against what was held."""

    def context(self, record: Plan) -> dict[str, Any]:
        """Add the comparison, by course and in all."""
        lines = compared(db.session, record)
        return {"lines": lines, "total": total(lines)}


class PlanFilePage(Page):
    """A plan against what was held, as a file."""

    @expose("/<pk>/planned-and-held.xlsx")
    @requires("show")
    def planned_and_held(self, pk: str) -> Response:
        """Return the comparison as XLSX."""
        plan = self.screen.get_or_404(pk)
        header = [gettext("Course"), gettext("Planned sessions"), gettext("Sessions held"),
                  gettext("Planned people"), gettext("Attendances"), gettext("Training hours"),
                  gettext("Planned cost"), gettext("Cost")]
        return Response(
            xlsx_parts(header, list(self._rows(plan))), mimetype=XLSX,
            headers={"Content-Disposition": f'attachment; filename="{plan.number}.xlsx"'})

    @staticmethod
    def _rows(plan: Plan) -> Iterator[Sequence[Any]]:
        for one in compared(db.session, plan):
            yield (one.course, one.planned_sessions, one.held_sessions, one.planned_people,
                   one.came, one.hours, one.planned_cost, one.cost)


class PlanView(RecordView):
    """Plans of a period."""

    datamodel = RecordInterface(Plan)
    route_base = "/training/plans"
    class_permission_name = PLAN
    list_title = N_("Training plans")
    record_label = N_("Training plan")
    icon = "calendar-stats"
    list_columns = ["number", "name", "starts_on", "ends_on"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-starts_on"
    label_columns = {"name": N_("Name"), "starts_on": N_("From"), "ends_on": N_("Until"),
                     "note": N_("Remark")}
    form_sections = (Section(fields=("name", "starts_on", "ends_on", "note"), wide=("note",)),)
    show_template = "training/plan.html"
    record_page = PlanPage
    plan_file_page = PlanFilePage
    related_views = [PlanLineView]
