"""When a certificate is earned, when it ends, and what reminds of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import MadeByProduct, operations_of
from app.sdk.services import SYSTEM, is_present, notice_kinds, tell, write
from plugins.training.certificates.models import Certificate
from plugins.training.choices import ATTENDED, PASSED
from plugins.training.courses.models import Course
from plugins.training.duties.duties import Held, best, month_later
from plugins.training.exams.models import Attempt, Exam
from plugins.training.sessions.models import Enrolment
from plugins.training.sessions.models import Session as TrainingSession
from plugins.training.shared import belongs_to

PORTION = 50


def valid() -> tuple[Any, ...]:
    """Return the conditions of certificates that count, whether or not they have ended."""
    return is_present(Certificate), Certificate.revoked.is_(False)


def held_by(
    session: Session, user_ids: Iterable[int], course_ids: Iterable[int] | None = None
) -> dict[int, dict[int, Held]]:
    """Return the best certificate by user and course, in one statement.

    Args:
        session: any session.
        user_ids: whose.
        course_ids: of which courses; of all by default.
    """
    rows = session.execute(
        select(Certificate.owner_id, Certificate.course_id, Certificate.ends_on).where(
            Certificate.owner_id.in_(list(user_ids)), *valid(),
            *(() if course_ids is None else (Certificate.course_id.in_(list(course_ids)),))))
    found: dict[int | None, dict[int, list[Held]]] = {}
    for owner_id, course_id, ends_on in rows:
        found.setdefault(owner_id, {}).setdefault(course_id, []).append(Held(ends_on))
    return {
        user_id: {course: one for course, held in courses.items()
                  if (one := best(held)) is not None}
        for user_id, courses in found.items() if user_id is not None
    }


def _since_last(session: Session, user_id: int, course: Course) -> dt.datetime:
    """Return the moment from which proofs count: after the last certificate of the edition."""
    last = session.scalar(select(func.max(Certificate.created_at)).where(
        Certificate.owner_id == user_id, Certificate.course_id == course.id, *valid()))
    return last or dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def consider(
    session: Session, user_id: int, course: Course, on: dt.date, attempt: Attempt | None = None
) -> Certificate | None:
    """Issue a certificate where everything that the course asks for is there.

    Args:
        session: session with a running write.
        user_id: the learner.
        course: the course.
        on: day of the certificate.
        attempt: the attempt that was passed just now; ``None`` after a session.

    Returns:
        The certificate, or ``None`` where something is still missing.
    """
    since = _since_last(session, user_id, course)
    if course.proof in ("exam", "both") and attempt is None:
        attempt = session.scalar(
            select(Attempt).join(Exam, Exam.id == Attempt.exam_id).where(
                Attempt.owner_id == user_id, Exam.course_id == course.id,
                Attempt.status == PASSED, Attempt.finished_at > since)
            .order_by(Attempt.id.desc()).limit(1)) if course.proof == "both" else None
        if attempt is None:
            return None
    if course.proof in ("attendance", "both") and not session.scalar(
        select(Enrolment.id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .where(Enrolment.owner_id == user_id, Enrolment.status == ATTENDED,
               TrainingSession.course_id == course.id,
               TrainingSession.course_edition == course.edition,
               Enrolment.attended_at > since).limit(1)
    ):
        return None
    return issue(session, user_id, course, on, attempt)


def issue(
    session: Session, user_id: int, course: Course, on: dt.date, attempt: Attempt | None = None
) -> Certificate:
    """Issue a certificate of the present edition of a course, and tell its owner.

    Args:
        session: session with a running write.
        user_id: the learner.
        course: the course.
        on: day of the certificate, from which its months count.
        attempt: the attempt that it proves, if there is one.
    """
    expires_on = month_later(on, course.valid_months) if course.valid_months else None
    operations = operations_of(Certificate)
    assert isinstance(operations, MadeByProduct)
    made = operations.make(session, SYSTEM, {
        **belongs_to(session, user_id), "owner_id": user_id, "course_id": course.id,
        "edition": course.edition, "issued_on": on, "expires_on": expires_on,
        "ends_on": expires_on, "attempt_id": attempt.id if attempt is not None else None,
    })
    tell(session, [user_id], notice_kinds.MOVED, N_("You have earned the certificate %(course)s."),
         values={"course": course.name}, record=made)
    return made


def outdate(session: Session, now: dt.datetime) -> int:
    """End certificates of earlier editions after the grace period of the new one.

    Args:
        session: session outside of any write; portions of it are.
        now: moment of the run; unused, the day of the new edition counts.

    Returns:
        How many certificates got an earlier end.
    """
    total = 0
    while True:
        with write(session):
            rows = session.execute(
                select(Certificate, Course).join(Course, Course.id == Certificate.course_id)
                .where(Certificate.edition < Course.edition, Certificate.outdated.is_(False),
                       Course.edition_on.is_not(None), *valid())
                .order_by(Certificate.id).limit(PORTION)).all()
            for certificate, course in rows:
                _end_early(session, certificate, course)
        total += len(rows)
        if len(rows) < PORTION:
            return total


def _end_early(session: Session, certificate: Certificate, course: Course) -> None:
    assert course.edition_on is not None, "the statement asks for it"
    until = course.edition_on + dt.timedelta(days=course.grace_days)
    ends_on = until if certificate.ends_on is None else min(certificate.ends_on, until)
    operations_of(Certificate).store(
        session, SYSTEM, certificate, {"outdated": True, "ends_on": ends_on})
    tell(session, [certificate.owner_id], notice_kinds.DEADLINE,
         N_("%(course)s has a new edition: your certificate holds until %(day)s."),
         values={"course": course.name, "day": ends_on.isoformat()}, record=certificate)


def remind(session: Session, days: int) -> int:
    """Remind owners whose certificate ends soon, once for each certificate and end.

    Args:
        session: session outside of any write; portions of it are.
        days: days before the end.

    Returns:
        How many were reminded.
    """
    today, total = local_today(), 0
    later = Certificate.__table__.alias("later")
    # Renewed in time, nobody needs to hear of the earlier one.
    renewed = select(later.c.id).where(
        later.c.owner_id == Certificate.owner_id, later.c.course_id == Certificate.course_id,
        later.c.id > Certificate.id, later.c.revoked.is_(False), later.c.deleted_at.is_(None),
    ).exists()
    while True:
        with write(session):
            rows = session.scalars(
                select(Certificate).where(
                    Certificate.ends_on >= today,
                    Certificate.ends_on <= today + dt.timedelta(days=days),
                    Certificate.reminded_on.is_(None), ~renewed, *valid())
                .order_by(Certificate.id).limit(PORTION)).all()
            for one in rows:
                assert one.ends_on is not None, "the statement asks for it"
                operations_of(Certificate).store(session, SYSTEM, one, {"reminded_on": today})
                tell(session, [one.owner_id], notice_kinds.DEADLINE,
                     N_("Your certificate %(course)s ends on %(day)s: renew it."),
                     values={"course": one.course.name, "day": one.ends_on.isoformat()},
                     record=one)
        total += len(rows)
        if len(rows) < PORTION:
            return total
