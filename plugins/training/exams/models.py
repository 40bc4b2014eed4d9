"""Tables of the question bank, of exams and of attempts."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Boolean, Float, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Dictionary, Json, Record, SharedRecord, UTCDateTime
from plugins.training.choices import RUNNING
from plugins.training.courses.models import Course
from plugins.training.shared import SharedWorkflow


class Topic(Dictionary, Base):
    """What questions are about (知识点)."""

    __tablename__ = "training_topic"
    __dictionary__ = "training.topic"


class Question(SharedRecord, Base):
    """A question of the bank (试题); ``answers`` is read by ``plugins.training.exams.answers``."""

    __tablename__ = "training_question"
    __table_args__ = (
        Index("ix_training_question_draw", "language", "active", "topic_id", "difficulty"),
    )
    __record_type__ = "training.question"
    __number_prefix__ = "ST"
    __title_field__ = "text"
    __search_fields__ = ("text", "explanation")

    topic_id: Mapped[int] = mapped_column(ForeignKey("training_topic.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="single", index=True)
    difficulty: Mapped[str] = mapped_column(String(8), default="easy", index=True)
    language: Mapped[str] = mapped_column(String(4), default="zh")
    text: Mapped[str] = mapped_column(String(1000))
    answers: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    topic: Mapped[Topic] = relationship()


class Exam(SharedWorkflow, Base):
    """An exam (考试) that is drawn from the bank for each attempt."""

    __tablename__ = "training_exam"
    __record_type__ = "training.exam"
    __number_prefix__ = "CS"
    __title_field__ = "name"
    __search_fields__ = ("name",)

    name: Mapped[str] = mapped_column(String(160))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("training_course.id"), index=True)
    language: Mapped[str] = mapped_column(String(4), default="zh")
    minutes: Mapped[int] = mapped_column(SmallInteger, default=30)
    pass_mark: Mapped[int] = mapped_column(SmallInteger, default=80)
    cooling_hours: Mapped[int] = mapped_column(SmallInteger, default=24)
    most_attempts: Mapped[int] = mapped_column(SmallInteger, default=3)
    explains: Mapped[bool] = mapped_column(Boolean, default=True)

    course: Mapped[Course | None] = relationship()


class ExamPart(SharedRecord, Base):
    """One line of an exam's blueprint: so many questions of a topic and a difficulty."""

    __tablename__ = "training_exam_part"
    __table_args__ = (
        Index("ix_training_exam_part_exam", "exam_id", "topic_id", "difficulty", unique=True),
    )
    __record_type__ = "training.exam_part"
    __number_prefix__ = "KX"

    exam_id: Mapped[int] = mapped_column(ForeignKey("training_exam.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("training_topic.id"))
    difficulty: Mapped[str] = mapped_column(String(8), default="")
    number_of: Mapped[int] = mapped_column(SmallInteger, default=5)
    points: Mapped[int] = mapped_column(SmallInteger, default=1)

    exam: Mapped[Exam] = relationship()
    topic: Mapped[Topic] = relationship()


class Attempt(Record, Base):
    """An attempt at an exam (答卷); the owner is the learner, all times are the server's."""

    __tablename__ = "training_attempt"
    __table_args__ = (
        Index("ix_training_attempt_owner_exam", "owner_id", "exam_id", "started_at"),
        Index("ix_training_attempt_exam_status", "exam_id", "status", "id"),
        Index("ix_training_attempt_status_ends", "status", "ends_at"),
    )
    __untracked_fields__: ClassVar[tuple[str, ...]] = (*Record.__untracked_fields__, "reached")
    __record_type__ = "training.attempt"
    __number_prefix__ = "DJ"

    exam_id: Mapped[int] = mapped_column(ForeignKey("training_exam.id"))
    status: Mapped[str] = mapped_column(String(12), default=RUNNING)
    started_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # The furthest question that was shown, from 1: nothing behind it is.
    reached: Mapped[int] = mapped_column(SmallInteger, default=1)
    pass_mark: Mapped[int] = mapped_column(SmallInteger, default=80)
    points: Mapped[float | None] = mapped_column(Float)
    most_points: Mapped[float] = mapped_column(Float, default=0.0)
    percent: Mapped[float | None] = mapped_column(Float)

    exam: Mapped[Exam] = relationship()


class AttemptItem(Base):
    """A question as it was drawn for an attempt: the bank may change, the attempt does not."""

    __tablename__ = "training_attempt_item"
    __table_args__ = (
        Index("ix_training_attempt_item_place", "attempt_id", "place", unique=True),
        Index("ix_training_attempt_item_question", "question_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("training_attempt.id"))
    place: Mapped[int] = mapped_column(SmallInteger)
    question_id: Mapped[int] = mapped_column(ForeignKey("training_question.id"))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(1000))
    answers: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    shown_order: Mapped[list[int]] = mapped_column(Json, default=list)
    most_points: Mapped[float] = mapped_column(Float, default=1.0)
    given: Mapped[Any] = mapped_column(Json, nullable=True)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    points: Mapped[float | None] = mapped_column(Float)
    # Points of the markers of a free text in order: [{"by": user id, "points": 1.5}, …].
    marks: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    attempt: Mapped[Attempt] = relationship()
    question: Mapped[Question] = relationship()
