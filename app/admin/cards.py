"""Cards of the home page that need no plugin: for administrators, and the jobs of everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import get_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.versioned_cache import cached_for
from app.admin.change_requests import changes_to_decide
from app.admin.erasure import due_for_erasure
from app.admin.jobs import shown
from app.admin.plugins import plugin_cards
from app.admin.staff_cards import STAFF_CARDS
from app.admin.system import health_checks
from app.jobs.models import Job
from app.jobs.services import recent_jobs
from app.sdk import N_, Card
from app.sdk.services import Actor, utcnow
from app.workflow.deadline_requests import requests_waiting_for

ROWS = 6
_HEALTH_AGE = dt.timedelta(minutes=1)
_STANDARD = "screens/home/card.html"


def health(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return every part of the system with how it was a minute ago at most.

    Some checks go over all open records, and home is opened again and again.
    """
    checks = cached_for(session, f"admin.health.{get_locale()}", _HEALTH_AGE,
                        lambda: health_checks(utcnow()))
    return {
        "rows": [
            {"title": check.label, "remark": check.text, "chips": [check.badge],
             "url": url_for(check.url or "SystemView.index")}
            for check in checks
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
         template=_STANDARD, view="core.Customer", order=15, to_do=N_("Deadline")),
    Card(name="core.changes", title=N_("Changes of customer data to decide"),
         load=changes_to_decide, template=_STANDARD, view="core.ChangeRequest",
         permission="can_decide", order=16, to_do=N_("Customer data")),
    Card(name="core.erasures", title=N_("Customers due for erasure"), load=due_for_erasure,
         template=_STANDARD, view="core.Customer", permission="can_erase", order=80),
    *STAFF_CARDS,
)
