"""Taking an import back: what that would do, the deed, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.admin.jobs import shown, visible_job
from app.admin.pages import PageView
from app.jobs.models import Job
from app.jobs.services import worker_alive
from app.records.importing.services import sentence_in
from app.records.importing.withdrawals import (
    CARRY_OUT,
    LOOK,
    NotTakenBack,
    import_of_job,
    may_take_back,
    start_withdrawal,
)
from app.records.importing.withdrawals import (
    KIND as WITHDRAWAL_KIND,
)
from app.sdk import N_
from app.sdk.records import address_of
from app.sdk.screens import current_person, is_partial, page_language, requires
from app.sdk.services import db


class ImportWithdrawalsView(PageView):
    """Imports that are taken back, by whoever has made them."""

    route_base = "/imports/withdrawals"
    default_view = "show"
    class_permission_name = "core.Imports"
    base_permissions = ["can_list"]
    list_title = N_("Imports")
    icon = "arrow-back-up"

    @expose("/of/<int:job_id>", methods=["POST"])
    @requires("list")
    def look(self, job_id: int) -> BaseResponse:
        """Look at what taking the import of a job back would do."""
        return self._start(job_id, LOOK)

    @expose("/<int:job_id>")
    @requires("list")
    def show(self, job_id: int) -> str:
        """Show what it would do, how far it is, or what came of it."""
        [job] = shown([visible_job(job_id)])
        args = self._args(job_id)
        result = dict(job.state.result or {})
        rows = [
            {**row, "url": address_of(row["record_type"], row["record_id"])}
            for row in result.get("rows", ())
        ]
        written = import_of_job(db.session, args["import_job"])
        return self.render_template(
            "admin/import_withdrawal_body.html" if is_partial()
            else "admin/import_withdrawal.html",
            view=self, job=job, args=args, result=result, rows=rows, is_look=args["mode"] == LOOK,
            may_start=job.state.state == "done" and written is not None
            and written.state != "withdrawn" and may_take_back(current_person(), written),
            alive=worker_alive(db.session),
        )

    @expose("/<int:job_id>/carry-out", methods=["POST"])
    @requires("list")
    def carry_out(self, job_id: int) -> BaseResponse:
        """Take back what a look has shown."""
        state, args = visible_job(job_id), self._args(job_id)
        if args["mode"] != LOOK or state.state != "done":
            abort(409, description=gettext("Look first at what it does."))
        # However often the button is pressed, it is done once.
        return self._start(args["import_job"], CARRY_OUT, key=f"withdrawal:{job_id}")

    def _start(self, job_id: int, mode: str, key: str | None = None) -> BaseResponse:
        visible_job(job_id)
        written = import_of_job(db.session, job_id)
        if written is None:
            abort(404)
        if not may_take_back(current_person(), written):
            abort(403)
        try:
            job = start_withdrawal(
                db.session, current_person(), written, mode=mode, locale=page_language(), key=key)
        except NotTakenBack as error:
            flash(sentence_in(page_language())(error.message), "warning")
            return redirect(url_for("ImportsView.run", job_id=job_id))
        return redirect(self.url("show", job_id=job.id))

    @staticmethod
    def _args(job_id: int) -> dict[str, Any]:
        job = db.session.get(Job, job_id)
        if job is None or job.kind != WITHDRAWAL_KIND:
            abort(404)
        return dict(job.args)
