"""The page of system health: what an administrator looks at first when something is slow."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from flask import abort, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from sqlalchemy import bindparam, func, select, text
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView, settings
from app.admin.schedules import every_schedule, shown_schedules
from app.database import AnySelect
from app.host.host import current_host
from app.host.services import plugin_rows
from app.jobs.hidden_rows import HELD_FROM
from app.jobs.models import Job, OutboxRow, ScheduleRow, WorkerRow
from app.jobs.schedules import overdue
from app.jobs.services import worker_alive
from app.notices.external_channels import SENDING_JOB, ask_for_test, channels
from app.records.places import unplaced
from app.screens.columns.cells import badge
from app.sdk import N_
from app.sdk.screens import Choice, current_person, requires, zone
from app.sdk.services import db, record_act, utcnow, write
from app.statements import built_once
from app.web.formats import write_ago, write_number, write_size
from app.workflow.candidates import stuck_records

# Below this share of free space, writes may soon fail.
LITTLE_SPACE = 0.1
# An event that has waited this long is stuck.
LATE = dt.timedelta(minutes=5)
DAY = dt.timedelta(days=1)
# After an import there may be a hundred thousand: whether they are so many is all that matters.
_MOST_EVENTS = 1000
_GOOD = Choice("good", N_("Good"), "good", "circle-check")
_WARN = Choice("warn", N_("Look at this"), "warn", "alert-triangle")
_BAD = Choice("bad", N_("Broken"), "bad", "alert-circle")


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, and what was found."""

    label: str
    state: Choice
    text: str
    url: str = ""

    @property
    def badge(self) -> Any:
        """How it is, as markup."""
        return badge(self.state)


def database_size() -> int:
    """Return the size of the database in bytes."""
    if db.engine.dialect.name == "postgresql":
        return int(db.session.scalar(text("SELECT pg_database_size(current_database())")))
    path = Path(db.engine.url.database or "")
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.is_file())


def health_checks(now: dt.datetime) -> list[Check]:
    """Return all checks.

    Args:
        now: the present moment, aware.
    """
    kind = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[db.engine.dialect.name]
    return [
        Check(gettext("Database"), _GOOD, f"{kind}, {write_size(database_size())}"),
        _worker(), _queue(), _outbox(now), _sweep(now), _schedules(now), _disk(), _plugins(),
        _unplaced(), _stuck(),
        *_channels(now),
    ]


def _worker() -> Check:
    seen = db.session.scalar(select(func.max(WorkerRow.seen_at)))
    alive = worker_alive(db.session)
    found = gettext("Last sign of life %(when)s", when=write_ago(seen)) if seen else gettext(
        "No worker is running: jobs wait until one is started.")
    return Check(gettext("Worker"), _GOOD if alive else _BAD, found)


def _queue() -> Check:
    counts = dict(db.session.execute(
        select(Job.state, func.count()).where(Job.state.in_(("queued", "running")))
        .group_by(Job.state)
    ).all())
    found = gettext("%(queued)s waiting, %(running)s running",
                    queued=counts.get("queued", 0), running=counts.get("running", 0))
    return Check(gettext("Queue"), _WARN if counts.get("queued", 0) > 100 else _GOOD, found,
                 "JobsView.index")


def _outbox(now: dt.datetime) -> Check:
    waiting, oldest, given_up = db.session.execute(
        _events(), {"most": _MOST_EVENTS + 1}).one()
    late = oldest is not None and now - oldest > LATE
    found = gettext("%(waiting)s waiting, %(given_up)s given up",
                    waiting=_number_of(waiting), given_up=_number_of(given_up))
    return Check(gettext("Outbox"), _WARN if late or given_up else _GOOD, found)


@built_once
def _events() -> AnySelect:
    """Return the statement of how many events wait, since when, and how many were given up."""
    # Events of an import that has not been revealed do not wait for anybody.
    waiting = (
        select(OutboxRow.created_at).where(OutboxRow.next_try_at < HELD_FROM)
        .order_by(OutboxRow.next_try_at).limit(bindparam("most")).subquery())
    given_up = (
        select(OutboxRow.id).where(OutboxRow.next_try_at.is_(None), OutboxRow.done_at.is_(None))
        .limit(bindparam("most")).subquery())
    return select(func.count(), func.min(waiting.c.created_at),
                  select(func.count()).select_from(given_up).scalar_subquery())


