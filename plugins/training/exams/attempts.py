"""What can be done with an attempt at an exam: every rule is asked here, on the server's clock."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.people import local_today
from app.sdk.records import MadeByProduct
from app.sdk.services import (
    SYSTEM,
    Actor,
    is_present,
    lock,
    notice_kinds,
    tell,
    utcnow,
    write,
)
from app.sdk.workflow import Message
from plugins.training.access import ATTEMPT
from plugins.training.certificates.services import consider, held_by
from plugins.training.choices import FAILED, MARKING, PASSED, RUNNING
from plugins.training.exams import answers as forms
from plugins.training.exams.bank import bank_for, parts_of, shortage_message
from plugins.training.exams.blueprint import BankTooSmall, draw
from plugins.training.exams.models import Attempt, AttemptItem, Exam, Question
from plugins.training.exams.scoring import marked, passes, percent
from plugins.training.exams.workflow import PUBLISHED
from plugins.training.shared import belongs_to

# So many days before the end of a certificate its exam may be passed anew.
RENEWAL_DAYS = 60
_CHANCE = random.SystemRandom()
_OVER = Message(N_("The time is up: the attempt has ended."))


class AttemptOperations(MadeByProduct):
    """Operations on attempts."""

    # --- beginning -----------------------------------------------------------------------------
    def refusal(
        self, session: Session, actor: Actor, exam: Exam, now: dt.datetime
    ) -> Message | None:
        """Return why somebody cannot begin an attempt now, or ``None``.

        Args:
            session: any session.
            actor: the learner.
            exam: the exam.
            now: the moment, aware.
        """
        if exam.state != PUBLISHED or exam.is_away:
            return Message(N_("This exam is not published."))
        tries = session.execute(
            select(Attempt.status, Attempt.finished_at)
            .where(Attempt.owner_id == actor.user_id, Attempt.exam_id == exam.id,
                   is_present(Attempt)).order_by(Attempt.id.desc())).all()
        if any(row.status == MARKING for row in tries):
            return Message(N_("Your last attempt is being marked."))
        if tries and tries[0].status == PASSED and not self._may_renew(session, actor, exam, now):
            return Message(N_("You have passed this exam."))
        failed = []
        for row in tries:
            if row.status == PASSED:
                break
            failed.append(row)
        if exam.most_attempts and len(failed) >= exam.most_attempts:
            return Message(N_("You have used all %(most)s attempts: speak to your supervisor."),
                           {"most": exam.most_attempts})
        last = failed[0].finished_at if failed else None
        opens = last + dt.timedelta(hours=exam.cooling_hours) if last is not None else None
        if opens is not None and now < opens:
            hours = -(-(opens - now) // dt.timedelta(hours=1))
            return Message(N_("The next attempt is possible in %(hours)s hours."),
                           {"hours": hours})
        return None

    def _may_renew(
        self, session: Session, actor: Actor, exam: Exam, now: dt.datetime
    ) -> bool:
        if exam.course_id is None or actor.user_id is None:
            return False
        held = held_by(session, [actor.user_id], [exam.course_id]).get(actor.user_id, {})
        ends_on = held[exam.course_id].ends_on if exam.course_id in held else None
        if exam.course_id in held and ends_on is None:
            return False
        return ends_on is None or ends_on <= local_today() + dt.timedelta(days=RENEWAL_DAYS)

    def start(self, session: Session, actor: Actor, exam: Exam) -> Attempt:
        """Begin an attempt, or go on with the one that runs.

        Args:
            session: session without unsaved changes.
            actor: the learner.
            exam: the exam.

        Raises:
            Rejected: the exam cannot be taken now, or the bank cannot fill it any more.
        """
        with write(session):
            # One after the other: nobody begins two at once.
            lock(session, exam)
            now = utcnow()
            running = self.running(session, actor, exam)
            if running is not None and now < running.ends_at:
                return running
            if running is not None:
                self._settle(session, running, running.ends_at)
            refused = self.refusal(session, actor, exam, now)
            if refused is not None:
                raise Rejected(refused)
            return self._drawn(session, actor, exam, now)

    @staticmethod
    def running(session: Session, actor: Actor, exam: Exam) -> Attempt | None:
        """Return the attempt of a learner that has not ended, or ``None``."""
        return session.scalar(select(Attempt).where(
            Attempt.owner_id == actor.user_id, Attempt.exam_id == exam.id,
            Attempt.status == RUNNING, is_present(Attempt)))

    def _drawn(
        self, session: Session, actor: Actor, exam: Exam, now: dt.datetime
    ) -> Attempt:
        parts = parts_of(session, exam)
        try:
            drawn = draw(parts, bank_for(session, exam, {part.topic for part in parts}), _CHANCE)
        except BankTooSmall as error:
            raise Rejected(shortage_message(session, error.shortages[0])) from error
        attempt = self.make(session, actor, {
            **belongs_to(session, actor.user_id), "owner_id": actor.user_id, "exam_id": exam.id,
            "started_at": now, "ends_at": now + dt.timedelta(minutes=exam.minutes),
            "pass_mark": exam.pass_mark, "most_points": float(sum(most for _, most in drawn))})
        questions = {one.id: one for one in session.scalars(
            select(Question).where(Question.id.in_([key for key, _ in drawn])))}
        for place, (key, most) in enumerate(drawn, start=1):
            question = questions[key]
            session.add(AttemptItem(
                attempt_id=attempt.id, place=place, question_id=key, kind=question.kind,
                text=question.text, answers=question.answers, explanation=question.explanation,
                shown_order=forms.shuffled(forms.read(question.kind, question.answers), _CHANCE),
                most_points=float(most), marks=[]))
        session.flush()
        return attempt

    # --- answering -----------------------------------------------------------------------------
    def answer(
        self, session: Session, actor: Actor, attempt: Attempt, place: int, given: Sequence[str],
        *, onwards: bool = False,
    ) -> None:
        """Store the answer to a question that was shown.

        Args:
            session: session without unsaved changes.
            actor: the learner.
            attempt: the attempt.
            place: place of the question, from 1.
            given: what the page sends, see ``answers.clean``; without anything the answer is empty.
            onwards: whether the next question is shown from now on.

        Raises:
            Rejected: the attempt has ended, belongs to somebody else, or has not reached this
                question.
            Invalid: it is no answer to the question.
        """
        with write(session):
            lock(session, attempt)
            self._require_running(actor, attempt)
            item = self.item(session, attempt, place)
            if item is None or place > attempt.reached:
                raise Rejected(Message(N_("This question has not been reached yet.")))
            try:
                cleaned = forms.clean(forms.read(item.kind, item.answers), given)
            except forms.BadAnswers as error:
                raise Invalid({"answer": error.message}) from error
            item.given, item.answered_at = cleaned, utcnow()
            if onwards and place == attempt.reached and place < self.length(session, attempt):
                attempt.reached = place + 1

    @staticmethod
    def _require_running(actor: Actor, attempt: Attempt) -> None:
        if attempt.owner_id != actor.user_id or attempt.is_away:
            raise Rejected(Message(N_("Only the learner answers.")))
        if attempt.status != RUNNING or utcnow() >= attempt.ends_at:
            raise Rejected(_OVER)

    @staticmethod
    def item(session: Session, attempt: Attempt, place: int) -> AttemptItem | None:
        """Return the question at a place of an attempt, or ``None``."""
        return session.scalar(select(AttemptItem).where(
            AttemptItem.attempt_id == attempt.id, AttemptItem.place == place))

    @staticmethod
    def items(session: Session, attempt: Attempt) -> list[AttemptItem]:
        """Return all questions of an attempt in order."""
        return list(session.scalars(select(AttemptItem).where(
            AttemptItem.attempt_id == attempt.id).order_by(AttemptItem.place)))

    @staticmethod
    def length(session: Session, attempt: Attempt) -> int:
        """Return how many questions an attempt has."""
        return session.scalar(select(func.count()).select_from(AttemptItem).where(
            AttemptItem.attempt_id == attempt.id)) or 0

    # --- the end -------------------------------------------------------------------------------
    def finish(self, session: Session, actor: Actor, attempt: Attempt) -> None:
        """End an attempt that the learner hands in; a second time changes nothing.

        Raises:
            Rejected: the attempt belongs to somebody else.
        """
        with write(session):
            lock(session, attempt)
            if attempt.owner_id != actor.user_id:
                raise Rejected(Message(N_("Only the learner answers.")))
            if attempt.status == RUNNING:
                self._settle(session, attempt, min(utcnow(), attempt.ends_at))

    def end_if_over(self, session: Session, attempt: Attempt) -> bool:
        """End an attempt whose time is up; return whether it has ended by now."""
        if attempt.status != RUNNING:
            return True
        if utcnow() < attempt.ends_at:
            return False
        with write(session):
            lock(session, attempt)
            if attempt.status == RUNNING:
                self._settle(session, attempt, attempt.ends_at)
        return True

    def _settle(self, session: Session, attempt: Attempt, at: dt.datetime) -> None:
        """Give points to what needs no marker, and the result where no answer needs one."""
        for item in self.items(session, attempt):
            right = forms.is_right(forms.read(item.kind, item.answers), item.given)
            item.points = None if right is None else item.most_points * right
        self.store(session, SYSTEM, attempt, {"status": MARKING, "finished_at": at})
        self._result(session, attempt)

    def _result(self, session: Session, attempt: Attempt) -> None:
        items = self.items(session, attempt)
        if any(item.points is None for item in items):
            return
        points = sum(item.points or 0.0 for item in items)
        is_passed = passes(points, attempt.most_points, attempt.pass_mark)
        self.store(session, SYSTEM, attempt, {
            "status": PASSED if is_passed else FAILED, "points": points,
            "percent": percent(points, attempt.most_points)})
        tell(session, [attempt.owner_id], notice_kinds.MOVED,
             N_("Your result of %(exam)s: %(percent)s%%"),
             values={"exam": attempt.exam.name, "percent": attempt.percent}, record=attempt)
        course = attempt.exam.course
        if is_passed and course is not None and attempt.owner_id is not None:
            consider(session, attempt.owner_id, course, local_today(), attempt)

    # --- marking -------------------------------------------------------------------------------
    def mark(
        self, session: Session, actor: Actor, attempt: Attempt, place: int, points: float
    ) -> AttemptItem:
        """Mark a free text; when two markers disagree, a third decides.

        Args:
            session: session without unsaved changes.
            actor: the marker.
            attempt: an attempt that is being marked.
            place: place of the question, from 1.
            points: 0 up to the points of the question.

        Raises:
            NotPermitted: the actor may not mark.
            Rejected: there is nothing to mark, or the actor is the learner or has marked it.
            Invalid: the points are out of range.
        """
        if not actor.can("can_mark", ATTEMPT):
            raise NotPermitted(Message(N_("Your role may not do this.")))
        with write(session):
            lock(session, attempt)
            item = self.item(session, attempt, place)
            if attempt.status != MARKING or item is None or item.points is not None:
                raise Rejected(Message(N_("There is nothing to mark here.")))
            if attempt.owner_id == actor.user_id:
                raise Rejected(Message(N_("Nobody marks an attempt of their own.")))
            if any(mark["by"] == actor.user_id for mark in item.marks):
                raise Rejected(Message(N_("Somebody else gives the next mark.")))
            if not 0 <= points <= item.most_points:
                raise Invalid({"points": Message(N_("Enter 0 to %(most)s points."),
                                                 {"most": f"{item.most_points:g}"})})
            item.marks = [*item.marks, {"by": actor.user_id, "points": points}]
            item.points = marked([mark["points"] for mark in item.marks], item.most_points).points
            session.flush()
            self._result(session, attempt)
            return item


def end_overdue(session: Session, operations: AttemptOperations) -> int:
    """End attempts whose time is up though nobody looks at them; return how many."""
    keys: Any = session.scalars(
        select(Attempt.id).where(Attempt.status == RUNNING, Attempt.ends_at <= utcnow())
        .order_by(Attempt.id).limit(500)).all()
    for key in keys:
        attempt = session.get(Attempt, key)
        if attempt is not None:
            operations.end_if_over(session, attempt)
    return len(keys)
