"""The screen of the effect of training."""

from __future__ import annotations

import datetime as dt

from flask import abort, request
from flask_appbuilder.baseviews import BaseView, expose
from sqlalchemy import select

from app.sdk import N_
from app.sdk.metrics import Period
from app.sdk.people import local_today
from app.sdk.screens import current_person, requires, whole_number
from app.sdk.services import db, is_present
from plugins.training.access import EFFECT
from plugins.training.courses.models import Course
from plugins.training.effect.effect import FEWEST
from plugins.training.effect.services import SPANS, Line, effect_of, is_fitting, latest_year

DEFAULT_SPAN = 90


class TrainingEffectView(BaseView):
    """People before and after a course, against comparable people without it."""

    route_base = "/training/effect"
    default_view = "page"
    class_permission_name = EFFECT
    base_permissions = ["can_list"]
    list_title = N_("Effect of training")
    icon = "chart-dots"

    @expose("/")
    @requires("list")
    def page(self) -> str:
        """Show the figures of one course, or ask for the course."""
        courses = db.session.execute(
            select(Course.id, Course.name).where(is_present(Course)).order_by(Course.name)).all()
        span = whole_number(request.args.get("days", "")) or DEFAULT_SPAN
        if span not in SPANS:
            abort(404)
        chosen = whole_number(request.args.get("course", ""))
        if chosen is not None and all(one.id != chosen for one in courses):
            abort(404)
        period = _asked_period()
        effect = None if chosen is None or not is_fitting(period) else effect_of(
            db.session, current_person(), chosen, span, period)
        return self.render_template(
            "training/effect.html", view=self, courses=courses, chosen=chosen, span=span,
            spans=SPANS, period=period, is_fitting=is_fitting(period), effect=effect,
            fewest=FEWEST, outcome_of=outcome_of)


def _asked_period() -> Period:
    """Return the days that the address names; what it does not name is of the latest year."""
    latest = latest_year(local_today())
    try:
        return Period(first=_day("from") or latest.first, last=_day("to") or latest.last)
    except ValueError:
        abort(404)


def _day(name: str) -> dt.date | None:
    text = request.args.get(name, "")
    return dt.date.fromisoformat(text) if text else None


def outcome_of(line: Line) -> tuple[str, str, str]:
    """Return what a comparison says: sentence (message id), tone and icon."""
    found = line.figures.difference
    if found is None:
        return N_("Too few people"), "still", "users"
    if not found.is_clear:
        return N_("No clear difference"), "calm", "equal"
    if not line.better:
        return N_("Clear difference"), "calm", "arrows-diff"
    if (found.value > 0) == (line.better == "higher"):
        return N_("Better than without"), "good", "trending-up"
    return N_("Worse than without"), "bad", "trending-down"
