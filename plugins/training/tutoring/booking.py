"""Tutoring that events of other plugins book.

Events are listened to by name: the plugin that sends them may be absent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk.models import Staff, Team
from app.sdk.people import local_today, profiles
from app.sdk.records import create, get, link
from app.sdk.services import SYSTEM, is_present
from plugins.training.choices import APPRAISAL_EXCELLENT, APPRAISAL_FAILED
from plugins.training.history.models import Tutoring
from plugins.training.tutoring.models import TutoringRule

RELEASED = "appraisals.released"
EXCELLENT = "excellent"
_REASONS = {APPRAISAL_FAILED: "appraisal", APPRAISAL_EXCELLENT: "promising"}


def occasion_of(event: str, data: Mapping[str, Any]) -> str:
    """Return the occasion that an event is, or an empty text.

    Args:
        event: name of the event.
        data: what came with it.
    """
    if event != RELEASED:
        return ""
    if data.get("failed") is True:
        return APPRAISAL_FAILED
    return APPRAISAL_EXCELLENT if data.get("grade") == EXCELLENT else ""


def book_after_event(session: Session, payload: Mapping[str, Any]) -> list[Tutoring]:
    """Book the tutoring that follows an event; nothing for an event of another kind.

    An event books once for each rule, however often it is delivered or sent again for the same
    record, and nobody gets a second tutoring of a rule while the first is under way.

    Args:
        session: session with a running write.
        payload: of ``on_event``.

    Returns:
        What was booked.
    """
    data = payload["data"]
    occasion = occasion_of(payload["event"], data)
    if not occasion:
        return []
    people = profiles(session, user_ids=[data.get("user_id") or 0])
    if not people:
        # The account has been closed meanwhile.
        return []
    rules = session.scalars(select(TutoringRule).where(
        TutoringRule.occasion == occasion, TutoringRule.active.is_(True),
        TutoringRule.cycle.in_(("", str(data.get("kind") or ""))), is_present(TutoringRule),
    ).order_by(TutoringRule.id)).all()
    return [_book(session, payload, rule, people[0].user_id) for rule in rules
            if not _is_booked(session, payload, rule, people[0].user_id)]


def _is_booked(
    session: Session, payload: Mapping[str, Any], rule: TutoringRule, user_id: int
) -> bool:
    # Deleted ones count: somebody has decided against them.
    return session.scalar(select(Tutoring.id).where(
        Tutoring.rule_id == rule.id, Tutoring.owner_id == user_id, or_(
            (Tutoring.source_type == payload["record_type"])
            & (Tutoring.source_id == payload["record_id"]),
            (Tutoring.status == "open") & is_present(Tutoring),
        )).limit(1)) is not None


def _book(
    session: Session, payload: Mapping[str, Any], rule: TutoringRule, user_id: int
) -> Tutoring:
    today = local_today()
    made: Tutoring = create(session, SYSTEM, Tutoring, {
        "owner_id": user_id, "tutor_id": _leader_of(session, user_id),
        "reason": _REASONS[rule.occasion], "goal": rule.goal, "course_id": rule.course_id,
        "starts_on": today, "until_on": today + dt.timedelta(days=rule.days),
        "rule_id": rule.id, "source_type": payload["record_type"],
        "source_id": payload["record_id"]})
    source = get(session, SYSTEM, payload["record_type"], payload["record_id"])
    if source is not None:
        link(session, SYSTEM, source, made, "core.origin")
    return made


def _leader_of(session: Session, user_id: int) -> int | None:
    """Return the leader of a person's team, who tutors; nobody for the leader."""
    found: int | None = session.scalar(
        select(Team.leader_id).join(Staff, Staff.team_id == Team.id)
        .where(Staff.user_id == user_id))
    return found if found != user_id else None
