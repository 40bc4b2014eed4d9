"""The page of a person's year, its files, and the rules that it follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.screens import (
    Page,
    RecordInterface,
    RecordView,
    Section,
    current_person,
    requires,
    translated,
    xlsx_parts,
)
from app.sdk.services import db, name_of, names_of
from plugins.appraisals.access import RULES, SHEET
from plugins.appraisals.choices import GRADE_TONES, GRADE_WORDS, YEAR_STATES
from plugins.appraisals.rules.year import MONTHS
from plugins.appraisals.years.models import YearRule
from plugins.appraisals.years.services import (
    PersonYear,
    grades_at_end,
    may_see,
    rule_of,
    years_of,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def _book(name: str, header: list[str], rows: Sequence[Sequence[Any]]) -> Response:
    return Response(xlsx_parts(header, rows), mimetype=XLSX, headers={
        "Content-Disposition": f'attachment; filename="{name}.xlsx"'})


def _total(person: PersonYear) -> list[str]:
    """Return sum, number of months, score and grade as texts."""
    found = person.result
    return [f"{found.total:.2f}", str(found.counted),
            "" if found.score is None else f"{found.score:.2f}",
            translated(dict(GRADE_WORDS)[person.grade]) if person.grade else ""]


class YearPage(Page):
    """The year's result of a person, line by line, and of all people as a file."""

    @expose("/years/<int:year>/<int:user_id>")
    @requires("show")
    def year(self, year: int, user_id: int) -> str:
        """Show the months of a year, and what they come to."""
        person, session = self._person(year, user_id), db.session
        return self.screen.render(
            "appraisals/year.html", year=year, person=person, name=name_of(session, user_id),
            rule=rule_of(session, year), bounds=grades_at_end(session, year), states=YEAR_STATES,
            grades=dict(GRADE_WORDS), tones=GRADE_TONES)

    @expose("/years/<int:year>/<int:user_id>/year.xlsx")
    @requires("show")
    def year_book(self, year: int, user_id: int) -> Response:
        """Return the months of a year with the calculation as XLSX."""
        person = self._person(year, user_id)
        rows: list[list[str]] = []
        for line in person.result.lines:
            sheet = person.sheets.get(line.month)
            rows.append([f"{line.month:%Y-%m}", sheet.number if sheet else "",
                         translated(YEAR_STATES[line.state]),
                         "" if line.score is None else f"{line.score:.2f}"])
        total, counted, score, grade = _total(person)
        rows += [[gettext("Sum"), "", "", total], [gettext("Months that count"), "", "", counted],
                 [gettext("Year's result"), "", grade, score]]
        return _book(f"{year}-{user_id}", [
            gettext("Month"), gettext("Appraisal sheet"), gettext("State"),
            gettext("Final score")], rows)

    @expose("/years/<int:year>/years.xlsx")
    @requires("show")
    def years_book(self, year: int) -> Response:
        """Return the year's results of all people as XLSX, for HR."""
        if not current_person().can("can_manage", SHEET) or not _FIRST_YEAR < year < _LAST_YEAR:
            abort(404)
        people = years_of(db.session, year)
        names = names_of(db.session, {one.user_id for one in people})
        header = [gettext("Person"), *(f"{year}-{number:02}" for number in range(1, MONTHS + 1)),
                  gettext("Sum"), gettext("Months that count"), gettext("Year's result"),
                  gettext("Grade of the appraisal")]
        return _book(str(year), header, [
            [names.get(one.user_id, ""),
             *("" if line.score is None else f"{line.score:.2f}" for line in one.result.lines),
             *_total(one)] for one in people])

    @staticmethod
    def _person(year: int, user_id: int) -> PersonYear:
        if not _FIRST_YEAR < year < _LAST_YEAR:
            abort(404)
        found = years_of(db.session, year, [user_id])
        if not found or not may_see(current_person(), found[0]):
            abort(404)
        return found[0]


class YearRuleView(RecordView):
    """How the year's result follows from its months."""

    datamodel = RecordInterface(YearRule)
    route_base = "/appraisals/year-rules"
    class_permission_name = RULES
    list_title = N_("Rules of the year's result")
    record_label = N_("Rule of the year's result")
    icon = "calendar-stats"
    list_columns = ["number", "from_year", "least_months", "note"]
    filter_columns = ["from_year"]
    saved_views = ()
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-from_year"
    label_columns = {"from_year": N_("From the year on"),
                     "least_months": N_("Least number of months with a score"),
                     "note": N_("Remark")}
    description_columns = {
        "from_year": N_("Until the next rule begins; a year that has begun keeps its rule."),
        "least_months": N_("The result is their mean, rounded once, half up, to two places. "
                           "A month without a score does not count.")}
    form_sections = (Section(fields=("from_year", "least_months", "note"), wide=("note",)),)
    show_sections = form_sections
