"""Cards of the home page that need no plugin: for administrators, and the jobs of everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.admin.jobs import shown
from app.admin.plugins import plugin_cards
from app.admin.system import health_checks
from app.jobs.models import Job
from app.people.models import Absence, Staff
from app.sdk import N_, Card
from app.sdk.core import away_at, requests_waiting_for
from app.sdk.jobs import recent_jobs
from app.sdk.screens import period_bounds, write_date, zone
from app.sdk.services import Actor, utcnow

ROWS = 6
_STANDARD = "screens/cards/standard.html"


def health(_session: Session, _actor: Actor) -> dict[str, Any]:
    """Return every part of the system with how it is."""
    return {
        "rows": [
            {"title": check.label, "remark": check.text, "chips": [check.badge],
             "url": url_for(check.url or "SystemView.index")}
            for check in health_checks(utcnow())
        ],
        "more_url": url_for("SystemView.index"),
    }


def plugins(_session: Session, _actor: Actor) -> dict[str, Any]:
    """Return every plugin with its state."""
    return {
        "rows": [
            {"title": card.title, "remark": card.version, "chips": [card.badge],
             "url": url_for("PluginsView.index")}
            for card in plugin_cards()
        ],
        "empty": N_("No plugins"),
        "more_url": url_for("PluginsView.index"),
    }


def jobs(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return how many jobs stand where, and the newest that failed."""
    counts = dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all())

    def figure(label: str, state: str, tone: str = "") -> dict[str, Any]:
        number = counts.get(state, 0)
        return {"label": label, "value": number, "tone": tone if number else "",
                "url": url_for("JobsView.index", state=state)}

    failed = shown(recent_jobs(session, states=["failed"], limit=ROWS))
    return {
        "figures": [
            figure(N_("Waiting"), "queued"), figure(N_("Running"), "running"),
            figure(N_("Done"), "done", "good"), figure(N_("Failed"), "failed", "bad"),
        ],
        "rows": [{"title": job.title, "remark": job.asker, "chips": [job.badge], "url": job.url}
                 for job in failed],
        "more_url": url_for("JobsView.index"),
    }


def staff(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return how many people there are, and what of them wants looking after."""
    recent = Staff.hired_on.between(
        *period_bounds("last_30_days", dt.datetime.now(zone()).date()))
    everybody, without_team, hired = session.execute(select(
        func.count(),
        func.count().filter(Staff.team_id.is_(None)),
        func.count().filter(recent),
    ).select_from(Staff)).one()
    return {
        "figures": [
            {"label": N_("Staff"), "value": everybody, "url": url_for("StaffView.list", all=1)},
            {"label": N_("Without a team"), "value": without_team,
             "url": url_for("StaffView.list", team__empty=1)},
            {"label": N_("Hired in the last 30 days"), "value": hired,
             "url": url_for("StaffView.list", hired_on__period="last_30_days")},
        ],
        "more_url": url_for("StaffView.list"),
    }


def absences(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return who is away now, and until when; of absences that overlap the last one."""
    now, last = utcnow(), aliased(Absence)
    longest = (
        select(last.id).where(last.staff_id == Staff.id, last.starts_at <= now, last.ends_at > now)
        .order_by(last.ends_at.desc(), last.id.desc()).limit(1)
        .correlate(Staff).scalar_subquery()
    )
    found = session.execute(
        select(Staff.name, Absence.id, Absence.ends_at)
        .join(Staff, Staff.id == Absence.staff_id)
        .where(away_at(now), Absence.id == longest)
        .order_by(Absence.ends_at).limit(ROWS)
    ).all()
    return {
        "rows": [
            {"title": row.name, "url": url_for("AbsenceView.show", pk=row.id),
             "remark": gettext("until %(day)s", day=write_date(row.ends_at))}
            for row in found
        ],
        "empty": N_("Everybody is here."),
        "more_url": url_for("AbsenceView.list"),
    }


def extensions_waiting(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return requests for more time that the actor may decide; nothing when there are none."""
    waiting = requests_waiting_for(session, actor)
    if not waiting:
        return None
    return {
        "rows": [
            {
                "title": str(record), "url": url_for(kind.endpoint, pk=record.id),
                "remark": asked.reason,
            }
            for (kind, record), asked in waiting[:ROWS]
        ],
    }


CARDS = (
    Card(name="core.health", title=N_("System health"), load=health, template=_STANDARD,
         view="core.System", order=5),
    Card(name="core.jobs", title=N_("Jobs"), load=jobs, template=_STANDARD, view="core.Jobs",
         permission="can_cancel", order=6),
    Card(name="core.plugins", title=N_("Plugins"), load=plugins, template=_STANDARD,
         view="core.Plugins", order=7),
    Card(name="core.extensions", title=N_("More time asked for"), load=extensions_waiting,
         template=_STANDARD, view="core.Customer", order=15),
    Card(name="core.staff", title=N_("People"), load=staff, template=_STANDARD,
         view="core.Staff", permission="can_edit", order=58),
    Card(name="core.absences", title=N_("Away today"), load=absences, template=_STANDARD,
         view="core.Absence", order=60),
)
