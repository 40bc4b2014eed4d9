"""The page with the statistics of loan applications, and their charts as JSON and CSV."""

from __future__ import annotations

import csv
import io

from flask import Response, abort, jsonify, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.metrics import PERIODS, Period, count_by, named_period
from app.sdk.screens import Page, current_person, page_language, requires, safe_cell, translated
from app.sdk.services import db
from plugins.loans import metrics
from plugins.loans.applications import figures
from plugins.loans.applications.workflow import STATES

SHOWN = ("this_month", "last_month", "this_quarter", "this_year", "last_year")
CHARTS = (("reasons", N_("Reasons of refusal"), "bars"), ("months", N_("Received by month"),
                                                             "columns"),
          ("states", N_("Open applications by state"), "bars"))
_BYTE_ORDER_MARK = "\ufeff"


class FiguresPage(Page):
    """Share approved, time in each state, reasons of refusal; each figure opens its records."""

    @expose("/figures")
    @requires("statistics")
    def figures(self) -> str:
        """Show the figures of a period."""
        chosen = _chosen()
        period, session, person = named_period(chosen), db.session, current_person()
        language = page_language()
        return self.screen.render(
            "loans/figures.html", chosen=chosen, metrics=metrics.COUNTS,
            periods=[(name, PERIODS[name]) for name in SHOWN],
            decisions=figures.lines(session, person, metrics.COUNTS, period),
            stays=figures.lines(session, person, metrics.STAY_METRICS, period),
            reasons=figures.reasons(session, person, period, language),
            products=figures.by_product(session, person, period, language),
            charts=[(self.screen.url("chart", name=name, period=chosen), title)
                    for name, title, _kind in CHARTS])

    @expose("/figures/<name>")
    @requires("statistics")
    def chart(self, name: str) -> Response:
        """Return the figures of a chart, or as CSV."""
        found = next(((title, kind) for one, title, kind in CHARTS if one == name), None)
        if found is None:
            abort(404)
        title, kind = found
        pairs = _pairs(name, named_period(_chosen()))
        if request.args.get("format") == "csv":
            return _csv(name, translated(title), pairs)
        return jsonify(kind=kind, title=translated(title), labels=[label for label, _ in pairs],
                       series=[{"name": gettext("Applications"),
                                "values": [number for _, number in pairs]}])


def _chosen() -> str:
    chosen = request.args.get("period", "")
    return chosen if chosen in SHOWN else "this_year"


def _pairs(name: str, period: Period) -> list[tuple[str, int]]:
    session, person = db.session, current_person()
    if name == "states":
        found = count_by(session, person, metrics.OPEN, "state")
        return [(translated(state.label), found[state.name]) for state in STATES
                if found.get(state.name)]
    dimension, measure = (("reason", metrics.DENIED) if name == "reasons"
                          else ("month", metrics.RECEIVED))
    if dimension == "reason":
        return [(line.label, int(line.text.replace(",", "")))
                for line in figures.reasons(session, person, period, page_language())]
    by_month = count_by(session, person, measure, dimension, period)
    return [(month.strftime("%Y-%m"), number) for month, number in sorted(by_month.items())]


def _csv(name: str, title: str, pairs: list[tuple[str, int]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([title, gettext("Applications")])
    writer.writerows([safe_cell(label), number] for label, number in pairs)
    return Response(
        _BYTE_ORDER_MARK + out.getvalue(), mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="loans-{name}.csv"'})
