"""The statistics page of enquiries, and the figures behind its charts as JSON and CSV."""

from __future__ import annotations

from flask import Response, abort, jsonify, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.metrics import PERIODS as PERIOD_LABELS
from app.sdk.metrics import Period, named_period
from app.sdk.screens import csv_parts, current_person, requires, translated
from app.sdk.services import db
from plugins.enquiries import statistics
from plugins.enquiries.access import ENQUIRY

SHOWN_ROWS = 15
CHARTS = (("month", "line"), ("kind", "pie"), ("category", "bars"), ("channel", "bars"),
          ("person", "bars"))


class EnquiryStatisticsView(BaseView):
    """Figures and charts of enquiries, each with the records or a table behind it."""

    route_base = "/enquiries/statistics"
    default_view = "page"
    class_permission_name = ENQUIRY
    base_permissions = ["can_statistics"]
    list_title = N_("Statistics of enquiries")
    icon = "chart-bar"

    @expose("/")
    @requires("statistics")
    def page(self) -> str:
        """Show the figures and charts of a period."""
        chosen, period = _chosen()
        return self.render_template(
            "enquiries/statistics.html", view=self, chosen=chosen,
            periods=[(name, PERIOD_LABELS[name]) for name in statistics.PERIODS],
            lines=statistics.lines(db.session, current_person(), period),
            charts=[(statistics.AXES[axis], url_for(
                f"{self.endpoint}.figures", axis=axis, kind=kind, period=chosen))
                    for axis, kind in CHARTS],
        )

    @expose("/figures/<axis>")
    @requires("statistics")
    def figures(self, axis: str) -> Response:
        """Return the counts along an axis for a chart, or as CSV."""
        if axis not in statistics.AXES:
            abort(404)
        _, period = _chosen()
        found = statistics.counts(db.session, current_person(), axis, period)
        title = translated(statistics.AXES[axis])
        if request.args.get("format") == "csv":
            return Response(
                csv_parts([title, gettext("Enquiries")], found),
                mimetype="text/csv; charset=utf-8",
                headers={"Content-Disposition": f'attachment; filename="enquiries-{axis}.csv"'})
        kind = dict(CHARTS)[axis]
        if kind == "line" and len(found) < 2:
            kind = "columns"
        shown = found if axis == "month" else found[:SHOWN_ROWS]
        return jsonify({
            "kind": kind, "title": title, "labels": [label for label, _ in shown],
            "series": [{"name": gettext("Enquiries"), "values": [number for _, number in shown]}]})


def _chosen() -> tuple[str, Period]:
    name = request.args.get("period", "")
    name = name if name in statistics.PERIODS else "this_month"
    return name, named_period(name)
