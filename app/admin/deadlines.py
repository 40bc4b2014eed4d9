"""The screens of deadlines: working calendars by year, and the policies that new clocks follow."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import format_date, gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.admin.calendar_year import KINDS, hours_text, read_hours, year_view
from app.admin.pages import PageView
from app.admin.policies import local
from app.deadlines.calendar_store import (
    Calendars,
    UnknownCalendar,
    clear_day,
    save_calendar,
    set_day,
)
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.models import CalendarDay, CalendarRow, PolicyRow
from app.deadlines.policy_store import policies_by_id, set_in_force
from app.deadlines.shifts import shifts
from app.deadlines.sweeping import recompute
from app.host.host import current_host
from app.screens.workflow.extensions import amount_text
from app.sdk import N_
from app.sdk.jobs import JobContext, JobFailed, JobKind, enqueue
from app.sdk.screens import current_person, requires
from app.sdk.services import db, record_act, utcnow, write

RECOMPUTE = "deadlines.recompute"
LONGEST_NOTE = 200
YEARS = range(2000, 2101)


# Calendars that come with the product, in words; others go by the names that admins gave them.
CALENDARS = {"china": N_("Working days in China")}


def calendar_label(name: str) -> str:
    """Return what a calendar is called in the language of the page."""
    return gettext(CALENDARS.get(name, name))


def policy_rows() -> list[dict[str, Any]]:
    """Return the newest version of every policy, ready to be drawn.

    Policies of a plugin that is not there are kept for its return and shown to nobody.
    """
    newest: dict[tuple[str, str], Any] = {}
    for row in db.session.execute(
        select(PolicyRow.id, PolicyRow.record_type, PolicyRow.name, PolicyRow.version,
               PolicyRow.in_force, PolicyRow.shipped).order_by(PolicyRow.version)
    ):
        newest[row.record_type, row.name] = row
    policies = policies_by_id(db.session, {row.id for row in newest.values()})
    labels = {kind.model.__record_type__: kind.label for kind in current_host().record_types()}
    return [
        {
            "row": row, "kind": gettext(labels[row.record_type]),
            "title": local(policies[row.id], "title"),
            "source": local(policies[row.id], "source"),
            "clocks": [f"{local(rule, 'title')}: {amount_text(rule.measure, rule.amount)}"
                       for rule in policies[row.id].clocks],
        }
        for _, row in sorted(newest.items()) if row.record_type in labels
    ]


class DeadlinesView(PageView):
    """Calendars and policies."""

    route_base = "/deadlines"
    default_view = "index"
    class_permission_name = "core.Deadlines"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("Deadlines")
    icon = "calendar-time"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show calendars and policies."""
        calendars = db.session.execute(
            select(CalendarRow.name, CalendarRow.is_default).order_by(CalendarRow.name)
        ).all()
        return self.render_template(
            "admin/deadlines.html", view=self, calendars=calendars, label=calendar_label,
            policies=policy_rows(),
        )

    # --- policies ----------------------------------------------------------------------------
    @expose("/policies", methods=["POST"])
    @requires("edit")
    def switch(self) -> Response:
        """Choose a policy for new clocks, or put it aside."""
        record_type, name = request.form.get("record_type", ""), request.form.get("name", "")
        wanted = request.form.get("in_force", "")
        if wanted not in ("0", "1"):
            abort(400)
        try:
            self._write("policy_switched", f"{record_type} {name}", {"in_force": wanted == "1"},
                        lambda: set_in_force(db.session, record_type, name, wanted == "1"))
        except LookupError:
            abort(404)
        flash(gettext("Saved. Clocks that run keep to the policy that they began with."),
              "success")
        return redirect(self.url())

    # --- calendars ---------------------------------------------------------------------------
    @expose("/calendars/<name>")
    @requires("list")
    def calendar(self, name: str) -> str:
        """Show a year of a calendar, its week, and the day that is asked for."""
        calendar = self._calendar(name)
        day = self._day_of(request.args.get("day", ""))
        year = request.args.get("year", "") or str(day.year if day else utcnow().year)
        if not (year.isascii() and year.isdigit() and int(year[:5]) in YEARS):
            abort(400)
        notes = dict(db.session.execute(
            select(CalendarDay.day, CalendarDay.note)
            .join(CalendarRow, CalendarRow.id == CalendarDay.calendar_id)
            .where(CalendarRow.name == name)
        ).all())
        monday = dt.date(2024, 1, 1)
        return self.render_template(
            "admin/calendar.html", view=self, calendar=calendar, label=calendar_label(name),
            year=int(year),
            months=[(format_date(dt.date(int(year), place, 1), "MMMM"), days) for place, days in
                    enumerate(year_view(calendar, notes, int(year)), 1)],
            weekdays=[format_date(monday + dt.timedelta(days=place), "EEE") for place in range(7)],
            week=[hours_text(held) for held in calendar.week], kinds=KINDS, day=day,
            hours=hours_text(calendar.shifts_on(day)) if day else "",
            note=notes.get(day, "") if day else "",
            by_hand=day in calendar.overrides, first=YEARS[0], last=YEARS[-1],
        )

    @expose("/calendars/<name>/day", methods=["POST"])
    @requires("edit")
    def day(self, name: str) -> Response:
        """Set the hours of a day by hand, or let it follow the official list again."""
        calendar = self._calendar(name)
        day = self._day_of(request.form.get("day", "")) or abort(400)
        before = hours_text(calendar.shifts_on(day))
        if "clear" in request.form:
            self._write("calendar_day", name, {str(day): [before, None]},
                        lambda: clear_day(db.session, name, day))
        else:
            hours = [] if "close" in request.form else self._hours(request.form.get("hours", ""))
            note = request.form.get("note", "").replace("\x00", "").strip()[:LONGEST_NOTE]
            self._write("calendar_day", name, {str(day): [before, ", ".join(hours)]},
                        lambda: set_day(db.session, name, day, hours, note))
        self._remind()
        return redirect(self.url("calendar", name=name, year=day.year, day=day.isoformat()))

    @expose("/calendars/<name>/week", methods=["POST"])
    @requires("edit")
    def week(self, name: str) -> Response:
        """Set the hours of the seven days of the week."""
        calendar = self._calendar(name)
        texts = request.form.getlist("hours")
        if len(texts) != 7:
            abort(400)
        week = [self._hours(text) for text in texts]
        if not any(week):
            abort(422, description=gettext("At least one day of the week must be open."))
        changed = dataclasses.replace(calendar, week=tuple(shifts(*hours) for hours in week))
        self._write(
            "calendar_week", name,
            {"week": [[hours_text(held) for held in calendar.week], [", ".join(h) for h in week]]},
            lambda: save_calendar(db.session, changed),
        )
        self._remind()
        return redirect(self.url("calendar", name=name))

    @expose("/calendars/<name>/recompute", methods=["POST"])
    @requires("edit")
    def recompute(self, name: str) -> Response:
        """Work out running clocks anew, as a job."""
        self._calendar(name)
        job = enqueue(
            db.session, current_person(), RECOMPUTE, {"calendar": name},
            # A name that came with the product is a text itself: it cannot stand in another one.
            title=N_("Recompute deadlines") if name in CALENDARS
            else N_("Recompute deadlines of the calendar %(name)s"), title_values={"name": name},
        )
        flash(gettext("The deadlines are being recomputed; job %(number)s.", number=job.id), "info")
        return redirect(self.url("calendar", name=name))

    # --- small parts -------------------------------------------------------------------------
    @staticmethod
    def _calendar(name: str) -> WorkingCalendar:
        calendars = Calendars(db.session)
        try:
            return calendars.get(calendars.id_of(name))
        except UnknownCalendar:
            abort(404)

    @staticmethod
    def _day_of(text: str) -> dt.date | None:
        if not text:
            return None
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            abort(400)
        return day if day.year in YEARS else abort(400)

    @staticmethod
    def _hours(text: str) -> list[str]:
        try:
            return read_hours(text[:500])
        except ValueError:
            abort(422, description=gettext("Write hours like 09:00-12:00, 13:00-18:00."))

    @staticmethod
    def _remind() -> None:
        flash(gettext("Saved. Running deadlines keep their times until they are "
                      "recomputed."), "success")

    @staticmethod
    def _write(action: str, number: str, changes: dict[str, Any], do: Callable[[], Any]) -> None:
        """Do something and note it, in one transaction."""
        with write(db.session):
            do()
            record_act(db.session, current_person(), action, record_type="deadlines",
                       number=number[:40], changes=changes)


def run_recompute(context: JobContext) -> dict[str, int]:
    """Work out all running clocks of a calendar; a job.

    Raises:
        JobFailed: the calendar is gone.
    """
    try:
        return {"clocks": recompute(context.session, context.args["calendar"])}
    except UnknownCalendar:
        raise JobFailed(N_("There is no such calendar any more.")) from None


JOBS = (JobKind(name=RECOMPUTE, run=run_recompute),)
