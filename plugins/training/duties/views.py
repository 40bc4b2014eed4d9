"""Screens of duties: rules, the matrix of people and duties, the overdue list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, request
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.screens import (
    Chip,
    RecordApi,
    RecordInterface,
    RecordView,
    Section,
    csv_parts,
    current_person,
    drawn,
    requires,
    translated,
    whole_number,
    xlsx_parts,
)
from app.sdk.services import db
from plugins.training.access import DUTY, MATRIX
from plugins.training.choices import GATES
from plugins.training.duties.duties import Standing
from plugins.training.duties.models import DutyRule
from plugins.training.duties.services import (
    MOST_EXPORTED,
    PAGE,
    Row,
    people_in_sight,
    rows_of,
    rules_in_force,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STANDINGS = {
    Standing.GREEN: Chip(label=N_("Valid"), tone="good", icon="circle-check"),
    Standing.DUE: Chip(label=N_("To be done"), tone="warn", icon="hourglass"),
    Standing.OVERDUE: Chip(label=N_("Expired"), tone="bad", icon="alert-triangle"),
    Standing.MISSING: Chip(label=N_("Missing"), tone="bad", icon="circle-x"),
}
_LATE = (Standing.OVERDUE, Standing.MISSING)
_GATE_TONES = {"block": ("bad", "lock"), "second_person": ("warn", "users")}


class DutyRuleView(RecordView):
    """Rules that say who must learn what."""

    datamodel = RecordInterface(DutyRule)
    route_base = "/training/duty-rules"
    class_permission_name = DUTY
    list_title = N_("Rules of compulsory training")
    record_label = N_("Rule of compulsory training")
    icon = "gavel"
    list_columns = ["number", "name", "course", "role", "post", "for_department", "days", "place",
                    "gate", "active"]
    filter_columns = ["course", "role", "post", "gate", "active"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "place"
    choices = {"gate": drawn(GATES, _GATE_TONES)}
    label_columns = {
        "name": N_("Name"), "course": N_("Course"), "role": N_("Only for the role"),
        "post": N_("Only for the post"), "for_department": N_("Only for the department"),
        "tenure_from": N_("From months of service"), "tenure_until": N_("Until months of service"),
        "days": N_("Days to learn it"), "starts_on": N_("In force since"),
        "place": N_("Place on the path of new people"), "gate": N_("Without it"),
        "active": N_("In use"),
    }
    description_columns = {
        "role": N_("Name of a role, e.g. agent; left empty, for all."),
        "place": N_("1 comes first; 0 is not on the path."),
        "days": N_("Counted from the day on which the rule first holds for the person."),
        "gate": N_("What happens to new work of a person whose certificate has ended."),
    }
    form_sections = (
        Section(fields=("course", "name", "role", "post", "for_department", "tenure_from",
                        "tenure_until", "days", "starts_on", "place", "gate", "active")),
    )
    prefill_columns = ["course"]


class DutyRuleApi(RecordApi):
    """Rules over REST."""

    datamodel = RecordInterface(DutyRule)
    resource_name = "training_duty_rules"
    class_permission_name = DUTY
    list_columns = ["id", "number", "name", "course", "role", "days", "place", "gate", "active"]
    show_columns = [*list_columns, "post", "for_department", "tenure_from", "tenure_until",
                    "starts_on", "version"]
    add_columns = ["course", "name", "role", "post", "for_department", "tenure_from",
                   "tenure_until", "days", "starts_on", "place", "gate", "active"]
    edit_columns = add_columns


class TrainingMatrixView(BaseView):
    """People and their duties, 25 people on a page; the overdue list; files of both."""

    route_base = "/training/matrix"
    default_view = "page"
    class_permission_name = MATRIX
    base_permissions = ["can_list", "can_export"]
    list_title = N_("Training matrix")
    icon = "table"

    @expose("/")
    @requires("list")
    def page(self) -> str:
        """Show a page of the matrix."""
        number = max(1, whole_number(request.args.get("page", "")) or 1)
        found = rules_in_force(db.session)
        people = people_in_sight(db.session, current_person(), limit=PAGE + 1,
                                 offset=(number - 1) * PAGE) if number < 10_000 else []
        return self.render_template(
            "training/matrix.html", view=self, rules=found, number=number, page_size=PAGE,
            rows=rows_of(db.session, people[:PAGE], found), has_more=len(people) > PAGE,
            standings=STANDINGS)

    @expose("/overdue")
    @requires("list")
    def overdue(self) -> str:
        """Show whose certificates have ended or are missing, the longest overdue first."""
        lines = self._late()
        return self.render_template(
            "training/overdue.html", view=self, lines=lines[:500], number=len(lines),
            standings=STANDINGS)

    @expose("/file")
    @requires("export")
    def file(self) -> Response:
        """Return the whole matrix, or the overdue list, as XLSX or CSV."""
        is_late = request.args.get("list") == "overdue"
        kind = "csv" if request.args.get("format") == "csv" else "xlsx"
        header, rows = self._late_file() if is_late else self._matrix_file()
        parts = csv_parts(header, rows) if kind == "csv" else xlsx_parts(header, rows)
        name = "training-overdue" if is_late else "training-matrix"
        return Response(
            parts, mimetype="text/csv; charset=utf-8" if kind == "csv" else XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})

    @staticmethod
    def _all() -> tuple[Any, list[Row]]:
        found = rules_in_force(db.session)
        people = people_in_sight(db.session, current_person(), limit=MOST_EXPORTED)
        return found, rows_of(db.session, people, found)

    def _late(self) -> list[tuple[str, int, str, Any]]:
        found, rows = self._all()
        lines = [(row.name, row.user_id, found.courses[course], cell)
                 for row in rows for course, cell in row.cells.items() if cell.standing in _LATE]
        return sorted(lines, key=lambda line: (line[3].due_on or dt.date.max, line[0], line[2]))

    def _matrix_file(self) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        found, rows = self._all()
        words = {name: translated(chip.label) for name, chip in STANDINGS.items()}
        return [gettext("Person"), *found.courses.values()], iter([
            [row.name, *(words[row.cells[course].standing] if course in row.cells else ""
                         for course in found.courses)] for row in rows])

    def _late_file(self) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        today = local_today()
        header = [gettext("Person"), gettext("Course"), gettext("State"), gettext("Due on"),
                  gettext("Days late")]
        return header, iter([
            [name, course, translated(STANDINGS[cell.standing].label), cell.due_on,
             (today - cell.due_on).days if cell.due_on else None]
            for name, _, course, cell in self._late()])
