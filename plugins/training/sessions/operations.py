"""By which rules sessions and enrolments are written, on every way in."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.models import utcnow
from app.sdk.records import AvailableAction, Done, MadeByProduct, WorkflowOperations, operations_of
from app.sdk.services import Actor, is_present, lock, notice_kinds, tell, write
from app.sdk.workflow import Field, Form, Kind, Message
from plugins.training.access import ENROLMENT, SESSION
from plugins.training.choices import ABSENT, ATTENDED, CANCELLED, ENROLLED, WAITING
from plugins.training.courses.models import Course
from plugins.training.sessions import workflow
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.shared import belongs_to, number_problems

ENROL_ME, ENROL, WITHDRAW_ME, ROOM_CODE = "enrol_me", "enrol", "withdraw_me", "room_code"
CODE_MINUTES = 20
MOST_WRONG_CODES = 5
_ENROL_FORM = Form.of("enrol", Field("person", Kind.PERSON, N_("Person"), True),
                      title=N_("Enrol somebody"))
_NOT_OPEN = Message(N_("Enrolment is not open."))


class SessionOperations(WorkflowOperations):
    """Operations on sessions; people are enrolled and ticked off here too."""

    required = ("course_id", "starts_at", "ends_at")
    step_columns = frozenset({"room_code", "room_code_until"})
    action_icons = {"open_enrolment": "door-enter", "hold": "circle-check", "call_off": "circle-x"}

    def prepare(
        self, session: DbSession, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Take title, hours and edition from the course, and the end from the hours."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        course = session.get(Course, given.get("course_id") or 0)
        if course is None:
            return given
        given.setdefault("title", course.name)
        given.setdefault("hours", course.hours)
        given["course_edition"] = course.edition
        if given.get("starts_at") is not None:
            given.setdefault(
                "ends_at", given["starts_at"] + dt.timedelta(hours=float(given["hours"])))
        return given

    def validate(
        self, session: DbSession, actor: Actor, record: Session | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse times that run backwards and numbers that make no sense."""
        errors = super().validate(session, actor, record, values)
        errors |= number_problems(values, {"capacity": (1, 500), "hours": (0, 1000),
                                           "cost": (0, 10_000_000)})
        begin, end = (values.get(name, getattr(record, name, None))
                      for name in ("starts_at", "ends_at"))
        if begin is not None and end is not None and end <= begin:
            errors["ends_at"] = Message(N_("The end lies before the beginning."))
        return errors

    # --- actions -------------------------------------------------------------------------------
    def leads(self, actor: Actor, record: Session) -> bool:
        """Return whether somebody runs a session: its trainer, or who may change sessions."""
        return actor.can("can_edit", SESSION) or (
            record.trainer_id is not None and record.trainer_id == actor.user_id)

    def actions(
        self, session: DbSession, actor: Actor, record: Session
    ) -> Sequence[AvailableAction]:
        """Add enrolment, and the code of the room for whoever runs the session."""
        found = list(super().actions(session, actor, record))
        if record.is_away or not record.is_open:
            return found
        status = status_of(session, record.id, actor.user_id)
        if record.state == workflow.ENROLLING:
            if status in (None, CANCELLED):
                found.insert(0, AvailableAction(
                    name=ENROL_ME, label=N_("Enrol"), icon="user-plus", primary=True,
                    permission=("can_list", ENROLMENT)))
            elif status in (ENROLLED, WAITING):
                found.append(AvailableAction(
                    name=WITHDRAW_ME, label=N_("Withdraw from the session"), icon="user-minus",
                    permission=("can_list", ENROLMENT)))
            if self.leads(actor, record):
                found.append(AvailableAction(
                    name=ROOM_CODE, label=N_("Show a code in the room"), icon="keyboard"))
        if actor.can("can_edit", SESSION):
            found.append(AvailableAction(
                name=ENROL, label=N_("Enrol somebody"), icon="user-plus", form=_ENROL_FORM))
        return found

    def carry_out(
        self, session: DbSession, actor: Actor, record: Session, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Enrol, withdraw, or make the code of the room."""
        if name in (ENROL_ME, ENROL):
            person = actor.user_id if name == ENROL_ME else values["person"]
            made = self.enrol(session, actor, record, person)
            return Done(Message(N_("Enrolled.")) if made.status == ENROLLED else
                        Message(N_("The session is full: on the waiting list.")))
        if name == WITHDRAW_ME:
            withdraw(session, actor, record, actor.user_id)
            return Done(Message(N_("Withdrawn.")))
        if name == ROOM_CODE:
            self.store(session, actor, record, {
                "room_code": f"{secrets.randbelow(10**6):06d}",
                "room_code_until": utcnow() + dt.timedelta(minutes=CODE_MINUTES)})
            return Done(Message(N_("The code is %(code)s. It holds for %(minutes)s minutes."),
                                {"code": record.room_code, "minutes": CODE_MINUTES}))
        return super().carry_out(session, actor, record, name, values)

    # --- people --------------------------------------------------------------------------------
    def enrol(
        self, session: DbSession, actor: Actor, record: Session, user_id: int | None
    ) -> Enrolment:
        """Enrol a person, or put them on the waiting list when the session is full.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the session.
            user_id: the learner.

        Raises:
            Rejected: the session is over or called off, or the person is enrolled already.
        """
        with write(session):
            lock(session, record)
            if not record.is_open or user_id is None:
                raise Rejected(_NOT_OPEN)
            taken = session.scalar(select(func.count()).select_from(Enrolment).where(
                Enrolment.session_id == record.id, Enrolment.status.in_((ENROLLED, ATTENDED)),
                is_present(Enrolment)))
            values = {"status": ENROLLED if (taken or 0) < record.capacity else WAITING,
                      "queued_at": utcnow()}
            known = session.scalar(select(Enrolment).where(
                Enrolment.session_id == record.id, Enrolment.owner_id == user_id))
            operations = _enrolments()
            if known is None:
                known = operations.make(session, actor, {
                    **belongs_to(session, user_id), "session_id": record.id,
                    "owner_id": user_id, **values})
            elif known.status != CANCELLED:
                raise Rejected(Message(N_("This person is enrolled already.")))
            else:
                operations.store(session, actor, known, values)
            tell(session, [user_id], notice_kinds.ASSIGNED,
                 N_("You are enrolled in %(title)s; the page has the calendar file.")
                 if known.status == ENROLLED
                 else N_("You are on the waiting list of %(title)s."),
                 values={"title": record.title}, record=record)
            return known

    def tick_off(
        self, session: DbSession, actor: Actor, record: Session, attended: Collection[int]
    ) -> int:
        """Write down who came; everybody else of the enrolled did not.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the session.
            attended: keys of the learners who came.

        Returns:
            How many came.

        Raises:
            Rejected: the actor does not run the session, or it is over.
        """
        with write(session):
            lock(session, record)
            if not self.leads(actor, record):
                raise Rejected(Message(N_("Only who runs the session writes down who came.")))
            if record.state != workflow.ENROLLING:
                raise Rejected(_NOT_OPEN)
            came = 0
            for one in learners(session, record.id):
                is_there = one.owner_id in attended
                came += is_there
                status = ATTENDED if is_there else ABSENT
                if one.status != status and not (one.status == WAITING and not is_there):
                    _enrolments().store(session, actor, one, {
                        "status": status, "attended_at": utcnow() if is_there else None})
            return came


def _enrolments() -> MadeByProduct:
    operations = operations_of(Enrolment)
    assert isinstance(operations, MadeByProduct)
    return operations


def status_of(session: DbSession, session_id: int, user_id: int | None) -> str | None:
    """Return how a person stands with a session, or ``None`` for one who never enrolled."""
    return session.scalar(select(Enrolment.status).where(
        Enrolment.session_id == session_id, Enrolment.owner_id == user_id,
        is_present(Enrolment)))


def learners(session: DbSession, session_id: int) -> list[Enrolment]:
    """Return the enrolments of a session that were not withdrawn, in the order of the queue."""
    return list(session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.status != CANCELLED,
               is_present(Enrolment))
        .order_by(Enrolment.queued_at, Enrolment.id)))


def withdraw(
    session: DbSession, actor: Actor, record: Session, user_id: int | None
) -> None:
    """Take a person out of a session; who waits longest takes the place.

    Args:
        session: session with a running write.
        actor: who acts.
        record: the session.
        user_id: the learner.

    Raises:
        Rejected: the person is not enrolled, or has been ticked off.
    """
    people = learners(session, record.id)
    gone = next((one for one in people if one.owner_id == user_id), None)
    if gone is None or gone.status not in (ENROLLED, WAITING):
        raise Rejected(Message(N_("This person is not enrolled.")))
    had_place = gone.status == ENROLLED
    _enrolments().store(session, actor, gone, {"status": CANCELLED})
    first = next((one for one in people if one.status == WAITING and one is not gone), None)
    if had_place and first is not None:
        _enrolments().store(session, actor, first, {"status": ENROLLED})
        tell(session, [first.owner_id], notice_kinds.ASSIGNED,
             N_("A place is free: you are enrolled in %(title)s."),
             values={"title": record.title}, record=record)


def attend_by_code(session: DbSession, actor: Actor, code: str) -> Session:
    """Write down that a person came, by the code that is shown in the room.

    Args:
        session: session without unsaved changes.
        actor: the learner.
        code: what was typed.

    Returns:
        The session.

    Raises:
        Rejected: no session of the learner has this code now, or it was guessed too often.
    """
    now = utcnow()
    with write(session):
        candidates = list(session.scalars(
            select(Enrolment).join(Session, Session.id == Enrolment.session_id).where(
                Enrolment.owner_id == actor.user_id,
                Enrolment.status.in_((ENROLLED, WAITING, ABSENT)), is_present(Enrolment),
                Session.state == workflow.ENROLLING, Session.room_code_until > now,
                Session.room_code != "", is_present(Session))))
        guesses = max((one.wrong_codes for one in candidates), default=0)
        fits = [one for one in candidates if one.wrong_codes < MOST_WRONG_CODES
                and secrets.compare_digest(one.session.room_code, code.strip())]
        for one in fits[:1]:
            _enrolments().store(session, actor, one, {
                "status": ATTENDED, "attended_at": now, "wrong_codes": 0})
        for one in () if fits else candidates:
            _enrolments().store(session, actor, one, {"wrong_codes": one.wrong_codes + 1})
    if fits:
        return fits[0].session
    raise Rejected(Message(
        N_("Too many wrong codes: ask the trainer to tick you off.")
        if guesses >= MOST_WRONG_CODES else N_("No session of yours has this code now.")))
