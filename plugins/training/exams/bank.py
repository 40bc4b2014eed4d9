"""The blueprint of an exam against the question bank."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import Actor, is_present
from app.sdk.workflow import Message
from plugins.training.choices import DIFFICULTIES
from plugins.training.exams.blueprint import BankItem, Part, Shortage, shortages
from plugins.training.exams.models import Exam, ExamPart, Question, Topic

_DIFFICULTIES = dict(DIFFICULTIES)


def parts_of(session: Session, exam: Exam) -> list[Part]:
    """Return the blueprint of an exam."""
    return [
        Part(row.topic_id, row.number_of, row.difficulty, row.points)
        for row in session.execute(
            select(ExamPart.topic_id, ExamPart.number_of, ExamPart.difficulty, ExamPart.points)
            .where(ExamPart.exam_id == exam.id, is_present(ExamPart)).order_by(ExamPart.id))
    ]


def bank_for(session: Session, exam: Exam, topics: set[int]) -> list[BankItem]:
    """Return the questions in the language of an exam that may be drawn, of some topics."""
    return [
        BankItem(row.id, row.topic_id, row.difficulty)
        for row in session.execute(
            select(Question.id, Question.topic_id, Question.difficulty)
            .where(Question.language == exam.language, Question.active.is_(True),
                   Question.topic_id.in_(topics), is_present(Question)))
    ]


def bank_fills(session: Session, _actor: Actor, exam: Exam) -> Message | None:
    """Guard: what the blueprint asks for can be drawn."""
    parts = parts_of(session, exam)
    if not parts:
        return Message(N_("The exam has no parts: say which questions it draws."))
    lacking = shortages(parts, bank_for(session, exam, {part.topic for part in parts}))
    return shortage_message(session, lacking[0]) if lacking else None


def shortage_message(session: Session, shortage: Shortage) -> Message:
    """Return a sentence that says what the bank lacks."""
    topic = session.get(Topic, shortage.topic)
    values = {"topic": topic.name_zh or topic.name if topic is not None else "",
              "wanted": shortage.wanted, "available": shortage.available}
    if not shortage.difficulty:
        return Message(N_("Of the topic %(topic)s the exam wants %(wanted)s questions of any "
                          "difficulty; the bank has %(available)s left."), values)
    values["difficulty"] = Message(_DIFFICULTIES[shortage.difficulty])
    return Message(N_("Of the topic %(topic)s (%(difficulty)s) the exam wants %(wanted)s "
                      "questions; the bank has %(available)s."), values)


GUARDS = {"bank_fills": bank_fills}
