"""The import screen: a file, its columns, a check, and then all rows or the good ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.admin.import_columns import Columns, file_name
from app.admin.import_template import template_workbook
from app.admin.jobs import shown, visible_job
from app.admin.pages import UNPROCESSABLE, PageView, settings
from app.jobs.models import Job
from app.jobs.services import recent_jobs, worker_alive
from app.records.importing.dates import NOT_CLEAR, ORDERS
from app.records.importing.fields import ADD
from app.records.importing.files import ENCODINGS
from app.records.importing.reading import Reading
from app.records.importing.services import (
    KIND,
    Preview,
    delete_mapping,
    preview,
    save_mapping,
    saved_mappings,
    sentence_in,
    start_import,
    upload_folder,
)
from app.records.importing.uploads import store, stored_path
from app.records.importing.withdrawals import import_of_job, may_take_back
from app.sdk import N_
from app.sdk.importing import (
    ALL,
    CHECK,
    GOOD,
    SKIP,
    UPDATE,
    BadMapping,
    Importer,
    UnreadableFile,
    importers,
)
from app.sdk.screens import (
    Choice,
    csv_parts,
    current_person,
    is_partial,
    page_language,
    requires,
    translated,
)
from app.sdk.services import db
from app.sdk.workflow import Message

RECENT = 10
# What becomes of a value that is in no list yet; anything else is what it is taken for.
LEAVE_OUT = "-"
# More new values of a field than anybody decides about one by one: the wrong column fills it.
MOST_UNKNOWN = 50
ON_EXISTING = (
    Choice(SKIP, N_("Leave them as they are")),
    Choice(UPDATE, N_("Bring them up to date")),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _allowed(importer: Importer) -> bool:
    return current_person().can(importer.permission, importer.view)


class ImportsView(PageView):
    """Importers of the core and of plugins, for those who hold the right that each one names."""

    route_base = "/imports"
    default_view = "index"
    class_permission_name = "core.Imports"
    base_permissions = ["can_list"]
    list_title = N_("Imports")
    icon = "file-import"

    # --- choosing ----------------------------------------------------------------------------
    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show what can be imported, and one's latest imports."""
        found = recent_jobs(db.session, actor_user_id=current_person().user_id, limit=200)
        return self.render_template(
            "admin/imports.html", view=self,
            importers=[one for one in importers().values() if _allowed(one)],
            jobs=shown([job for job in found if job.kind == KIND][:RECENT]),
        )

    @expose("/<name>/template/<kind>")
    @requires("list")
    def template(self, name: str, kind: str) -> Response:
        """Give an empty table whose header is recognised, in the language of the page.

        The workbook offers choices in its cells and has a second sheet with explanations.
        """
        importer = self._importer(name)
        if kind not in ("csv", "xlsx"):
            abort(404)
        if kind == "xlsx":
            response = Response(template_workbook(importer), mimetype=_XLSX)
        else:
            header = [translated(field.label) for field in importer.fields]
            response = Response(
                b"".join(csv_parts(header, ())), mimetype="text/csv; charset=utf-8"
            )
        stem = importer.name.replace(".", "-")
        response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
        return response

    # --- the file ----------------------------------------------------------------------------
    @expose("/<name>/", methods=["GET", "POST"])
    @requires("list")
    def upload(self, name: str) -> BaseResponse | str | tuple[str, int]:
        """Ask for the file, or take it and go on to its columns."""
        importer = self._importer(name)
        problem = ""
        if request.method == "POST":
            try:
                token, called = self._take(importer)
                return redirect(self.url("columns", name=name, token=token, file=called))
            except UnreadableFile as error:
                problem = self._sentence(error.message)
        page = self.render_template(
            "admin/import_upload.html", view=self, importer=importer, problem=problem,
            saved=self._deletable(importer), most=settings().upload_megabytes,
        )
        return (page, UNPROCESSABLE) if problem else page

    def _take(self, importer: Importer) -> tuple[str, str]:
        """Keep the uploaded file, if it is a table, and return its token and name."""
        file = request.files.get("files")
        if file is None or not file.filename:
            raise UnreadableFile(N_("Choose a file first."))
        folder = upload_folder(settings())
        token = store(folder, file.stream, settings().upload_megabytes)
        try:
            preview(stored_path(folder, token), importer, page_language())
        except UnreadableFile:
            stored_path(folder, token).unlink()
            raise
        return token, file_name(file.filename)

    # --- the columns -------------------------------------------------------------------------
    @expose("/<name>/file/<token>", methods=["GET", "POST"])
    @requires("list")
    def columns(self, name: str, token: str) -> BaseResponse | str | tuple[str, int]:
        """Ask which column fills which field, or start the check."""
        importer = self._importer(name)
        chosen = Columns.of(importer, token)
        try:
            look = chosen.look()
        except UnreadableFile as error:
            flash(self._sentence(error.message), "danger")
            if chosen.reading != Reading():
                # What was chosen does not fit; what is detected did.
                return redirect(self.url("columns", name=name, token=token, file=chosen.file))
            return redirect(self.url("upload", name=name))
        problems: Sequence[str] = ()
        if request.method == "POST" and not chosen.is_applied:
            try:
                return redirect(self.url("run", job_id=self._check(importer, chosen, look)))
            except BadMapping as error:
                problems = [self._sentence(message) for message in error.messages]
        page = self.render_template(
            "admin/import_columns.html", view=self, importer=importer, token=token, look=look,
            chosen=chosen, problems=problems, on_existing=ON_EXISTING, encodings=ENCODINGS,
            orders=ORDERS, examples=chosen.examples(look),
        )
        return (page, UNPROCESSABLE) if problems else page

    def _check(self, importer: Importer, chosen: Columns, look: Preview) -> int:
        """Start the dry run; keep the mapping where a name for it is given."""
        on_existing = request.form.get("on_existing", SKIP)
        if on_existing not in (UPDATE, SKIP):
            abort(400)
        mapping = {field: column for field, column in (chosen.mapping or {}).items() if column}
        if look.has_dates and not look.date_order:
            raise BadMapping([Message(NOT_CLEAR)])
        name = request.form.get("save_as", "").strip()
        if name:
            save_mapping(
                db.session, current_person(), importer, name, mapping, chosen.remembered())
        job = start_import(
            db.session, current_person(), importer, upload_folder(settings()), chosen.token,
            file_name=chosen.file, mapping=mapping, mode=CHECK,
            on_existing=on_existing, reading=chosen.reading, locale=page_language(),
        )
        return job.id

    @expose("/<name>/mappings/delete", methods=["POST"])
    @requires("list")
    def forget(self, name: str) -> BaseResponse:
        """Delete a saved mapping."""
        importer = self._importer(name)
        delete_mapping(db.session, current_person(), importer, request.form.get("mapping", ""))
        flash(gettext("The mapping is deleted."), "success")
        return redirect(self.url("upload", name=name))

    # --- the run -----------------------------------------------------------------------------
    @expose("/runs/<int:job_id>")
    @requires("list")
    def run(self, job_id: int) -> str:
        """Show how far a check or an import is, and what it found."""
        [job] = shown([visible_job(job_id)])
        args = self._args(job_id)
        importer = importers().get(args["importer"])
        mine = job.state.actor_user_id == current_person().user_id
        written = import_of_job(db.session, job_id)
        return self.render_template(
            "admin/import_run_body.html" if is_partial() else "admin/import_run.html",
            view=self, job=job, args=args, importer=importer, report=job.state.result or {},
            may_start=mine and importer is not None and _allowed(importer),
            unknown=self._unknown(importer, job.state.result or {}), add=ADD, leave_out=LEAVE_OUT,
            most_unknown=MOST_UNKNOWN,
            alive=worker_alive(db.session), written=written,
            may_take_back=written is not None and may_take_back(current_person(), written),
        )

    @expose("/runs/<int:job_id>/start", methods=["POST"])
    @requires("list")
    def start(self, job_id: int) -> BaseResponse:
        """Read in what a check has looked at: all rows or none, or the good ones."""
        mode = request.form.get("mode", "")
        if mode not in (ALL, GOOD):
            abort(400)
        state, args = visible_job(job_id), self._args(job_id)
        if state.actor_user_id != current_person().user_id:
            abort(403)
        if args["mode"] != CHECK or state.state != "done":
            abort(409, description=gettext("Only a file that has been checked can be imported."))
        importer = self._importer(args["importer"])
        decisions = self._decisions(importer, state.result or {})
        if decisions is None:
            flash(gettext("Say first what the new values are to become."), "warning")
            return redirect(self.url("run", job_id=job_id))
        try:
            job = start_import(
                db.session, current_person(), importer, upload_folder(settings()), args["token"],
                file_name=args["file_name"], mapping=args["mapping"], mode=mode,
                on_existing=args["on_existing"], reading=Reading.of(args), decisions=decisions,
                # However often the button is pressed, what was checked is read in once.
                locale=page_language(), key=f"{job_id}:{mode}",
            )
        except UnreadableFile as error:
            flash(self._sentence(error.message), "danger")
            return redirect(self.url("upload", name=importer.name))
        return redirect(self.url("run", job_id=job.id))

    @staticmethod
    def _unknown(importer: Importer | None, report: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the values that are in no list yet, with what each can be taken for."""
        if importer is None or importer.targets is None:
            return []
        labels = {field.name: field.label for field in importer.fields}
        return [
            # Not every database keeps the order of what is stored.
            {"field": name, "label": labels[name],
             "values": sorted(values.items(), key=lambda pair: (-pair[1], pair[0])),
             "targets": importer.targets(db.session, name),
             "may_add": importer.adds is not None and importer.adds(current_person(), name)}
            for name, values in (report.get("unknown") or {}).items()
        ]

    def _decisions(
        self, importer: Importer, report: Mapping[str, Any]
    ) -> dict[str, dict[str, str | None]] | None:
        """Return what the person wants of values that are in no list, or ``None`` if not said."""
        decisions: dict[str, dict[str, str | None]] = {}
        for place, group in enumerate(self._unknown(importer, report)):
            known = {LEAVE_OUT, *(value for value, _ in group["targets"])}
            known |= {ADD} if group["may_add"] else set()
            for number, (value, _) in enumerate(group["values"]):
                said = request.form.get(f"value-{place}-{number}", "")
                if said not in known:
                    return None
                taken = None if said == LEAVE_OUT else said
                decisions.setdefault(group["field"], {})[value] = taken
        return decisions

    # --- small parts -------------------------------------------------------------------------
    @staticmethod
    def _importer(name: str) -> Importer:
        """Return an importer that the caller may use."""
        importer = importers().get(name)
        if importer is None:
            abort(404)
        if not _allowed(importer):
            abort(403)
        return importer

    @staticmethod
    def _args(job_id: int) -> dict[str, Any]:
        """Return what an import job was asked to do."""
        job = db.session.get(Job, job_id)
        if job is None or job.kind != KIND:
            abort(404)
        return dict(job.args)

    @staticmethod
    def _deletable(importer: Importer) -> list[str]:
        return [name for name in saved_mappings(db.session, importer)
                if name not in importer.mappings]

    @staticmethod
    def _sentence(message: Any) -> str:
        return sentence_in(page_language())(message)
