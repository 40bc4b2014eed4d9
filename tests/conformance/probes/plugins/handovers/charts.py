"""A page with a chart: how many handovers each person made."""

from __future__ import annotations

from flask import Response, url_for
from flask_appbuilder.baseviews import BaseView, expose
from plugins.handovers.models import VehicleHandover
from plugins.handovers.views import VIEW

from app.sdk import N_, Metric
from app.sdk.metrics import Measure, count_by, records_url
from app.sdk.screens import Chart, Series, chart_response, current_person, requires
from app.sdk.services import db, names_of

MADE = Measure(name="handovers.made", model=VehicleHandover, day="created_at")
METRIC = Metric(name="handovers.made", title=N_("Vehicle handovers"), numerator=MADE,
                unit=N_("handovers"), endpoint="VehicleHandoverView.list", view=VIEW)


class HandoverStatisticsView(BaseView):
    """Handovers by person, as a chart, a table and a file."""

    route_base = "/handovers/statistics"
    default_view = "page"
    class_permission_name = VIEW
    base_permissions = ["can_statistics"]
    list_title = N_("Statistics of handovers")
    icon = "chart-bar"

    @expose("/")
    @requires("statistics")
    def page(self) -> str:
        """Show the chart."""
        return self.render_template("handovers/statistics.html", view=self,
                                    url=url_for(f"{self.endpoint}.figures"))

    @expose("/figures")
    @requires("statistics")
    def figures(self) -> Response:
        """Return the figures of the chart, each leading to its records."""
        found = count_by(db.session, current_person(), MADE, "person")
        names = names_of(db.session, found)
        return chart_response(Chart(
            label=N_("Person"), labels=[names.get(key, "") for key in found], name="handovers",
            series=[Series(name=N_("Vehicle handovers"), values=list(found.values()))],
            urls=[records_url(METRIC, by={"person": key}) for key in found]))
