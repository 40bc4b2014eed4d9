"""Files of a record: adding, showing, downloading. The record's own rights hold for its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, abort, current_app, flash, jsonify, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.audit import record_act
from app.database import db, write
from app.forms.build import translate
from app.records.files import SHOWN_INLINE, FileRefused, FileStore, attach, file_of
from app.records.models import File
from app.screens.records.comments import numbered_record
from app.screens.records.origin import Origin
from app.screens.records.timeline import Timeline
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, is_partial

_CHUNK = 256 * 1024
# Whatever a file holds, it is no page of ours: it runs nothing, fetches nothing, sends nothing.
_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
_PDF = "application/pdf"
_MOST_AT_ONCE = 20


class FilesPage(Page):
    """Upload and download of the files of a record.

    Args:
        screen: the screen.
        timeline: shows the files among what else happened.
        origin: the list that one came from.
    """

    def __init__(self, screen: Screen, timeline: Timeline, origin: Origin) -> None:
        super().__init__(screen)
        self._timeline, self._origin = timeline, origin

    @expose("/files/<pk>", methods=["POST"])
    @requires("comment")
    def add_files(self, pk: str) -> BaseResponse | str:
        """Put the sent files on a record; each one alone is taken or refused with a reason."""
        record = numbered_record(self.screen, pk)
        sent = [file for file in request.files.getlist("files") if file.filename]
        if not sent or len(sent) > _MOST_AT_ONCE:
            abort(400, description=gettext("Choose between 1 and %(most)s files.",
                                           most=_MOST_AT_ONCE))
        store = FileStore(current_app.config["CARELINE_SETTINGS"])
        taken: list[File] = []
        refused: list[str] = []
        for file in sent:
            try:
                taken.append(attach(
                    db.session, actor(), store, record, file.filename or "", file.stream))
            except FileRefused as error:
                refused.append(f"{file.filename}: {translate(error.message)}")
        return self._answer(record, taken, refused)

    def _answer(
        self, record: Any, taken: Sequence[File], refused: Sequence[str]
    ) -> BaseResponse | str:
        """Say what was taken: to a script, to a part of the page, or on the page of the record."""
        names = [file.name for file in taken]
        is_script = request.accept_mimetypes.best == "application/json"
        if (is_partial() or is_script) and not taken:
            abort(422, description="; ".join(refused))
        if is_script:
            return jsonify(files=[{"id": file.id, "name": file.name} for file in taken],
                           refused=refused)
        if is_partial():
            return self.screen.render(
                "screens/records/_timeline.html", record=record, refused=refused, taken=names,
                **self._timeline.values(record),
            )
        for reason in refused:
            flash(reason, "danger")
        if taken:
            flash(
                gettext("Added: %(names)s", names=", ".join(names)) if refused
                else gettext("The files have been added."), "success",
            )
        return redirect(self._origin.page_of(record.id))

    @expose("/files/<pk>/<int:file_id>")
    @requires("show")
    def file(self, pk: str, file_id: int) -> Response:
        """Hand out a file of a record, and note who took it."""
        record = numbered_record(self.screen, pk)
        row = file_of(db.session, record, file_id)
        if row is None:
            abort(404)
        store = FileStore(current_app.config["CARELINE_SETTINGS"])
        try:
            content = store.open(row.key)
        except FileNotFoundError:
            abort(404)
        with write(db.session):
            record_act(
                db.session, actor(), "file_read", record_type=record.__record_type__,
                record_id=record.id, number=record.number, changes={"file": row.id},
            )
        inline = row.media_type in SHOWN_INLINE and "download" not in request.args
        return Response(
            _parts(content), mimetype=row.media_type,
            headers={
                "Content-Disposition": f"{'inline' if inline else 'attachment'}; "
                                       f"filename*=UTF-8''{quote(row.name)}",
                "Content-Length": str(row.size),
                **_shown_as(row.media_type),
            },
        )


def _shown_as(media_type: str) -> dict[str, str]:
    """Return the headers under which a browser may show a file, framed by our own pages alone."""
    # Browsers refuse to show a PDF in a sandbox; with its type fixed it can be nothing else, and
    # their viewers keep it apart from the page.
    policy = _POLICY if media_type == _PDF else f"sandbox; {_POLICY}"
    return {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}


def _parts(content: Any) -> Any:
    with content:
        while chunk := content.read(_CHUNK):
            yield chunk