def _number_of(events: int) -> str:
    number = write_number(min(events, _MOST_EVENTS))
    return f"{number}+" if events > _MOST_EVENTS else number


def _sweep(now: dt.datetime) -> Check:
    row = db.session.get(ScheduleRow, "deadlines.sweep")
    if row is None or row.last_finished_at is None:
        return Check(gettext("Deadline sweep"), _BAD, gettext("It has never run."))
    late = now - row.last_finished_at > LATE
    found = row.last_error or gettext("Last run %(when)s", when=write_ago(row.last_finished_at))
    return Check(gettext("Deadline sweep"), _BAD if row.last_error or late else _GOOD, found)


def _schedules(now: dt.datetime) -> Check:
    late = overdue(db.session, every_schedule(), now)
    found = (
        gettext("Overdue: %(names)s", names=", ".join(
            f"{name} ({write_ago(since)})" for name, since in sorted(late.items())))
        if late else gettext("All of them run in time.")
    )
    return Check(gettext("Schedules"), _BAD if late else _GOOD, found, "SystemView.schedules")


def _unplaced() -> Check:
    found = unplaced(db.session)
    text = gettext("These belong to nobody: %(kinds)s", kinds=", ".join(
        f"{gettext(kind.label)} ({kind.count})" for kind in found
    )) if found else gettext("Each of them belongs to somebody.")
    return Check(gettext("Place of records"), _WARN if found else _GOOD, text)


def _stuck() -> Check:
    found = stuck_records(db.session)
    text = gettext("Nobody can take the next step of these: %(kinds)s", kinds=", ".join(
        f"{gettext(one.label)}, {gettext(one.state)} ({one.count})" for one in found
    )) if found else gettext("For each open record there is somebody who can take the next step.")
    return Check(gettext("Decisions"), _BAD if found else _GOOD, text)


def _disk() -> Check:
    usage = shutil.disk_usage(settings().var_dir)
    found = gettext("%(free)s of %(total)s free",
                    free=write_size(usage.free), total=write_size(usage.total))
    little = usage.free < usage.total * LITTLE_SPACE
    return Check(gettext("Disk"), _WARN if little else _GOOD, found)


def _plugins() -> Check:
    rows = plugin_rows(current_host())
    broken = [row["name"] for row in rows if row["state"] == "quarantined"]
    found = (
        gettext("In quarantine: %(names)s", names=", ".join(broken)) if broken
        else ngettext(
            "%(num)s plugin, not in quarantine", "%(num)s plugins, none in quarantine", len(rows)
        )
    )
    return Check(gettext("Plugins"), _BAD if broken else _GOOD, found, "PluginsView.index")


def _channels(now: dt.datetime) -> list[Check]:
    """Nothing where no channel is set up: then nothing can be wrong with one."""
    if not channels():
        return []
    waiting, failed = db.session.execute(select(
        func.count().filter(Job.state == "queued", Job.error.is_not(None)),
        func.count().filter(Job.state == "failed", Job.finished_at > now - DAY),
    ).where(Job.kind == SENDING_JOB)).one()
    found = gettext("%(waiting)s to be tried again, %(failed)s given up since yesterday",
                    waiting=waiting, failed=failed)
    return [Check(gettext("Notices outside"), _WARN if waiting or failed else _GOOD, found,
                  "JobsView.index")]


class SystemView(PageView):
    """System health."""

    route_base = "/system"
    default_view = "index"
    class_permission_name = "core.System"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("System health")
    icon = "heartbeat"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all checks."""
        return self.render_template(
            "admin/system.html", view=self, checks=health_checks(utcnow()),
            channels=channels().values() if self.can("can_edit") else (),
        )

    @expose("/schedules")
    @requires("list")
    def schedules(self) -> str:
        """Show what runs by itself, when it ran last and when it runs next."""
        return self.render_template(
            "admin/schedules.html", view=self, lines=shown_schedules(db.session, utcnow()),
            zone=str(zone()),
        )

    @expose("/channels/<name>/test", methods=["POST"])
    @requires("edit")
    def test(self, name: str) -> BaseResponse:
        """Send a test to oneself by a channel; the job's page tells how it went."""
        person = current_person()
        try:
            with write(db.session):
                job_id = ask_for_test(db.session, person, name)
                record_act(db.session, person, "test", record_type="notices.channel",
                           number=name, changes={"job": job_id})
        except LookupError:
            abort(404)
        return redirect(url_for("JobsView.show", job_id=job_id))
