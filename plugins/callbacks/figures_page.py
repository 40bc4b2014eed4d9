"""The page with the figures of callbacks."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask_appbuilder.baseviews import expose

from app.sdk import N_
from app.sdk.screens import Page, current_person, period_bounds, requires, zone
from app.sdk.services import db, utcnow
from plugins.callbacks import figures
from plugins.callbacks.coverage import members_covered

PERIODS = (
    ("this_month", N_("This month")), ("last_month", N_("Last month")),
    ("last_7_days", N_("Last 7 days")), ("last_30_days", N_("Last 30 days")),
)


def days_of(period: str) -> tuple[str, dt.date, dt.date]:
    """Return a period, the present month where there is no such one, and its days until today."""
    chosen = period if period in dict(PERIODS) else "this_month"
    today = utcnow().astimezone(zone()).date()
    first, last = period_bounds(chosen, today)
    return chosen, first or today, min(last or today, today)


class FiguresPage(Page):
    """Reach, satisfaction, coverage, and calls of each person against the quota."""

    @expose("/figures")
    @requires("list")
    def figures(self) -> str:
        """Show the figures of a period; each one opens the records behind it."""
        chosen, first, last = days_of(request.args.get("period", ""))
        person, session = current_person(), db.session
        return self.screen.render(
            "callbacks/figures.html", periods=PERIODS, chosen=chosen, first=first, last=last,
            groups=[
                (N_("Reach"), [figures.reach(session, person, first, last)]),
                (N_("Follow-up"), [figures.follow_up(session, person, first, last)]),
                (N_("Satisfaction"), figures.satisfaction(session, person, first, last)),
                (N_("Coverage of members"), [members_covered(session, person, first, last)]),
                (N_("Coverage by grade"), figures.coverage(session, person, first, last)),
            ],
            people=figures.people(session, person, first, last),
        )
