"""The complaint summary table as page, PDF and XLSX."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from flask import Response, abort, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import Period
from app.sdk.models import Branch, Department, Team
from app.sdk.screens import (
    current_person,
    document_response,
    print_context,
    requires,
    translated,
    whole_number,
    write_date,
    xlsx_parts,
)
from app.sdk.services import db, record_act, write
from plugins.complaints.charts import SOURCE_CHOICES, branches, page_filters, period_choices
from plugins.complaints.models import Complaint
from plugins.complaints.periods import chosen_period
from plugins.complaints.statistics import branch_of, origin_of
from plugins.complaints.table.counting import (
    DEFAULT_LEVELS,
    LEVELS,
    REGISTER_LEVELS,
    Asked,
    Table,
    levels,
    table_of,
)
from plugins.complaints.workflow import VIEW

DOCUMENT = Path(__file__).parents[1] / "documents" / "summary_table.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PART = "　"


@dataclasses.dataclass(frozen=True, slots=True)
class PrintedTable:
    """What was printed, for the audit trail: a table is no record.

    Attributes:
        number: first and last day.
    """

    __record_type__: ClassVar[str] = Complaint.__record_type__
    number: str
    id: None = None


class ComplaintTableView(BaseView):
    """The monthly table that a department hands to its leaders."""

    route_base = "/complaints/table"
    default_view = "page"
    class_permission_name = VIEW
    base_permissions = ["can_statistics"]
    list_title = N_("Complaint summary table")
    icon = "table"

    @expose("/")
    @requires("statistics")
    def page(self) -> str:
        """Show the table."""
        chosen, asked = page_filters(), _asked()
        session, person = db.session, current_person()
        address = {**chosen, **_places(), "rows": asked.rows, "within": asked.within}
        return self.render_template(
            "complaints/table.html", view=self, chosen=chosen, period=asked.period, asked=asked,
            table=table_of(session, person, asked), sources=SOURCE_CHOICES,
            periods=period_choices(), branches=branches(session),
            departments=_named(session, Department), teams=_named(session, Team),
            levels=[(name, level.title) for name, level in levels().items()],
            titles=_titles(asked), span=_span(asked.period), places=_places(),
            document_url=url_for(f"{self.endpoint}.document", _external=False, **address),
            sheet_url=url_for(f"{self.endpoint}.sheet", _external=False, **address),
            statistics_url=url_for(
                "ComplaintStatisticsView.page", _external=False, **chosen),
            may_export=person.can("can_export", VIEW))

    @expose("/table.pdf")
    @requires("statistics")
    def document(self) -> Response:
        """Print the table."""
        asked = _asked()
        table = table_of(db.session, current_person(), asked)
        rows = [[(_PART if row.is_part else "") + row.name, *_texts(row.cells)]
                for row in (*table.rows, table.total)]
        span = _span(asked.period)
        return document_response(DOCUMENT, {
            **print_context(gettext("Complaint summary table"), span),
            "fields": [{"label": label, "value": value, "wide": False, "tall": 0}
                       for label, value in _chosen_texts(db.session, asked)],
            "header": [_titles(asked), *table.header], "rows": rows,
            "widths": [4, *[2] * len(table.header)],
        }, f"{_file_name(asked.period)}.pdf", PrintedTable(span))

    @expose("/table.xlsx")
    @requires("statistics")
    def sheet(self) -> Response:
        """Return the table as XLSX, with numbers that can be reckoned with."""
        asked, person = _asked(), current_person()
        if not person.can("can_export", VIEW):
            abort(403)
        table = table_of(db.session, person, asked)
        with write(db.session):
            record_act(db.session, person, "export", record_type=Complaint.__record_type__,
                       changes={"table": _span(asked.period), "rows": len(table.rows)})
        return Response(xlsx_parts(*_sheet(table, asked)), mimetype=XLSX, headers={
            "Content-Disposition": f'attachment; filename="{_file_name(asked.period)}.xlsx"'})


def _asked() -> Asked:
    """Return what the address asks for; what makes no sense counts as not chosen."""
    chosen = page_filters()
    origin = origin_of(chosen)
    usual = REGISTER_LEVELS if origin else DEFAULT_LEVELS
    rows = request.args.get("rows", usual[0])
    rows = rows if rows in LEVELS else usual[0]
    within = request.args.get("within", usual[1])
    places = {name: whole_number(value) for name, value in _places().items()}
    return Asked(period=chosen_period(chosen), origin=origin, branch_id=branch_of(chosen),
                 department_id=places.get("department_id"), team_id=places.get("team_id"),
                 rows=rows, within=within if within in LEVELS and within != rows else "")


def _places() -> dict[str, str]:
    return {name: request.args[name][:20] for name in ("department_id", "team_id")
            if request.args.get(name)}


def _named(session: Session, model: Any) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in session.execute(
        select(model.id, model.name).where(model.active).order_by(model.name))]


def _titles(asked: Asked) -> str:
    """Return the head of the first column: what the rows stand for."""
    known = levels()
    return " / ".join(translated(known[name].title) for name in (asked.rows, asked.within) if name)


def _span(period: Period) -> str:
    """Return first and last day of a period; empty for all days."""
    if period.first is None or period.last is None:
        return ""
    return f"{write_date(period.first)} – {write_date(period.last)}"


def _file_name(period: Period) -> str:
    if period.first is None or period.last is None:
        return "complaint-table"
    return f"complaint-table-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"


def _chosen_texts(session: Session, asked: Asked) -> list[tuple[str, str]]:
    """Return what was chosen, as label and value."""
    source = next(one for one in SOURCE_CHOICES if (one.value or None) == (
        "own" if asked.origin == "" else asked.origin))
    found = [(gettext("Time"), _span(asked.period) or gettext("All days")),
             (gettext("Source"), translated(source.label))]
    for label, model, key in ((gettext("Branch"), Branch, asked.branch_id),
                              (gettext("Department"), Department, asked.department_id),
                              (gettext("Team"), Team, asked.team_id)):
        if key is not None:
            found.append((label, str(session.get(model, key) or "–")))
    return found


def _texts(cells: Sequence[Any]) -> list[str]:
    # What a figure was made of stands whole on a line of its own where the column is narrow.
    whole = "\N{NO-BREAK SPACE}"
    return [f"{cell.text.replace(' ', whole)} ({cell.of.replace(' ', whole)})" if cell.of
            else cell.text for cell in cells]


def _sheet(table: Table, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    """Return header and rows of the sheet; shares in percent, times in hours."""
    divided = bool(asked.within)
    known: Mapping[str, Any] = levels()
    first = [translated(known[name].title) for name in (asked.rows, asked.within) if name]
    hours = table.header.index(gettext("Mean handling time"))
    names = list(table.header)
    names[hours] = gettext("Mean handling time (hours)")
    for place, title in enumerate(names):
        if title in (gettext("Share"), gettext("Resolution rate"),
                     gettext("Satisfied of those asked")):
            names[place] = f"{title} (%)"
    rows: list[list[Any]] = []
    above = ""
    for row in (*table.rows, table.total):
        above = above if row.is_part else row.name
        head = [above, row.name if row.is_part else ""] if divided else [row.name]
        rows.append([*head, *(
            None if cell.number is None
            else round(cell.number / (60 if place == hours else 1), 2)
            for place, cell in enumerate(row.cells))])
    return [*first, *names], rows
