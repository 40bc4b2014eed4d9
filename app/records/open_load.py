"""How many open records people work on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.host.host import current_host
from app.records.mixin import is_present


def open_load(
    session: Session, kind: type[Any] | str, user_ids: Collection[int], *, by: str = "owner_id"
) -> dict[int, int]:
    """Return how many open records of a kind each user has, in one statement.

    Args:
        session: any session.
        kind: mapped class of the records, or its record type, e.g. ``complaints.complaint``.
        user_ids: keys of users.
        by: column with the user who works on a record.

    Returns:
        A number for each user, 0 included.

    Raises:
        LookupError: there is no such kind, or its plugin is switched off.
    """
    model = _model_of(kind) if isinstance(kind, str) else kind
    found = dict.fromkeys(user_ids, 0)
    if not found:
        return found
    column = getattr(model, by)
    conditions = [column.in_(list(found)), is_present(model)]
    if hasattr(model, "is_open"):
        conditions.append(model.is_open.is_(True))
    rows = session.execute(
        select(column, func.count()).where(*conditions).group_by(column))
    return found | dict(rows.all())


def _model_of(record_type: str) -> type[Any]:
    kind = current_host().record_type(record_type)
    if kind is None:
        raise LookupError(record_type)
    return kind.model
