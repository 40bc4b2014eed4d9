"""Who holds a post (岗位), and who acts for an absent holder."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.people.absences import presence_on
from app.people.clock import local_today
from app.people.models import Department, Post, PostHolder, Staff


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Who acts in a post on a day.

    Attributes:
        user_id: the holder, or the deputy of one who is absent.
        name: name among the staff.
        deputy_for: user id of the absent holder; ``None`` for a holder.
    """

    user_id: int
    name: str
    deputy_for: int | None = None


def in_force_on(day: Any) -> ColumnElement[bool]:
    """Return the condition that an appointment is in force on a date."""
    return and_(
        or_(PostHolder.from_on.is_(None), PostHolder.from_on <= day),
        or_(PostHolder.until_on.is_(None), PostHolder.until_on >= day),
    )


def holders_of(
    session: Session, post: str, on: dt.date | None = None, department_id: int | None = None
) -> list[Holder]:
    """Return who acts in a post on a day: its holders, and deputies of those who are absent.

    Absent is who is away for all of the day's open hours. A deputy named for that holder goes
    before one for any holder, then the lowest order; one who is absent too is passed over.

    Args:
        session: any session.
        post: code of the post, e.g. ``department_manager``.
        on: local date; today by default.
        department_id: only the holders of this department or, where it has none, of the nearest
            one above that has any; all departments by default.

    Returns:
        One entry for each holder for whom somebody acts, by name of the holder; closed accounts
        do not count.
    """
    day = on or local_today()
    rows = session.execute(
        select(PostHolder.deputy_order, PostHolder.deputy_for_id, Staff.id.label("staff_id"),
               Staff.user_id, Staff.name, Staff.department_id)
        .join(Post, Post.id == PostHolder.post_id)
        .join(Staff, Staff.id == PostHolder.staff_id)
        .join(User, and_(User.id == Staff.user_id, User.active.is_(True)))
        .where(Post.code == post, in_force_on(day))
        .order_by(PostHolder.deputy_order, Staff.name, Staff.id)
    ).all()
    holders = [row for row in rows if not row.deputy_order]
    if department_id is not None:
        holders = _nearest(session, holders, department_id)
    present = presence_on(session, {row.user_id for row in rows}, day)
    deputies = [row for row in rows if row.deputy_order and present[row.user_id] > 0]
    return [found for row in holders if (found := _acting(row, deputies, present)) is not None]


def _acting(
    holder: Any, deputies: Iterable[Any], present: dict[int, float]
) -> Holder | None:
    if present[holder.user_id] > 0:
        return Holder(holder.user_id, holder.name)
    fitting = [
        row for row in deputies
        if row.deputy_for_id in (None, holder.staff_id) and row.user_id != holder.user_id]
    if not fitting:
        return None
    chosen = min(fitting, key=lambda row: (row.deputy_for_id is None, row.deputy_order))
    return Holder(chosen.user_id, chosen.name, holder.user_id)


def _nearest(session: Session, holders: list[Any], department_id: int) -> list[Any]:
    path = session.scalar(select(Department.path).where(Department.id == department_id)) or ""
    for part in reversed([int(part) for part in path.split("/") if part]):
        found = [row for row in holders if row.department_id == part]
        if found:
            return found
    return []


def posts_of(
    session: Session, user_ids: Collection[int], on: dt.date | None = None
) -> dict[int, list[str]]:
    """Return the codes of the posts that users hold on a day, by user id; deputies do not count.

    Args:
        session: any session.
        user_ids: keys of users.
        on: local date; today by default.
    """
    found: dict[int, list[str]] = {user_id: [] for user_id in user_ids}
    rows = session.execute(
        select(Staff.user_id, Post.code)
        .join(PostHolder, PostHolder.staff_id == Staff.id)
        .join(Post, Post.id == PostHolder.post_id)
        .where(Staff.user_id.in_(list(user_ids)), PostHolder.deputy_order == 0,
               in_force_on(on or local_today()))
        .order_by(Post.position, Post.id).distinct().add_columns(Post.position, Post.id)
    )
    for user_id, code, *_order in rows:
        found[user_id].append(code)
    return found
