"""Who stands in for whom: what an absence with a substitute means.

While a person is away, the substitute leads what that person leads (departments with all below
them, teams), and hears what waits for that person. Rights do not move: who may not approve
approves nothing in another's place. A substitute who is away hands nothing on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.database import AnySelect, UTCDateTime, utcnow
from app.people.models import Absence, Department, Staff, Team
from app.statements import built_once


def is_away_on(
    at: dt.datetime | BindParameter[dt.datetime], absence: Any = Absence
) -> ColumnElement[bool]:
    """Return the condition that an absence, or an alias of it, is on at a moment."""
    return and_(absence.starts_at <= at, absence.ends_at > at)


def away_until(at: dt.datetime) -> ScalarSelect[dt.datetime]:
    """Return until when the member of staff of an outer SELECT is away at a moment, or NULL."""
    return (
        select(func.max(Absence.ends_at)).where(Absence.staff_id == Staff.id, is_away_on(at))
        .correlate(Staff).scalar_subquery()
    )


def standing_in(at: dt.datetime | BindParameter[dt.datetime]) -> Select[int, int]:
    """Return a SELECT of the user ids ``absent`` and ``substitute`` of absences at a moment."""
    absent, substitute = aliased(Staff), aliased(Staff)
    return (
        select(absent.user_id.label("absent"), substitute.user_id.label("substitute"))
        .select_from(Absence)
        .join(absent, absent.id == Absence.staff_id)
        .join(substitute, substitute.id == Absence.substitute_id)
        .join(User, and_(User.id == substitute.user_id, User.active.is_(True)))
        .where(is_away_on(at))
    )


@built_once
def _substitutes() -> AnySelect:
    pairs = standing_in(bindparam("at", type_=UTCDateTime())).subquery()
    return (
        select(pairs.c.absent, pairs.c.substitute)
        .where(pairs.c.absent.in_(bindparam("users", expanding=True)))
        .order_by(pairs.c.absent, pairs.c.substitute).distinct()
    )


def substitutes_of(
    session: Session, user_ids: Collection[int], at: dt.datetime | None = None
) -> dict[int, list[int]]:
    """Return who stands in for those of several users who are away, by user id.

    Absences may overlap, and everybody whom they name stands in.

    Args:
        session: any session.
        user_ids: keys of users.
        at: moment asked about; now by default.
    """
    if not user_ids:
        return {}
    rows = session.execute(_substitutes(), {"at": at or utcnow(), "users": list(user_ids)})
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.absent, []).append(row.substitute)
    return found


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


def substitute_ahead(session: Session, user_id: int, at: dt.datetime) -> str:
    """Return the name of a substitute in an absence of a user that is not over, or an empty text.

    Args:
        session: any session.
        user_id: key of the user who is or will be away.
        at: moment asked about.
    """
    absent, substitute = aliased(Staff), aliased(Staff)
    return session.scalar(
        select(substitute.name).select_from(Absence)
        .join(absent, absent.id == Absence.staff_id)
        .join(substitute, substitute.id == Absence.substitute_id)
        .where(absent.user_id == user_id, Absence.ends_at > at)
        .order_by(Absence.starts_at, Absence.id).limit(1)
    ) or ""


def is_named_in_absence(session: Session, staff_id: int, at: dt.datetime) -> bool:
    """Return whether a member of staff is stood in for, or stands in, in an absence not over."""
    return session.scalar(
        select(Absence.id).where(
            Absence.substitute_id.is_not(None), Absence.ends_at > at,
            or_(Absence.staff_id == staff_id, Absence.substitute_id == staff_id),
        ).limit(1)
    ) is not None
