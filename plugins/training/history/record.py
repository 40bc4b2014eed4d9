"""The training record of a person (培训记录): everything on one page, and the same on paper."""

from __future__ import annotations

import dataclasses
import decimal
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.sdk.screens import print_context, translated, write_date, write_datetime
from app.sdk.services import is_present, name_of, names_of
from plugins.training.certificates.models import Certificate
from plugins.training.certificates.views import standing_chip
from plugins.training.choices import (
    ATTEMPT_STATES,
    ATTENDED,
    CANCELLED,
    DRILL_METHODS,
    ENROLMENTS,
    RESULTS,
    RUNNING,
    TUTORING_REASONS,
    TUTORING_STATES,
)
from plugins.training.courses.models import Course
from plugins.training.drills.models import Drill
from plugins.training.duties.services import OwnDuty, duties_of_user
from plugins.training.duties.views import STANDINGS
from plugins.training.exams.models import Attempt
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.sessions.models import Enrolment, Session

MOST = 100


@dataclasses.dataclass(frozen=True, slots=True)
class TrainingRecord:
    """Everything that is known of a person's training, the latest first.

    Attributes:
        user_id, name: the person.
        duties: what the person must learn, in the order of the path.
        certificates, attempts, enrolments, drills, earlier, tutoring: rows; at most ``MOST`` of
            each.
        observers: names by key of those who observe the drills.
        hours: hours of the sessions attended.
    """

    user_id: int
    name: str
    duties: Sequence[OwnDuty]
    certificates: Sequence[Certificate]
    attempts: Sequence[Attempt]
    enrolments: Sequence[Any]
    drills: Sequence[Drill]
    observers: Mapping[int, str]
    earlier: Sequence[EarlierResult]
    tutoring: Sequence[Tutoring]
    hours: decimal.Decimal


def record_of(session: DbSession, user_id: int) -> TrainingRecord:
    """Return the training record of a person; the caller has asked who may see it.

    Args:
        session: any session.
        user_id: the person.
    """
    def own(model: Any, order: Any) -> Sequence[Any]:
        return session.scalars(select(model).where(
            model.owner_id == user_id, is_present(model)).order_by(order).limit(MOST)).all()

    enrolments = session.execute(
        select(Enrolment.status, Session.id, Session.title, Session.starts_at, Session.hours,
               Session.method, Course.name.label("course"))
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(Enrolment.owner_id == user_id, Enrolment.status != CANCELLED,
               is_present(Enrolment), is_present(Session))
        .order_by(Session.starts_at.desc()).limit(MOST)).all()
    drills = own(Drill, Drill.held_on.desc())
    observers = {one.observer_id for one in drills if one.observer_id is not None}
    return TrainingRecord(
        user_id, name_of(session, user_id), duties_of_user(session, user_id),
        own(Certificate, Certificate.issued_on.desc()), own(Attempt, Attempt.started_at.desc()),
        enrolments, drills, names_of(session, observers),
        own(EarlierResult, EarlierResult.held_on.desc()),
        own(Tutoring, Tutoring.starts_on.desc()),
        sum((one.hours for one in enrolments if one.status == ATTENDED), decimal.Decimal(0)))


def _word(pairs: Sequence[tuple[str, str]], value: str) -> str:
    return translated(dict(pairs)[value])


def paper(record: TrainingRecord) -> dict[str, Any]:
    """Return the data of the document of a training record."""
    return {
        **print_context(gettext("Training record")),
        "fields": [
            {"label": gettext("Name"), "value": record.name},
            {"label": gettext("Hours attended"), "value": f"{record.hours:g}"},
        ],
        "parts": [
            _part(gettext("Compulsory training"),
                  [gettext("Course"), gettext("State"), gettext("Due on")],
                  [[one.course, translated(STANDINGS[one.cell.standing].label),
                    write_date(one.cell.due_on)] for one in record.duties]),
            _part(gettext("Certificates"),
                  [gettext("Number"), gettext("Course"), gettext("Issued on"),
                   gettext("Valid until"), gettext("State")],
                  [[one.number, one.course.name, write_date(one.issued_on),
                    write_date(one.ends_on), translated(standing_chip(one).label)]
                   for one in record.certificates]),
            _part(gettext("Training sessions"),
                  [gettext("Title"), gettext("Begins at"), gettext("Training hours"),
                   gettext("Participation")],
                  [[one.title, write_datetime(one.starts_at), f"{one.hours:g}",
                    _word(ENROLMENTS, one.status)] for one in record.enrolments]),
            _part(gettext("Exams"),
                  [gettext("Exam"), gettext("Begun at"), gettext("Percent"), gettext("Outcome")],
                  [[one.exam.name, write_datetime(one.started_at),
                    "" if one.percent is None else f"{one.percent:g}%",
                    _word(ATTEMPT_STATES, one.status)]
                   for one in record.attempts if one.status != RUNNING]),
            _part(gettext("Drills"),
                  [gettext("What is practised"), gettext("Method"), gettext("Held on"),
                   gettext("Observer"), gettext("Points")],
                  [[one.subject, _word(DRILL_METHODS, one.method), write_date(one.held_on),
                    record.observers.get(one.observer_id or 0, ""),
                    f"{one.points:g}" if one.points is not None
                    else "" if one.observed_at else gettext("not observed yet")]
                   for one in record.drills]),
            _part(gettext("Tutoring"),
                  [gettext("Goal"), gettext("Reason"), gettext("Until"), gettext("Outcome")],
                  [[one.goal, _word(TUTORING_REASONS, one.reason), write_date(one.until_on),
                    _word(TUTORING_STATES, one.status)] for one in record.tutoring]),
            _part(gettext("Earlier results"),
                  [gettext("Course"), gettext("Held on"), gettext("Percent"), gettext("Outcome")],
                  [[one.course_name, write_date(one.held_on),
                    "" if one.percent is None else f"{one.percent:g}%",
                    _word(RESULTS, one.result)] for one in record.earlier]),
        ],
    }


def _part(title: str, header: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"title": title, "header": header, "rows": rows}
