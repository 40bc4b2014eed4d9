"""Drafts: what a person has typed into a form is kept until it is saved or thrown away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, abort, current_app, request
from flask_appbuilder.baseviews import expose
from flask_wtf.csrf import generate_csrf
from sqlalchemy import delete, or_

from app.database import db, put_row, utcnow, write
from app.screens.models import Draft
from app.screens.screen import Page
from app.web.formats import write_datetime
from app.web.permission_check import requires
from app.web.request import actor

_LARGEST = 100_000
_MOST_FIELDS = 300
KEPT_FOR = dt.timedelta(days=30)


class DraftsPage(Page):
    """Drafts of the forms of a screen; each person's own."""

    def _name(self, record: Any | None) -> str:
        """Return the name under which the form for a record, or for a new one, is kept."""
        return f"{self.screen.class_permission_name}:{'new' if record is None else record.id}"

    @expose("/draft/", methods=["GET", "POST"])
    @requires("add")
    def new_draft(self) -> Response:
        """Give, keep or throw away what was typed into the form for a new row."""
        return self._draft(None)

    @expose("/draft/<pk>", methods=["GET", "POST"])
    @requires("edit")
    def draft(self, pk: str) -> Response:
        """Give, keep or throw away what was typed into the form for a row."""
        return self._draft(self.screen.get_or_404(pk))

    def _draft(self, record: Any | None) -> Response:
        key = (actor().user_id, self._name(record))
        if request.method == "GET":
            held = db.session.get(Draft, key)
            return current_app.json.response(
                values=held.values if held else None,
                at=held.updated_at.isoformat() if held else None,
                # In words of the house's zone: the browser's own may be another.
                shown=write_datetime(held.updated_at) if held else None,
                # A page that outlived its session goes on with the token of the next one.
                token=generate_csrf(),
            )
        if "discard" in request.form:
            self.drop(record)
            return Response(status=204)
        if (request.content_length or 0) > _LARGEST:
            abort(413)
        values = {
            name: [text.replace("\x00", "") for text in request.form.getlist(name)]
            for name in list(request.form)[:_MOST_FIELDS] if name != "csrf_token"
        }
        with write(db.session):
            put_row(db.session, Draft, {"user_id": key[0], "form": key[1]},
                    {"values": values, "updated_at": utcnow()})
        return Response(status=204)

    def drop(self, record: Any | None) -> None:
        """Throw away what the form has replaced, and what has been lying about for long."""
        with write(db.session):
            db.session.execute(
                delete(Draft).where(
                    Draft.user_id == actor().user_id,
                    or_(Draft.form == self._name(record),
                        Draft.updated_at < utcnow() - KEPT_FOR),
                ).execution_options(synchronize_session=False)
            )
