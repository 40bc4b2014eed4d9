"""Tutoring that events of other plugins book.

Events are listened to by name: the plugin that sends them may be absent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.sdk.models import Staff, Team
from app.sdk.people import local_today, profiles
from app.sdk.records import create, get, link
from app.sdk.services import SYSTEM, is_present, utcnow
from plugins.training.choices import (
    APPRAISAL_EXCELLENT,
    APPRAISAL_FAILED,
    COMPLAINT_CAUSE,
    COUNTED,
    QUALITY_FINDING,
)
from plugins.training.history.models import Tutoring
from plugins.training.tutoring.models import Finding, TutoringRule

RELEASED = "appraisals.released"
LONGEST_CAUSE = 60
EXCELLENT = "excellent"
# Events that say something of the person in "user_id".
_FINDINGS = {"callbacks.wrong_answer": QUALITY_FINDING,
             "complaints.employee_responsible": COMPLAINT_CAUSE}
_REASONS = {APPRAISAL_FAILED: "appraisal", APPRAISAL_EXCELLENT: "promising",
            QUALITY_FINDING: "quality", COMPLAINT_CAUSE: "complaint"}


def occasion_of(event: str, data: Mapping[str, Any]) -> str:
    """Return the occasion that an event is, or an empty text.

    Args:
        event: name of the event.
        data: what came with it.
    """
    if event != RELEASED:
        return _FINDINGS.get(event, "")
    if data.get("failed") is True:
        return APPRAISAL_FAILED
    return APPRAISAL_EXCELLENT if data.get("grade") == EXCELLENT else ""


def book_after_event(session: Session, payload: Mapping[str, Any]) -> list[Tutoring]:
    """Book the tutoring that follows an event; nothing for an event of another kind.

    An event books once for each rule, however often it is delivered or sent again for the same
    record, and nobody gets a second tutoring of a rule while the first is under way. Of findings
    and complaints a rule may ask for several within some days; those before the last tutoring of
    the rule do not count again.

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
    user_id = people[0].user_id
    if occasion in COUNTED:
        _note(session, payload, occasion, user_id)
    rules = session.scalars(select(TutoringRule).where(
        TutoringRule.occasion == occasion, TutoringRule.active.is_(True),
        TutoringRule.cycle.in_(("", str(data.get("kind") or ""))),
        TutoringRule.cause.in_(("", str(data.get("cause") or ""))), is_present(TutoringRule),
    ).order_by(TutoringRule.id)).all()
    return [_book(session, payload, rule, user_id) for rule in rules
            if not _is_booked(session, payload, rule, user_id)
            and (occasion not in COUNTED or _number(session, rule, user_id) >= rule.times)]


def _note(session: Session, payload: Mapping[str, Any], occasion: str, user_id: int) -> None:
    """Keep what the event said, once for each record."""
    same = {"occasion": occasion, "record_type": payload["record_type"],
            "record_id": payload["record_id"], "user_id": user_id}
    if session.scalar(select(Finding.id).filter_by(**same)) is None:
        session.add(Finding(
            **same, cause=str(payload["data"].get("cause") or "")[:LONGEST_CAUSE], at=utcnow()))
        session.flush()


def _number(session: Session, rule: TutoringRule, user_id: int) -> int:
    """Return how many findings count for a rule: late ones, after its last tutoring."""
    since = utcnow() - dt.timedelta(days=rule.within_days)
    last = session.scalar(
        select(func.max(Tutoring.created_at, type_=Tutoring.created_at.type))
        .where(Tutoring.rule_id == rule.id, Tutoring.owner_id == user_id))
    return session.scalar(
        select(func.count()).select_from(Finding).where(
            Finding.user_id == user_id, Finding.occasion == rule.occasion, Finding.at >= since,
            *([] if last is None else [Finding.at > last]),
            *([Finding.cause == rule.cause] if rule.cause else []))) or 0


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
