"""The chain of signatures of a sheet: who signs now, deputies, and who may read it for that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk.models import Post, PostHolder, Staff
from app.sdk.people import Holder, holders_of, local_today
from app.sdk.services import name_of
from plugins.appraisals.choices import OBJECTED, SIGNING
from plugins.appraisals.rules.chain import APPRAISER, SUBJECT, Place, waiting
from plugins.appraisals.sheets.models import Objection, Reader, Sheet, Signature

_OF_THE_DEPARTMENT = "department_manager"


def signatures_of(session: Session, sheet_id: int) -> list[Signature]:
    """Return the places of a sheet's chain, in order."""
    return list(session.scalars(
        select(Signature).where(Signature.sheet_id == sheet_id).order_by(Signature.place)))


def next_signature(session: Session, sheet: Sheet) -> Signature | None:
    """Return the place that waits for a signature, or ``None``."""
    if sheet.status != SIGNING:
        return None
    rows = signatures_of(session, sheet.id)
    place = waiting([Place(row.part, row.is_over) for row in rows])
    return None if place is None else rows[place]


def waiting_for(session: Session, sheets: Sequence[Sheet], user_id: int) -> list[Sheet]:
    """Return those of several sheets that are being signed at a place where a user may sign now.

    Args:
        session: any session.
        sheets: sheets in the state ``signing``.
        user_id: key of the user.
    """
    parts: dict[int, str] = {}
    for row in session.scalars(
            select(Signature).where(Signature.sheet_id.in_([one.id for one in sheets]),
                                    Signature.signed_at.is_(None),
                                    Signature.passed_at.is_(None)).order_by(Signature.place)):
        parts.setdefault(row.sheet_id, row.part)
    holders: dict[tuple[str, int | None], list[Holder]] = {}
    found = []
    for sheet in sheets:
        part = parts.get(sheet.id)
        if part in (SUBJECT, APPRAISER):
            is_theirs = user_id == (sheet.owner_id if part == SUBJECT else sheet.appraiser_id)
        elif part is None:
            is_theirs = False
        else:
            place = (part, sheet.department_id if part == _OF_THE_DEPARTMENT else None)
            if place not in holders:
                holders[place] = holders_of(session, part, department_id=place[1])
            is_theirs = any(one.user_id == user_id for one in holders[place]
                            if sheet.owner_id not in (one.user_id, one.deputy_for))
        if is_theirs:
            found.append(sheet)
    return found


def acting(session: Session, sheet: Sheet, part: str) -> list[Holder]:
    """Return who may sign at a place today: the person, the appraiser, holders or their deputies.

    Nobody signs the own sheet in another part than the own.

    Args:
        session: any session.
        sheet: the sheet.
        part: ``subject``, ``appraiser`` or the code of a post.
    """
    if part in (SUBJECT, APPRAISER):
        user_id = sheet.owner_id if part == SUBJECT else sheet.appraiser_id
        return [] if user_id is None else [Holder(user_id, name_of(session, user_id))]
    department = sheet.department_id if part == _OF_THE_DEPARTMENT else None
    return [one for one in holders_of(session, part, department_id=department)
            if sheet.owner_id not in (one.user_id, one.deputy_for)]


def held_posts(session: Session, codes: Iterable[str], besides: int | None = None) -> set[str]:
    """Return those of several posts that somebody holds today, present or not.

    Args:
        session: any session.
        codes: codes of posts.
        besides: a user who does not count.
    """
    today = local_today()
    rows = session.scalars(
        select(Post.code).join(PostHolder, PostHolder.post_id == Post.id)
        .join(Staff, Staff.id == PostHolder.staff_id)
        .where(Post.code.in_(list(codes)), PostHolder.deputy_order == 0,
               or_(PostHolder.from_on.is_(None), PostHolder.from_on <= today),
               or_(PostHolder.until_on.is_(None), PostHolder.until_on >= today),
               Staff.user_id != (besides or 0)))
    return set(rows)


def let_read(session: Session, sheet: Sheet, user_ids: Iterable[int]) -> None:
    """Let people read a sheet because a signature is theirs.

    Args:
        session: session with a running write.
        sheet: the sheet.
        user_ids: keys of users.
    """
    known = set(session.scalars(select(Reader.user_id).where(Reader.sheet_id == sheet.id)))
    session.add_all(Reader(sheet_id=sheet.id, user_id=one)
                    for one in sorted(set(user_ids) - known))
    session.flush()


def due_for_reminder(row: Signature, since: dt.date, today: dt.date, days: int) -> bool:
    """Return whether the people of a waiting place are to be reminded.

    Args:
        row: the place.
        since: local day on which it began to wait.
        today: local date.
        days: how long it may wait, and how long after a reminder.
    """
    begun = row.reminded_on or since
    return (today - begun).days >= days


def objections_of(session: Session, sheet_id: int) -> list[Objection]:
    """Return the objections of a sheet, the oldest first."""
    return list(session.scalars(
        select(Objection).where(Objection.sheet_id == sheet_id).order_by(Objection.id)))


def open_objections(session: Session, sheet_id: int) -> list[Objection]:
    """Return the objections of a sheet that nobody has answered yet."""
    return [one for one in objections_of(session, sheet_id) if one.state == OBJECTED]
