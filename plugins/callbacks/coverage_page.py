"""The page of members who were called back in a time, and of those who were not."""

from __future__ import annotations

from flask import Response, abort, request
from flask_appbuilder.baseviews import expose

from app.sdk import N_
from app.sdk.screens import (
    Chart,
    Page,
    Series,
    chart_response,
    current_person,
    requires,
    whole_number,
)
from app.sdk.services import db, names_of
from plugins.callbacks import coverage
from plugins.callbacks.figures_page import PERIODS, days_of


class CoveragePage(Page):
    """Members by name: who was called back in a time, and who still has to be."""

    @expose("/coverage")
    @requires("list")
    def coverage(self) -> str:
        """Show a page of the members; those who were not called back come first."""
        person = current_person()
        if not person.can("can_list", "core.Customer"):
            abort(403)
        chosen, first, last = days_of(request.args.get("period", ""))
        which = request.args.get("which", "")
        which = which if which in dict(coverage.WHICH) else coverage.MISSING
        page = min(max(1, whole_number(request.args.get("number", "")) or 1), 10_000)
        rows = coverage.listed(db.session, person, first, last, which, page)
        owners = {row.owner_id for row in rows if row.owner_id is not None}
        return self.screen.render(
            "callbacks/coverage.html", periods=PERIODS, chosen=chosen, first=first, last=last,
            which=which, kinds=coverage.WHICH, page=page, rows=rows[:coverage.PAGE],
            has_more=len(rows) > coverage.PAGE, names=names_of(db.session, owners),
            rate=coverage.members_covered(db.session, person, first, last),
            chart_url=self.screen.url("coverage_by_month"))

    @expose("/coverage/months")
    @requires("list")
    def coverage_by_month(self) -> Response:
        """Return the coverage of the last months for a chart, or as CSV."""
        _chosen, _first, last = days_of("this_month")
        found = coverage.by_month(db.session, current_person(), last)
        return chart_response(Chart(
            label=N_("Month"), name="coverage",
            labels=[f"{month} ({rate.part}/{rate.whole})" for month, rate in found],
            series=[Series(name=N_("Members covered, in percent"),
                           values=[rate.percent for _month, rate in found])]))
