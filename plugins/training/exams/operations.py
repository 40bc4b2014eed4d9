"""By which rules questions, exams and their parts are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import (
    AvailableAction,
    Done,
    RecordOperations,
    WorkflowOperations,
    create,
    made_together,
)
from app.sdk.services import Actor, is_present
from app.sdk.workflow import Message
from plugins.training.access import EXAM
from plugins.training.exams.answers import BadAnswers, read
from plugins.training.exams.models import Exam, ExamPart, Question
from plugins.training.exams.workflow import DRAFT
from plugins.training.shared import number_problems

COPY = "copy"
_COPIED = ("course_id", "language", "minutes", "pass_mark", "cooling_hours", "most_attempts",
           "explains", "name")
_FIXED = Message(N_("Only a draft is changed: copy the exam."))


@made_together
class QuestionOperations(RecordOperations):
    """Operations on questions; an attempt keeps the text that it was drawn with."""

    required = ("topic_id", "text")

    def validate(
        self, session: Session, actor: Actor, record: Question | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse answers that do not fit the kind."""
        errors = super().validate(session, actor, record, values)
        kind = values.get("kind") or (record.kind if record is not None else "single")
        text = values.get("answers", record.answers if record is not None else "") or ""
        if {"kind", "answers"} & values.keys() or record is None:
            try:
                read(kind, text)
            except BadAnswers as error:
                errors["answers"] = error.message
        return errors


class ExamOperations(WorkflowOperations):
    """Operations on exams: what is published never changes under those who take it."""

    required = ("name",)
    action_icons = {"publish": "check", "retire": "archive"}

    def validate(
        self, session: Session, actor: Actor, record: Exam | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse numbers that make no sense."""
        return super().validate(session, actor, record, values) | number_problems(values, {
            "minutes": (1, 480), "pass_mark": (1, 100), "cooling_hours": (0, 8760),
            "most_attempts": (0, 100)})

    def refuse_change(self, session: Session, actor: Actor, record: Exam) -> Message | None:
        """Only a draft is changed."""
        return super().refuse_change(session, actor, record) or (
            None if record.state == DRAFT else _FIXED)

    def actions(self, session: Session, actor: Actor, record: Exam) -> Sequence[AvailableAction]:
        """Add the copy of an exam that is not changed any more."""
        found = list(super().actions(session, actor, record))
        if record.state != DRAFT and not record.is_away:
            found.append(AvailableAction(name=COPY, label=N_("Copy as a draft"), icon="copy",
                                         permission=("can_add", EXAM)))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Exam, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Copy an exam with its parts."""
        if name != COPY:
            return super().carry_out(session, actor, record, name, values)
        made = create(session, actor, Exam, {one: getattr(record, one) for one in _COPIED})
        for part in session.scalars(select(ExamPart).where(
                ExamPart.exam_id == record.id, is_present(ExamPart))).all():
            create(session, actor, ExamPart, {
                "exam_id": made.id, "topic_id": part.topic_id, "difficulty": part.difficulty,
                "number_of": part.number_of, "points": part.points})
        return Done(Message(N_("%(number)s is the draft."), {"number": made.number}))


class ExamPartOperations(RecordOperations):
    """Operations on the lines of a blueprint."""

    required = ("exam_id", "topic_id")

    def validate(
        self, session: Session, actor: Actor, record: ExamPart | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a part of an exam that is no draft, and numbers that make no sense."""
        errors = super().validate(session, actor, record, values) | number_problems(
            values, {"number_of": (1, 200), "points": (1, 100)})
        exam = session.get(Exam, values["exam_id"]) if values.get("exam_id") else None
        if exam is not None and exam.state != DRAFT:
            errors["exam_id"] = _FIXED
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: ExamPart) -> Message | None:
        """A part is changed as long as its exam is."""
        return super().refuse_change(session, actor, record) or self._fixed(session, record)

    def refuse_delete(self, session: Session, actor: Actor, record: ExamPart) -> Message | None:
        """A part is deleted as long as its exam is changed."""
        return self._fixed(session, record)

    @staticmethod
    def _fixed(session: Session, record: ExamPart) -> Message | None:
        exam = session.get(Exam, record.exam_id)
        return _FIXED if exam is not None and exam.state != DRAFT else None
