"""Questions from and to GIFT files."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import Response, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import ngettext
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response as BaseResponse

from app.sdk import N_
from app.sdk.errors import CarelineError, Invalid
from app.sdk.records import create, operations_of
from app.sdk.screens import Page, current_person, requires, translate
from app.sdk.services import db, is_present, write
from app.sdk.workflow import Message
from plugins.training.choices import DIFFICULTIES, LANGUAGES
from plugins.training.exams.gift import GiftProblem, GiftQuestion
from plugins.training.exams.gift import read as read_gift
from plugins.training.exams.gift import write as write_gift
from plugins.training.exams.models import Question, Topic

MOST_BYTES = 1_000_000
MOST_QUESTIONS = 2_000
_LEVELS = frozenset(code for code, _ in DIFFICULTIES)


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A file against the bank.

    Attributes:
        good: questions that can be taken, as values of a record.
        problems: why others cannot.
        known: how many are in the bank already and are left alone.
    """

    good: list[dict[str, Any]]
    problems: list[GiftProblem]
    known: int


class GiftPage(Page):
    """Reading a GIFT file in, with a report before anything is written; writing one."""

    @expose("/gift", methods=["GET", "POST"])
    @requires("add")
    def gift(self) -> BaseResponse | str:
        """Take a file, show the report, and write what can be taken."""
        topics = db.session.scalars(select(Topic).where(Topic.retired.is_(False))
                                    .order_by(Topic.position, Topic.id)).all()
        values: dict[str, Any] = {"topics": topics, "languages": LANGUAGES, "text": "",
                                  "checked": None, "chosen": "", "language": "zh"}
        if request.method == "POST":
            text = self._text()
            language = request.form.get("language", "zh")
            chosen = request.form.get("topic", "")
            checked = check(text, chosen, language if language in dict(LANGUAGES) else "zh")
            if "write" in request.form and checked.good:
                number = self._write(checked)
                flash(ngettext("%(num)s question was added.", "%(num)s questions were added.",
                               number), "success")
                return redirect(self.screen.url("list"))
            values |= {"report": [(one.line, translate(one.message), one.text)
                                  for one in checked.problems],
                       "text": text, "checked": checked, "chosen": chosen, "language": language}
        return self.screen.render("training/gift.html", **values)

    @staticmethod
    def _text() -> str:
        file = request.files.get("file")
        if file is None or not file.filename:
            return request.form.get("text", "")[:MOST_BYTES]
        raw = file.stream.read(MOST_BYTES)
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return raw.decode("gb18030", errors="replace")

    @staticmethod
    def _write(checked: Checked) -> int:
        person = current_person()
        with write(db.session):
            for values in checked.good:
                create(db.session, person, Question, values)
        return len(checked.good)

    @expose("/gift/export")
    @requires("export")
    def export_gift(self) -> Response:
        """Return the questions in use in one language as a GIFT file."""
        language = "en" if request.args.get("language") == "en" else "zh"
        rows = db.session.execute(
            select(Question, Topic.name, Topic.name_zh).join(Topic, Topic.id == Question.topic_id)
            .where(Question.language == language, Question.active.is_(True),
                   is_present(Question)).order_by(Topic.position, Topic.id, Question.id))
        body = write_gift(
            GiftQuestion(0, one.kind, one.text, one.answers, one.explanation,
                         (name_zh or name) if language == "zh" else name, one.difficulty)
            for one, name, name_zh in rows)
        return Response(body, mimetype="text/plain; charset=utf-8", headers={
            "Content-Disposition": f'attachment; filename="questions-{language}.gift"'})


def check(text: str, topic: str, language: str) -> Checked:
    """Return what of a file can be taken.

    Args:
        text: content of the file.
        topic: code of the topic of questions that name none that is known.
        language: language of the questions.
    """
    found, problems = read_gift(text)
    if len(found) > MOST_QUESTIONS:
        problems.append(GiftProblem(found[MOST_QUESTIONS].line, Message(
            N_("At most %(most)s questions are read at once."), {"most": MOST_QUESTIONS}), ""))
        found = found[:MOST_QUESTIONS]
    topics = _topics({one.topic for one in found} | {topic})
    there = set(db.session.scalars(select(Question.text).where(
        Question.language == language, is_present(Question),
        Question.text.in_([one.text for one in found]))))
    good, known = [], 0
    for one in found:
        if one.text in there:
            known += 1
            continue
        there.add(one.text)
        values = {
            "topic_id": topics.get(one.topic.casefold()) or topics.get(topic.casefold()),
            "kind": one.kind, "difficulty": one.difficulty if one.difficulty in _LEVELS else "easy",
            "language": language, "text": one.text[:1000], "answers": one.answers,
            "explanation": one.explanation}
        message = _problem(values)
        if message is None:
            good.append(values)
        else:
            problems.append(GiftProblem(one.line, message, one.text[:80]))
    return Checked(good, sorted(problems, key=lambda one: one.line), known)


def _topics(names: set[str]) -> dict[str, int]:
    wanted = [name for name in names if name]
    rows = db.session.scalars(select(Topic).where(Topic.retired.is_(False), or_(
        Topic.code.in_(wanted), func.lower(Topic.name).in_([one.lower() for one in wanted]),
        Topic.name_zh.in_(wanted))))
    return {key.casefold(): one.id for one in rows
            for key in (one.code, one.name, one.name_zh) if key}


def _problem(values: dict[str, Any]) -> Message | None:
    if values["topic_id"] is None:
        return Message(N_("The topic is not known: choose one for such questions."))
    try:
        errors = operations_of(Question).problems(db.session, current_person(), None, values)
    except Invalid as error:
        errors = error.errors
    except CarelineError as error:
        return error.message
    return next(iter(errors.values()), None)

