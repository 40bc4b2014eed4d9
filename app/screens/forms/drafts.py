"""Drafts: what a person has typed into a form is kept until it is saved or thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, jsonify, request
from flask_appbuilder.baseviews import expose
from flask_wtf.csrf import generate_csrf
from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from app.database import db, put_row, utcnow, write
from app.screens.models import Draft
from app.screens.screen import Page
from app.web.formats import write_datetime
from app.web.permission_check import requires
from app.web.request import actor

_LARGEST = 100_000
_MOST_FIELDS = 300
KEPT_FOR = dt.timedelta(days=30)


def draft_values(session: Session, user_id: int, form: str) -> dict[str, Any]:
    """Return what a person has typed into a form and not saved yet; empty without a draft.

    Args:
        session: any session.
        user_id: key of the person.
        form: name of the form, at most 120 characters, e.g. ``callbacks.Task:call:7``.
    """
    held = session.get(Draft, (user_id, form))
    return dict(held.values) if held is not None else {}


def save_draft(session: Session, user_id: int, form: str, values: Mapping[str, Any]) -> None:
    """Save what a person has typed into a form, encrypted; it takes the place of the earlier draft.

    Args:
        session: session without unsaved changes, or within a write.
            user_id, form: see ``draft_values``.
        user_id: whose draft.
        form: address of the form.
        values: plain values by name.
    """
    with write(session):
        put_row(session, Draft, {"user_id": user_id, "form": form},
                {"values": dict(values), "updated_at": utcnow()})
        _forget(session, user_id, form)


def drop_draft(session: Session, user_id: int, form: str) -> None:
    """Throw away what a form has replaced, and what of that person's is older than 30 days.

    Args:
        session: session without unsaved changes, or within a write.
            user_id, form: see ``draft_values``.
        user_id: whose draft.
        form: address of the form.
    """
    with write(session):
        session.execute(
            delete(Draft).where(
                Draft.user_id == user_id,
                or_(Draft.form == form, Draft.updated_at < utcnow() - KEPT_FOR),
            ).execution_options(synchronize_session=False)
        )
        _forget(session, user_id, form)


def _forget(session: Session, user_id: int, form: str) -> None:
    """Let the session read a draft anew that was written past its objects."""
    held = session.identity_map.get(session.identity_key(Draft, (user_id, form)))
    if held is not None:
        session.expunge(held)


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
        key = (actor().person_id, self._name(record))
        if request.method == "GET":
            held = db.session.get(Draft, key)
            return jsonify(
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
        save_draft(db.session, *key, values)
        return Response(status=204)

    def drop(self, record: Any | None) -> None:
        """Throw away what the form has replaced, and what has been lying about for long."""
        drop_draft(db.session, actor().person_id, self._name(record))
