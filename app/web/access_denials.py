"""Refusals of signed-in people, noted in the audit trail once the answer is made.

A row that is hidden from the caller is noted with kind and key; any other refusal by its address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import false, func, not_, select
from sqlalchemy.exc import SQLAlchemyError

from app.access.deferred_notes import DENIED, note_or_defer
from app.access.security import current_actor, remote_address
from app.database import db
from app.web.request import row_scope

# A 404 counts where the address names a record: one that belongs to others looks like one that is
# not there, to the caller; the trail tells who went looking.
_RECORD_KEYS = frozenset({"pk", "file_id", "notice_id"})
_LONGEST_PATH = 200
_MOST = 100
log = logging.getLogger(__name__)


def note_hidden(session: Any, model: type[Any], column: Any, keys: Sequence[int]) -> None:
    """Note which of the rows that the running request asked for are hidden from the caller.

    Args:
        session: any session.
        model: mapped class.
        column: attribute of its primary key.
        keys: keys of rows that were not given to the caller; there may be none of some of them.
    """
    if not has_request_context():
        return
    seen = func.coalesce(row_scope(model, indexed=False), false())
    kind = getattr(model, "__record_type__", model.__tablename__)
    for key in session.scalars(select(column).where(column.in_(keys), not_(seen))):
        g.setdefault("careline_denied", {})[kind, key] = True


def _note(response: Response) -> Response:
    rows: list[tuple[str, int]] = list(g.get("careline_denied", ()))[:_MOST]
    refused = rows or response.status_code == 403 or (
        response.status_code == 404 and set(request.view_args or ()) & _RECORD_KEYS
    )
    person = current_actor() if refused else None
    if person is None:
        return response
    asked = {"asked": request.method, "address": request.path[:_LONGEST_PATH],
             "status": response.status_code}
    mark = hashlib.sha256(f"{request.method} {request.path}".encode()).hexdigest()[:40]
    targets = [{"record_type": kind, "record_id": key} for kind, key in rows] or [{"mark": mark}]
    try:
        db.session.rollback()
        note_or_defer(
            db.session, current_app.config["CARELINE_SETTINGS"].var_dir, DENIED,
            {"user_id": person.user_id, "user_name": person.name, "address": remote_address(),
             "asked": asked, "targets": targets},
        )
    except SQLAlchemyError:
        # The answer is a refusal either way.
        db.session.rollback()
        log.exception("a denial could not be noted")
    return response


def install(app: Flask) -> None:
    """Note refusals after each request.

    Args:
        app: the application.
    """
    app.after_request(_note)
