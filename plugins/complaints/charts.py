"""The statistics page of complaints, and the figures behind it as JSON and CSV."""

from __future__ import annotations

import csv
import io

from flask import Response, abort, jsonify, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from sqlalchemy import select

from app.sdk import N_
from app.sdk.metrics import PERIODS as PERIOD_LABELS
from app.sdk.screens import (
    Choice,
    current_person,
    localised_label,
    requires,
    safe_cell,
    translated,
)
from app.sdk.services import db
from plugins.complaints.choices import SATISFACTIONS, SEVERITIES, label_of
from plugins.complaints.metrics import BY_NAME, REGISTER
from plugins.complaints.models import Category, Cause, Channel
from plugins.complaints.periods import PERIODS
from plugins.complaints.statistics import AXES, OWN, counts, crosstab
from plugins.complaints.summary import BESIDE, DIMENSIONS, rows_by, summary
from plugins.complaints.workflow import STATES, VIEW

_FILTERS = (*AXES, "source", "period")
SHOWN_ROWS = 15
# Axes whose values are entries of a dictionary.
_LISTS = {"channel": Channel, "category": Category, "cause": Cause}
# What the page shows, in order: axis and kind of chart.
CHARTS = (("month", "line"), ("product", "bars"), ("issue", "bars"), ("channel", "pie"),
          ("department", "bars"), ("team", "bars"), ("agent", "bars"),
          ("severity", "columns"), ("state", "bars"),
          ("region", "bars"), ("timely", "pie"), ("cause", "bars"))


class ComplaintStatisticsView(BaseView):
    """Charts of complaints, each with its table and a download."""

    route_base = "/complaints/statistics"
    default_view = "page"
    class_permission_name = VIEW
    base_permissions = ["can_statistics"]
    list_title = N_("Complaint statistics")
    icon = "chart-bar"

    @expose("/")
    @requires("statistics")
    def page(self) -> str:
        """Show the charts."""
        chosen = _filters()
        by = request.args.get("by", "")
        by = by if by in DIMENSIONS else next(iter(DIMENSIONS))
        return self.render_template(
            "complaints/statistics.html", charts=[(AXES[name], kind) for name, kind in CHARTS],
            chosen=chosen, axes=AXES, view=self, address=self._address,
            sources=[Choice("", N_("All")), Choice(OWN, N_("Own work")),
                     Choice(REGISTER, N_("Imported register"))],
            periods=[Choice("", N_("All days")),
                     *(Choice(name, PERIOD_LABELS[name]) for name in PERIODS)],
            figures=summary(db.session, current_person(), chosen),
            by=by, dimensions=self._dimensions(by, chosen),
            beside=[BY_NAME[name] for name in BESIDE],
            rows=rows_by(db.session, current_person(), by, chosen),
        )

    def _dimensions(self, by: str, chosen: dict[str, str]) -> list[tuple[str, str, bool]]:
        """Return title, address and whether it is shown, of each way to cut the figures."""
        return [(title, url_for(
            f"{self.endpoint}.page", _external=False, by=name, **chosen), name == by)
                for name, (title, _, _) in DIMENSIONS.items()]

    def _address(self, axis: str, kind: str) -> str:
        return url_for(
            f"{self.endpoint}.figures", _external=False, axis=axis, kind=kind, **_filters())

    @expose("/figures/<axis>")
    @requires("statistics")
    def figures(self, axis: str) -> Response:
        """Return the counts along an axis for a chart, or as CSV."""
        found = _counts(axis)
        if request.args.get("format") == "csv":
            return _csv(axis, found)
        kind = request.args.get("kind", "columns")
        if axis == "month":
            found = with_empty_months(found)
            # A line needs two points.
            kind = kind if len(found) > 1 else "columns"
        if kind in ("bars", "pie"):
            found = _top(found)
        labels = _labels(axis, found)
        body = {"kind": kind, "title": translated(AXES[axis].title), "labels": labels,
                "series": [{"name": gettext("Complaints"), "values": [n for _, n in found]}]}
        return jsonify(body)


class ComplaintStatisticsApi(BaseView):
    """Counts of complaints over REST: ``/api/v1/complaints/statistics/product``."""

    route_base = "/api/v1/complaints/statistics"
    default_view = "axis"
    class_permission_name = VIEW
    base_permissions = ["can_statistics"]

    @expose("/<name>")
    @requires("statistics")
    def axis(self, name: str) -> Response:
        """Return ``{"axis": name, "total": n, "counts": {value: n}}``; filters as arguments."""
        found = _counts(name)
        return jsonify(
            axis=name, total=sum(n for _, n in found), counts=dict(found)
        )

    @expose("/<name>/by/<other>")
    @requires("statistics")
    def table(self, name: str, other: str) -> Response:
        """Return counts along two axes as ``{"counts": {value: {other value: n}}}``."""
        if name not in AXES or other not in AXES or name == other:
            abort(404)
        table = crosstab(db.session, current_person(), name, other, _filters())
        return jsonify(axis=name, other=other, counts=table)


def _filters() -> dict[str, str]:
    return {name: request.args[name][:200] for name in _FILTERS if request.args.get(name)}


def _counts(axis: str) -> list[tuple[str, int]]:
    if axis not in AXES:
        abort(404)
    return counts(db.session, current_person(), axis, _filters(), limit=5000)


def _top(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the most frequent values and, as one, all others."""
    if len(found) <= SHOWN_ROWS:
        return found
    rest = sum(n for _, n in found[SHOWN_ROWS - 1:])
    return [*found[: SHOWN_ROWS - 1], (gettext("All others"), rest)]


def with_empty_months(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return counts by month, in order, with 0 for months between the first and the last.

    Args:
        found: pairs of ``2026-03`` and count, in order.
    """
    if not found:
        return found
    numbers = dict(found)
    (first_year, first), (last_year, last) = (
        map(int, name.split("-")) for name in (found[0][0], found[-1][0]))
    months = range(first_year * 12 + first - 1, last_year * 12 + last)
    names = [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
    return [(name, numbers.get(name, 0)) for name in names]


def _labels(axis: str, found: list[tuple[str, int]]) -> list[str]:
    """Return the values of an axis as people read them, in the language of the page."""
    words = _words_of_list(axis)
    return [shown(axis, words.get(value, value)) for value, _ in found]


def _words_of_list(axis: str) -> dict[str, str]:
    """Return what the entries of a dictionary are called on the page, by their stable name."""
    model = _LISTS.get(axis)
    if model is None:
        return {}
    named = db.session.execute(select(model.name, localised_label(model).label("shown")))
    return {row.name: row.shown for row in named}


def shown(axis: str, value: str) -> str:
    """Return a value of an axis as people read it."""
    if value == "":
        return gettext("(none)")
    if axis == "state":
        return translated(next((s.label for s in STATES if s.name == value), value))
    if axis in ("severity", "satisfaction"):
        pairs = SEVERITIES if axis == "severity" else SATISFACTIONS
        return translated(label_of(pairs, value))
    return value


def _csv(axis: str, found: list[tuple[str, int]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([translated(AXES[axis].title), gettext("Complaints")])
    for label, (_, number) in zip(_labels(axis, found), found, strict=True):
        writer.writerow([safe_cell(label), number])
    return Response(
        "\ufeff" + out.getvalue(), mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="complaints-{axis}.csv"'},
    )

