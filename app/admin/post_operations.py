"""Operations on posts' holders and attendance facts, and the posts of a member of staff."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.i18n import N_, Message
from app.jobs.hidden_rows import own_mark
from app.people.attendance_kinds import DAY, ENTERED, IMPORTED, IN_DAYS, MONTH
from app.people.clock import local_today
from app.people.models import AttendanceFact, PostHolder, Staff
from app.people.posts import in_force_on
from app.records.operations import Operations, operations_of

_ONE_DAY = dt.timedelta(days=1)
_LONGEST_MONTH = 31


class PostHolderOperations(Operations):
    """Operations on appointments to a post."""

    def validate(
        self, session: Session, actor: Actor, record: PostHolder | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse times that end before they begin, deputies of nobody, and the same twice."""
        names = ("post_id", "staff_id", "from_on", "until_on", "deputy_order", "deputy_for_id")
        wanted = {name: values.get(name, getattr(record, name, None)) for name in names}
        first, last = wanted["from_on"], wanted["until_on"]
        if first and last and last < first:
            return {"until_on": Message(N_("The last day must not lie before the first."))}
        order, deputy_for = wanted["deputy_order"] or 0, wanted["deputy_for_id"]
        if order < 0:
            return {"deputy_order": Message(N_("Enter 0 for a holder, 1 or more for a deputy."))}
        if deputy_for is not None and not order:
            return {"deputy_order": Message(N_(
                "Who deputises for somebody needs an order of 1 or more."))}
        if deputy_for is not None and deputy_for == wanted["staff_id"]:
            return {"deputy_for_id": Message(N_("Nobody deputises for themselves."))}
        if _is_taken(session, record, wanted):
            return {"staff_id": Message(N_(
                "This person holds or deputises in this post at that time already."))}
        return {}


def _is_taken(
    session: Session, record: PostHolder | None, wanted: Mapping[str, Any]
) -> bool:
    conditions = [
        PostHolder.post_id == wanted["post_id"], PostHolder.staff_id == wanted["staff_id"],
        (PostHolder.deputy_order > 0) if wanted["deputy_order"] else PostHolder.deputy_order == 0,
        PostHolder.deputy_for_id == wanted["deputy_for_id"]
        if wanted["deputy_for_id"] else PostHolder.deputy_for_id.is_(None),
    ]
    if record is not None:
        conditions.append(PostHolder.id != record.id)
    if wanted["until_on"]:
        conditions.append(
            or_(PostHolder.from_on.is_(None), PostHolder.from_on <= wanted["until_on"]))
    if wanted["from_on"]:
        conditions.append(
            or_(PostHolder.until_on.is_(None), PostHolder.until_on >= wanted["from_on"]))
    return session.scalar(select(PostHolder.id).where(*conditions).limit(1)) is not None


def hold_posts(
    session: Session, actor: Actor, staff: Staff, post_ids: Collection[int]
) -> None:
    """Let a member of staff hold these posts from today on, and no others.

    An appointment that ends keeps its row with yesterday as its last day; one that began today is
    deleted. Deputies stay.

    Args:
        session: session with a running write.
        actor: who acts.
        staff: the member of staff.
        post_ids: keys of the posts.
    """
    today, operations = local_today(), operations_of(PostHolder)
    held = session.scalars(
        select(PostHolder).where(
            PostHolder.staff_id == staff.id, PostHolder.deputy_order == 0, in_force_on(today))
    ).all()
    for holder in held:
        if holder.post_id in post_ids:
            continue
        if holder.from_on == today:
            operations.delete(session, actor, holder)
        else:
            operations.change(session, actor, holder, {"until_on": today - _ONE_DAY})
    known = {holder.post_id for holder in held}
    for post_id in dict.fromkeys(post_ids):
        if post_id not in known:
            operations.create(
                session, actor, {"post_id": post_id, "staff_id": staff.id, "from_on": today})
    session.expire(staff, ["posts"])


class AttendanceOperations(Operations):
    """Operations on attendance facts."""

    protected = frozenset({"id", "source"})

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Note where the fact comes from; a fact of a month stands on its first day."""
        ready = {**values, "source": ENTERED if own_mark() is None else IMPORTED}
        if ready.get("period") == MONTH and ready.get("day"):
            ready["day"] = ready["day"].replace(day=1)
        return ready

    def validate(
        self, session: Session, actor: Actor, record: AttendanceFact | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse amounts that a day or a month cannot hold, and a month that begins within."""
        names = ("day", "period", "kind", "amount")
        wanted = {name: values.get(name, getattr(record, name, None)) for name in names}
        amount = decimal.Decimal(1 if wanted["amount"] is None else wanted["amount"])
        period = wanted["period"] or DAY
        if record is not None and period == MONTH and wanted["day"].day != 1:
            return {"day": Message(N_("A fact of a month stands on its first day."))}
        if amount <= 0:
            return {"amount": Message(N_("The amount must be more than 0."))}
        if wanted["kind"] not in IN_DAYS:
            whole = amount == amount.to_integral_value()
            return {} if whole else {"amount": Message(N_("This kind is counted in whole times."))}
        most = _LONGEST_MONTH if period == MONTH else 1
        if amount > most:
            return {"amount": Message(N_("At most %(most)s days."), {"most": most})}
        return {}
