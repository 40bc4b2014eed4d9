"""The statistics page of complaints, and the figures behind it as JSON and CSV."""

from __future__ import annotations

from flask import Response, abort, jsonify, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import PERIODS as PERIOD_LABELS
from app.sdk.models import Branch
from app.sdk.screens import Choice, chart_response, current_person, requires
from app.sdk.services import db
from plugins.complaints.drawing import chart_of
from plugins.complaints.metrics import BY_NAME, REGISTER
from plugins.complaints.models import RegulatorReport
from plugins.complaints.periods import ALL, DATES, LABELS, PERIODS, chosen_period
from plugins.complaints.statistics import AXES, CHOSEN, OWN, counts, crosstab
from plugins.complaints.summary import BESIDE, DIMENSIONS, rows_by, summary
from plugins.complaints.workflow import VIEW

SOURCE_CHOICES = (Choice("", N_("All sources")), Choice(OWN, N_("Own work")),
                  Choice(REGISTER, N_("Imported register")))
_FILTERS = (*AXES, *CHOSEN)
# What the page shows, in order: axis and kind of chart.
CHARTS = (("month", "line"), ("product", "bars"), ("issue", "bars"), ("channel", "pie"),
          ("department", "bars"), ("team", "bars"), ("branch", "bars"), ("agent", "bars"),
          ("severity", "columns"), ("state", "bars"),
          ("region", "bars"), ("timely", "pie"), ("cause", "bars"))

# Nothing but a file of the register fills these.
OF_THE_REGISTER = frozenset({"issue", "timely"})
TITLES = {"month": N_("Received over time")}


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
        chosen = page_filters()
        by = request.args.get("by", "")
        by = by if by in DIMENSIONS else next(iter(DIMENSIONS))
        return self.render_template(
            "complaints/statistics.html", charts=self._charts(chosen),
            chosen=chosen, axes=AXES, view=self, address=self._address,
            sources=SOURCE_CHOICES, periods=period_choices(),
            branches=branches(db.session), period=chosen_period(chosen),
            table_url=url_for("ComplaintTableView.page", _external=False, **chosen),
            figures=summary(db.session, current_person(), chosen),
            by=by, dimensions=self._dimensions(by, chosen),
            beside=[BY_NAME[name] for name in BESIDE],
            rows=rows_by(db.session, current_person(), by, chosen),
        )

    @staticmethod
    def _charts(chosen: dict[str, str]) -> list[tuple[str, str, str]]:
        """Return axis, title and kind of each chart; those of the register only where it is."""
        with_register = chosen.get("source") != OWN and _has_reports(db.session)
        return [(name, TITLES.get(name, AXES[name].title), kind) for name, kind in CHARTS
                if with_register or name not in OF_THE_REGISTER]

    def _dimensions(self, by: str, chosen: dict[str, str]) -> list[tuple[str, str, bool]]:
        """Return title, address and whether it is shown, of each way to cut the figures."""
        return [(title, url_for(
            f"{self.endpoint}.page", _external=False, by=name, **chosen), name == by)
                for name, (title, _, _) in DIMENSIONS.items()]

    def _address(self, axis: str, kind: str) -> str:
        return url_for(f"{self.endpoint}.figures", _external=False, axis=axis, kind=kind,
                       **{**_filters(), **page_filters()})

    @expose("/figures/<axis>")
    @requires("statistics")
    def figures(self, axis: str) -> Response:
        """Return the counts along an axis for a chart, or as CSV."""
        if axis not in AXES:
            abort(404)
        return chart_response(chart_of(
            db.session, current_person(), axis, request.args.get("kind", "columns"), _filters()))


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


def page_filters() -> dict[str, str]:
    """Return what the address of a page of figures chooses; this month where it says nothing."""
    found = {name: request.args[name][:40] for name in CHOSEN if request.args.get(name)}
    return {"period": PERIODS[0], **found}


def period_choices() -> list[Choice]:
    """Return the periods that a page of figures offers."""
    return [*(Choice(name, PERIOD_LABELS[name]) for name in PERIODS),
            *(Choice(name, LABELS[name]) for name in (ALL, DATES))]


def branches(session: Session) -> list[tuple[str, str]]:
    """Return key and name of the branches in use, by name."""
    return [(str(key), name) for key, name in session.execute(
        select(Branch.id, Branch.name).where(Branch.active).order_by(Branch.name))]


def _has_reports(session: Session) -> bool:
    return session.scalar(select(RegulatorReport.complaint_id).limit(1)) is not None


def _filters() -> dict[str, str]:
    return {name: request.args[name][:200] for name in _FILTERS if request.args.get(name)}


def _counts(axis: str) -> list[tuple[str, int]]:
    if axis not in AXES:
        abort(404)
    return counts(db.session, current_person(), axis, _filters(), limit=5000)
