"""Who stands in for whom: what an absence with a substitute means.

While a person is away, the substitute leads what that person leads (departments with all below
them, teams), and hears what waits for that person. Rights do not move: who may not approve
approves nothing in another's place. A substitute who is away hands nothing on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.database import utcnow
from app.people.models import Absence, Department, Staff, Team


def is_on(at: dt.datetime) -> ColumnElement[bool]:
    """Return the condition that an absence has begun and not ended at a moment."""
    return and_(Absence.starts_at <= at, Absence.ends_at > at)


def away_until(at: dt.datetime) -> ScalarSelect[dt.datetime | None]:
    """Return until when the member of staff of an outer SELECT is away at a moment."""
    return (
        select(func.max(Absence.ends_at)).where(Absence.staff_id == Staff.id, is_on(at))
        .correlate(Staff).scalar_subquery()
    )


def standing_in(at: dt.datetime) -> Select[tuple[int, int]]:
    """Return a SELECT of the user ids ``absent`` and ``substitute`` of absences at a moment."""
    absent, substitute = aliased(Staff), aliased(Staff)
    return (
        select(absent.user_id.label("absent"), substitute.user_id.label("substitute"))
        .select_from(Absence)
        .join(absent, absent.id == Absence.staff_id)
        .join(substitute, substitute.id == Absence.substitute_id)
        .join(User, and_(User.id == substitute.user_id, User.active.is_(True)))
        .where(is_on(at))
    )


def substitutes_of(
    session: Session, user_ids: Collection[int], at: dt.datetime | None = None
) -> dict[int, int]:
    """Return who stands in for those of several users who are away, by user id.

    Args:
        session: any session.
        user_ids: keys of users.
        at: moment asked about; now by default.
    """
    if not user_ids:
        return {}
    pairs = standing_in(at or utcnow()).subquery()
    rows = session.execute(
        select(pairs.c.absent, pairs.c.substitute)
        .where(pairs.c.absent.in_(list(user_ids))).order_by(pairs.c.substitute)
    )
    return {row.absent: row.substitute for row in rows}


def next_change(session: Session, at: dt.datetime) -> dt.datetime | None:
    """Return when a substitution next begins or ends after a moment, or ``None``."""
    ahead = [
        select(func.min(column)).where(column > at, Absence.substitute_id.is_not(None))
        .scalar_subquery()
        for column in (Absence.starts_at, Absence.ends_at)
    ]
    found = session.execute(select(*ahead)).one()
    return min((moment for moment in found if moment is not None), default=None)


def leads_anything(session: Session, user_id: int) -> bool:
    """Return whether a user is the leader of a department or a team."""
    return any(
        session.scalar(select(model.id).where(model.leader_id == user_id).limit(1)) is not None
        for model in (Department, Team)
    )
