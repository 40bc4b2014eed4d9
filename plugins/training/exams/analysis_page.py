"""What the answers say about the questions."""

from __future__ import annotations

import dataclasses

from flask_appbuilder.baseviews import expose
from sqlalchemy import select

from app.sdk.screens import Page, requires
from app.sdk.services import db, is_present
from plugins.training.choices import FAILED, PASSED
from plugins.training.exams.models import Attempt, AttemptItem, Question
from plugins.training.exams.scoring import Analysis, analysis

MOST_ATTEMPTS = 5_000
SHOWN = 200
# Questions beyond these bounds are worth a look.
TOO_EASY, TOO_HARD, WEAK = 0.95, 0.30, 0.10


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A question with its figures.

    Attributes:
        id, number, text: of the question.
        figures: share right and discrimination.
    """

    id: int
    number: str
    text: str
    figures: Analysis

    @property
    def is_easy(self) -> bool:
        """Whether nearly everybody knows it."""
        return self.figures.share_right is not None and self.figures.share_right >= TOO_EASY

    @property
    def is_hard(self) -> bool:
        """Whether hardly anybody knows it."""
        return self.figures.share_right is not None and self.figures.share_right <= TOO_HARD

    @property
    def is_weak(self) -> bool:
        """Whether the good know it no better than the others."""
        return self.figures.discrimination is not None and self.figures.discrimination < WEAK


def lines() -> list[Line]:
    """Return the questions that were answered in the latest finished attempts, worst first."""
    latest = (
        select(Attempt.id, Attempt.percent)
        .where(Attempt.status.in_((PASSED, FAILED)), Attempt.percent.is_not(None),
               is_present(Attempt))
        .order_by(Attempt.id.desc()).limit(MOST_ATTEMPTS).subquery())
    rows = db.session.execute(
        select(AttemptItem.question_id, latest.c.percent, AttemptItem.points,
               AttemptItem.most_points).join(latest, latest.c.id == AttemptItem.attempt_id))
    results: dict[int, list[tuple[float, float]]] = {}
    for key, percent, points, most in rows:
        results.setdefault(key, []).append((percent, (points or 0.0) / most))
    named = {
        row.id: row for row in db.session.execute(
            select(Question.id, Question.number, Question.text)
            .where(Question.id.in_(list(results)), is_present(Question)))}
    found = [Line(key, named[key].number, named[key].text, analysis(one))
             for key, one in results.items() if key in named]
    return sorted(found, key=_rank)


def _rank(line: Line) -> tuple[float, float, int]:
    value = line.figures.discrimination
    return (2.0 if value is None else value, line.figures.share_right or 0.0, line.id)


class AnalysisPage(Page):
    """The questions with share right and discrimination."""

    @expose("/analysis")
    @requires("list")
    def analysis(self) -> str:
        """Show the questions, those that need a look first."""
        found = lines()
        return self.screen.render("training/analysis.html", lines=found[:SHOWN],
                                  number=len(found))
