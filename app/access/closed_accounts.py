"""Names of people whose accounts are closed."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.versioned_cache import cached_until_change
from app.people.models import Staff


def closed_names(session: Session) -> frozenset[str]:
    """Return what people with closed accounts are called, as labels have it; read once a change.

    A name that somebody with an open account has as well is left out: no mark is better than a
    wrong one.

    Args:
        session: any session.
    """
    return cached_until_change(session, "access.closed_names", lambda: _read(session))


def _read(session: Session) -> frozenset[str]:
    name = func.coalesce(Staff.name, func.trim(User.first_name + " " + User.last_name))
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for is_open, called in session.execute(
        select(User.active, name).outerjoin(Staff, Staff.user_id == User.id)
    ):
        names[bool(is_open)].add(called)
    return frozenset(names[False] - names[True])
