"""The screen of jobs: one's own, and everybody's for those who look after them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from flask import Response, abort, current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView, settings
from app.jobs.runner import EXTENSION as RUNTIME
from app.jobs.services import (
    CANCEL_PERMISSION,
    JobState,
    cancel,
    job_state,
    recent_jobs,
    result_path,
    worker_alive,
)
from app.people.models import Staff
from app.screens.columns.cells import badge
from app.sdk import N_
from app.sdk.screens import Choice, current_person, is_partial, requires, safe_next
from app.sdk.services import db, record_act, write

MOST_SHOWN = 100
TRAY_MOST = 8
STATES = (
    Choice("queued", N_("Waiting"), "still", "hourglass"),
    Choice("running", N_("Running"), "calm", "progress"),
    Choice("done", N_("Done"), "good", "circle-check"),
    Choice("failed", N_("Failed"), "bad", "alert-circle"),
    Choice("cancelled", N_("Cancelled"), "still", "circle-minus"),
)
# Kinds of job that have a page of their own.
PAGES = {
    "records.import": "ImportsView.run",
    "records.import_withdrawal": "ImportWithdrawalsView.show",
}
_BY_VALUE = {choice.value: choice for choice in STATES}


@dataclasses.dataclass(frozen=True, slots=True)
class ShownJob:
    """A job with its texts in the language of the page.

    Attributes:
        state: the job.
        title: what it does.
        badge: how it stands.
        error: why it failed, or an empty text.
        asker: name of the person who asked for it; empty for the system.
    """

    state: JobState
    title: str
    badge: Markup
    error: str
    asker: str

    @property
    def url(self) -> str:
        """Address of the job's page."""
        return url_for(PAGES.get(self.state.kind, "JobsView.show"), job_id=self.state.id)

    @property
    def has_file(self) -> bool:
        """Whether it left a file that the caller can download."""
        return bool(self.state.result_file) and self.state.is_finished and may_take(self.state)


def shown(states: Iterable[JobState]) -> list[ShownJob]:
    """Return jobs ready to be drawn; names are read in one statement."""
    states = list(states)
    users = {state.actor_user_id for state in states if state.actor_user_id is not None}
    names: dict[int, str] = {}
    if users:
        rows = db.session.execute(
            select(Staff.user_id, Staff.name).where(Staff.user_id.in_(users))
        )
        names = {user_id: name for user_id, name in rows}
    return [
        ShownJob(
            state, gettext(state.title, **state.title_values), badge(_BY_VALUE[state.state]),
            gettext(state.error, **state.error_values) if state.error else "",
            names.get(state.actor_user_id or 0, ""),
        )
        for state in states
    ]


def oversees() -> bool:
    """Return whether the caller may see and cancel everybody's jobs."""
    return current_person().can(*CANCEL_PERMISSION)


def may_take(state: JobState) -> bool:
    """Return whether the caller, who sees a job, is given the file that it left."""
    kind = current_app.extensions[RUNTIME].kinds.get(state.kind)
    if kind is None or kind.file_needs is None:
        return True
    person = current_person()
    return state.actor_user_id == person.user_id and person.can(*kind.file_needs)


def visible_job(job_id: int) -> JobState:
    """Return a job that the caller asked for or may oversee.

    Raises:
        NotFound: there is none.
    """
    state = job_state(db.session, job_id)
    if state is None or not (
        state.actor_user_id == current_person().user_id or oversees()
    ):
        abort(404)
    return state


class JobsView(PageView):
    """Long work: how far it is, what it left, and stopping it.

    ``can_list`` shows one's own jobs, ``can_cancel`` everybody's.
    """

    route_base = "/jobs"
    default_view = "index"
    class_permission_name = "core.Jobs"
    base_permissions = ["can_list", "can_cancel"]
    list_title = N_("Jobs")
    icon = "clock-play"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show the newest jobs."""
        state = request.args.get("state", "")
        if state and state not in _BY_VALUE:
            abort(400)
        everybody = oversees() and "own" not in request.args
        # Notices that were sent would push everything else off the page.
        quiet = () if state else [
            kind.name for kind in current_app.extensions[RUNTIME].kinds.values() if kind.is_quiet]
        found = recent_jobs(
            db.session, states=[state] if state else (), quiet=quiet, limit=MOST_SHOWN,
            actor_user_id=None if everybody else current_person().user_id,
        )
        return self.render_template(
            "admin/jobs_body.html" if is_partial() else "admin/jobs.html",
            view=self, jobs=shown(found), states=STATES, chosen=state, everybody=everybody,
            oversees=oversees(), alive=worker_alive(db.session), most=MOST_SHOWN,
            active=any(not one.is_finished for one in found),
        )

    @expose("/tray")
    @requires("list")
    def tray(self) -> str:
        """Show one's own newest jobs, for the panel of the header."""
        found = recent_jobs(
            db.session, limit=TRAY_MOST, actor_user_id=current_person().user_id
        )
        return self.render_template(
            "admin/job_tray.html", view=self, jobs=shown(found),
            active=any(not one.is_finished for one in found), alive=worker_alive(db.session),
        )

    @expose("/<int:job_id>")
    @requires("list")
    def show(self, job_id: int) -> str:
        """Show one job; the part that htmx asks for is its progress."""
        [job] = shown([visible_job(job_id)])
        return self.render_template(
            "admin/job_body.html" if is_partial() else "admin/job.html", view=self, job=job,
            alive=worker_alive(db.session),
        )

    @expose("/<int:job_id>/cancel", methods=["POST"])
    @requires("list")
    def cancel(self, job_id: int) -> BaseResponse:
        """Ask a job to stop."""
        visible_job(job_id)
        state = cancel(db.session, current_person(), job_id)
        flash(
            gettext("The job has ended already.") if state.state in ("done", "failed")
            else gettext("The job is being stopped."), "info",
        )
        return redirect(safe_next(request.form.get("next"), self.url("show", job_id=job_id)))

    @expose("/<int:job_id>/file")
    @requires("list")
    def file(self, job_id: int) -> Response:
        """Hand out the file that a job left, and note who took it."""
        state = visible_job(job_id)
        path = result_path(settings().var_dir / "results", state)
        if path is None or not state.is_finished or not may_take(state) or not path.is_file():
            abort(404, description=gettext("The file is not there any more."))
        with write(db.session):
            record_act(
                db.session, current_person(), "download", record_type="jobs.job",
                record_id=state.id, changes={"file": state.result_file, "kind": state.kind},
            )
        response = send_file(path.resolve(), as_attachment=True, download_name=state.result_file)
        # Whatever it holds, it is no page of ours.
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return current_app.make_response(response)
