"""Rows that somebody asked for and may not see, in the audit trail with kind and key.

Pages that are refused as such are noted by ``app.access.denials``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import select

from app.access.audit import record_act
from app.access.denials import noted_lately
from app.access.security import current_actor
from app.database import db, write
from app.screens.context import row_scope

_LONGEST_PATH = 200
_MOST = 100


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
    there = set(session.scalars(select(column).where(column.in_(keys))))
    if not there:
        return
    seen = session.scalars(
        select(column).where(column.in_(there), row_scope(model, indexed=False))
    )
    kind = getattr(model, "__record_type__", model.__tablename__)
    for key in there.difference(seen):
        g.setdefault("careline_denied", {})[kind, key] = True


def has_denied_rows() -> bool:
    """Return whether the running request asked for rows that the caller may not see."""
    return bool(g.get("careline_denied"))


def install(app: Flask) -> None:
    """Write the rows that signed-in people were denied into the audit trail after the request.

    Args:
        app: the application.
    """

    @app.after_request
    def write_denials(response: Response) -> Response:
        rows: list[tuple[str, int]] = list(g.get("careline_denied", ()))[:_MOST]
        person = current_actor() if rows else None
        if person is None:
            return response
        db.session.rollback()
        with write(db.session):
            for kind, key in rows:
                if noted_lately(db.session, person, kind, key):
                    continue
                record_act(
                    db.session, person, "denied", record_type=kind, record_id=key,
                    changes={"address": request.path[:_LONGEST_PATH], "method": request.method},
                )
        return response
