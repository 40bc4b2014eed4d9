"""Short ways to courses, sessions, exams and certificates for tests."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select

from app.sdk.demo import acting_at
from app.sdk.people import local_today
from app.sdk.records import operations_of
from app.sdk.services import act, create, utcnow, write
from app.testing.plugin_fixtures import House
from plugins.training.certificates.models import Certificate
from plugins.training.certificates.services import issue
from plugins.training.courses.models import Course
from plugins.training.duties.models import DutyRule
from plugins.training.exams.attempts import AttemptOperations
from plugins.training.exams.models import Attempt, AttemptItem, Exam, ExamPart, Question, Topic
from plugins.training.sessions.models import Session

# Long enough ago for everything that a test lets happen afterwards.
THEN = dt.datetime(2024, 3, 4, 2, 0, tzinfo=dt.UTC)


def at(**later: float) -> AbstractContextManager[None]:
    """Let what is done within happen so long after ``THEN``."""
    return acting_at(THEN + dt.timedelta(**later))


def course(house: House, code: str = "LOAN", **values: Any) -> Course:
    """Return a course."""
    return create(house.session, house.actor("hr"), Course, {
        "code": code, "name": f"车贷业务 {code}", "valid_months": 12, **values})


def session_of(house: House, of: Course, *, is_open: bool = True, **values: Any) -> Session:
    """Return a session that began an hour ago, open for enrolment."""
    begin = utcnow() - dt.timedelta(hours=1)
    made = create(house.session, house.actor("hr"), Session, {
        "course_id": of.id, "starts_at": begin, "place": "三楼会议室", "capacity": 2, **values})
    if is_open:
        act(house.session, house.actor("hr"), made, "open_enrolment")
    return made


def topic(house: House, code: str = "car_loans") -> int:
    """Return the key of a topic."""
    return house.session.scalars(select(Topic.id).where(Topic.code == code)).one()


def question(house: House, text: str, **values: Any) -> Question:
    """Return a question of the bank."""
    return create(house.session, house.actor("hr"), Question, {
        "topic_id": topic(house), "text": text, "kind": "single", "answers": "*right\nwrong",
        "explanation": f"because of {text}", **values})


def exam(
    house: House, of: Course | None = None, *, number: int = 3, is_published: bool = True,
    texts: int = 0, **values: Any,
) -> Exam:
    """Return an exam over ``number`` choices and ``texts`` free texts, with a bank for it."""
    for place in range(number):
        question(house, f"choice {place}")
    for place in range(texts):
        question(house, f"text {place}", kind="text", answers="a model", difficulty="hard")
    made = create(house.session, house.actor("hr"), Exam, {
        "name": "车贷考试", "course_id": of.id if of is not None else None, **values})
    for difficulty, count in (("easy", number), ("hard", texts)):
        if count:
            create(house.session, house.actor("hr"), ExamPart, {
                "exam_id": made.id, "topic_id": topic(house), "difficulty": difficulty,
                "number_of": count, "points": 2})
    if is_published:
        act(house.session, house.actor("hr"), made, "publish")
    return made


def attempts() -> AttemptOperations:
    """Return the operations on attempts."""
    found = operations_of(Attempt)
    assert isinstance(found, AttemptOperations)
    return found


def answered(
    house: House, attempt: Attempt, username: str = "agent", *, right: bool = True
) -> Attempt:
    """Answer every question of an attempt."""
    actor = house.actor(username)
    items: list[AttemptItem] = attempts().items(house.session, attempt)
    for item in items:
        given = ["an answer"] if item.kind == "text" else ["0" if right else "1"]
        attempts().answer(house.session, actor, attempt, item.place, given, onwards=True)
    return attempt


def taken(house: House, of: Exam, username: str = "agent", *, right: bool = True) -> Attempt:
    """Return an attempt that was handed in."""
    attempt = attempts().start(house.session, house.actor(username), of)
    answered(house, attempt, username, right=right)
    attempts().finish(house.session, house.actor(username), attempt)
    return attempt


def certificate(
    house: House, of: Course, username: str = "agent", on: dt.date | None = None
) -> Certificate:
    """Return a certificate."""
    with write(house.session):
        return issue(house.session, house.actor(username).user_id, of, on or local_today())


def duty(house: House, of: Course, **values: Any) -> DutyRule:
    """Return a rule for everybody that is due for long."""
    return create(house.session, house.actor("hr"), DutyRule, {
        "course_id": of.id, "starts_on": dt.date(2020, 1, 1), "days": 10, **values})


def token(client: Any) -> str:
    """Return the token of a form."""
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
