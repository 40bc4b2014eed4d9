"""Pages on which an exam is taken, looked through afterwards, and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.errors import CarelineError, Invalid
from app.sdk.records import operations_of
from app.sdk.screens import Page, current_person, is_partial, requires, translate
from app.sdk.services import db, utcnow
from plugins.training.choices import MARKING, RUNNING
from plugins.training.exams import answers as forms
from plugins.training.exams.attempts import AttemptOperations
from plugins.training.exams.bank import parts_of
from plugins.training.exams.models import Attempt, AttemptItem, Exam
from plugins.training.exams.workflow import PUBLISHED

# So often the page asks for the time that is left; more often towards the end.
_CLOCK_SECONDS, _LAST_MINUTES_SECONDS, _LAST_MINUTES = 30, 5, 2


def _operations() -> AttemptOperations:
    operations = operations_of(Attempt)
    assert isinstance(operations, AttemptOperations)
    return operations


def _sentence(error: CarelineError) -> str:
    if isinstance(error, Invalid):
        return " ".join(translate(one) for one in error.errors.values())
    return translate(error.message)


class TakePage(Page):
    """The way into an exam: its rules, and the button that begins an attempt."""

    @expose("/take/<pk>")
    @requires("take")
    def take(self, pk: str) -> str:
        """Show what awaits the learner."""
        exam = self._published(pk)
        person = current_person()
        running = _operations().running(db.session, person, exam)
        if running is not None and _operations().end_if_over(db.session, running):
            running = None
        parts = parts_of(db.session, exam)
        refused = None if running else _operations().refusal(
            db.session, person, exam, utcnow())
        return self.screen.render(
            "training/take.html", exam=exam, running=running,
            questions=sum(part.number for part in parts),
            refused=translate(refused) if refused is not None else "")

    @expose("/take/<pk>/start", methods=["POST"])
    @requires("take")
    def start(self, pk: str) -> BaseResponse:
        """Begin, or go on."""
        exam = self._published(pk)
        try:
            attempt = _operations().start(db.session, current_person(), exam)
        except CarelineError as error:
            flash(_sentence(error), "danger")
            return redirect(self.screen.url("take", pk=pk))
        return redirect(f"/training/attempts/{attempt.id}/question/{attempt.reached}")

    def _published(self, pk: str) -> Exam:
        exam = self.screen.get_or_404(pk)
        if exam.state != PUBLISHED:
            abort(404)
        return exam


class AttemptPage(Page):
    """The questions of one's own attempt, one on a page."""

    @expose("/<pk>/question/<int:place>", methods=["GET", "POST"])
    @requires("answer")
    def question(self, pk: str, place: int) -> BaseResponse | str:
        """Show a question that has been reached, and store its answer."""
        attempt = self._own(pk)
        if _operations().end_if_over(db.session, attempt):
            return self._leave(attempt)
        if request.method == "POST":
            return self._answered(attempt, place)
        item = self._reached(attempt, place)
        if item is None:
            return redirect(self.screen.url("question", pk=pk, place=attempt.reached))
        return self._page(attempt, item)

    def _answered(self, attempt: Attempt, place: int) -> BaseResponse | str:
        go, given = request.form.get("go", ""), request.form.getlist("answer")
        try:
            _operations().answer(db.session, current_person(), attempt, place, given,
                                 onwards=go in ("next", "end"))
        except Invalid as error:
            item = self._reached(attempt, place)
            if item is None or is_partial():
                abort(422)
            return self._page(attempt, item, _sentence(error), given)
        except CarelineError as error:
            flash(_sentence(error), "danger")
            return self._leave(attempt)
        if is_partial():
            return self.screen.render("training/_saved.html")
        if go == "end":
            return redirect(self.screen.url("hand_in", pk=attempt.id))
        step = {"next": 1, "previous": -1}.get(go, 0)
        target = int(go) if go.isdecimal() else place + step
        return redirect(self.screen.url(
            "question", pk=attempt.id, place=max(1, min(target, attempt.reached))))

    @expose("/<pk>/clock")
    @requires("answer")
    def clock(self, pk: str) -> BaseResponse | str:
        """Return the time that is left, by the clock of the server."""
        attempt = self._own(pk)
        if _operations().end_if_over(db.session, attempt):
            gone = BaseResponse("")
            gone.headers["HX-Redirect"] = self.screen.url("review", pk=pk)
            return gone
        return self.screen.render("training/_clock.html", attempt=attempt, **_clock(attempt))

    @expose("/<pk>/hand-in", methods=["GET", "POST"])
    @requires("answer")
    def hand_in(self, pk: str) -> BaseResponse | str:
        """Ask whether the attempt ends, and end it."""
        attempt = self._own(pk)
        if _operations().end_if_over(db.session, attempt):
            return self._leave(attempt)
        if request.method == "POST":
            _operations().finish(db.session, current_person(), attempt)
            return self._leave(attempt)
        return self.screen.render(
            "training/hand_in.html", attempt=attempt, **_clock(attempt),
            items=[one for one in _operations().items(db.session, attempt)
                   if one.place <= attempt.reached],
            total=_operations().length(db.session, attempt))

    @expose("/<pk>/review")
    @requires("answer")
    def review(self, pk: str) -> BaseResponse | str:
        """Show the result, and the explanations where the exam gives them."""
        attempt = self.screen.get_or_404(pk)
        if not _operations().end_if_over(db.session, attempt):
            if attempt.owner_id != current_person().user_id:
                abort(404)
            return redirect(self.screen.url("question", pk=pk, place=attempt.reached))
        explains = attempt.exam.explains and attempt.status != MARKING
        return self.screen.render(
            "training/review.html", attempt=attempt, explains=explains,
            items=[shown_item(one) for one in _operations().items(db.session, attempt)]
            if explains else [])

    def _own(self, pk: str) -> Attempt:
        attempt = self.screen.get_or_404(pk)
        if attempt.owner_id != current_person().user_id:
            abort(404)
        return attempt

    @staticmethod
    def _reached(attempt: Attempt, place: int) -> AttemptItem | None:
        if not 1 <= place <= attempt.reached:
            return None
        return _operations().item(db.session, attempt, place)

    def _leave(self, attempt: Attempt) -> BaseResponse:
        address = self.screen.url("review", pk=attempt.id)
        if is_partial():
            gone = BaseResponse("")
            gone.headers["HX-Redirect"] = address
            return gone
        return redirect(address)

    def _page(
        self, attempt: Attempt, item: AttemptItem, error: str = "", typed: Sequence[str] = ()
    ) -> str:
        answers = forms.read(item.kind, item.answers)
        return self.screen.render(
            "training/question_page.html", attempt=attempt, item=item, given=item.given,
            error=error, typed=typed[0] if typed else forms.typed(answers, item.given),
            options=[(place, answers.options[place]) for place in item.shown_order],
            total=_operations().length(db.session, attempt), **_clock(attempt))


def _clock(attempt: Attempt) -> dict[str, Any]:
    seconds = max(0, int((attempt.ends_at - utcnow()).total_seconds()))
    minutes = -(-seconds // 60)
    return {"minutes": minutes, "clock_seconds":
            _LAST_MINUTES_SECONDS if minutes <= _LAST_MINUTES else _CLOCK_SECONDS}


def shown_item(item: AttemptItem) -> dict[str, Any]:
    """Return a question after the end: what was answered, what is right, and why."""
    answers = forms.read(item.kind, item.answers)
    return {
        "place": item.place, "kind": item.kind, "text": item.text, "points": item.points,
        "most": item.most_points, "explanation": item.explanation,
        "given": _in_words(answers, item.given), "right": _right_in_words(answers),
    }


def _in_words(answers: forms.Answers, given: Any) -> list[str]:
    if given is None:
        return []
    if answers.kind in (forms.NUMBER, forms.TEXT):
        return [forms.typed(answers, given)]
    return [answers.options[place] for place in given]


def _right_in_words(answers: forms.Answers) -> list[str]:
    if answers.kind == forms.TEXT:
        return answers.model.splitlines()
    if answers.kind == forms.NUMBER:
        low, high = forms.written(answers.low), forms.written(answers.high)
        return [low if low == high else f"{low} … {high}"]
    if answers.kind == forms.ORDERING:
        return list(answers.options)
    return [answers.options[place] for place in answers.right]


class MarkingPage(Page):
    """Free texts that a person marks; names of learners and earlier marks are not shown."""

    @expose("/<pk>/mark", methods=["GET", "POST"])
    @requires("mark")
    def mark(self, pk: str) -> BaseResponse | str:
        """Show the free texts of an attempt, and take a mark."""
        attempt = self.screen.get_or_404(pk)
        if request.method == "POST":
            self._marked(attempt)
            return redirect(self.screen.url("mark" if attempt.status == MARKING else "show",
                                            pk=pk))
        person = current_person()
        items = [
            {**shown_item(one), "is_mine": any(m["by"] == person.user_id for m in one.marks),
             "marks": len(one.marks)}
            for one in _operations().items(db.session, attempt)
            if one.kind == forms.TEXT and one.given is not None
        ] if attempt.status != RUNNING and attempt.owner_id != person.user_id else []
        return self.screen.render("training/mark.html", attempt=attempt, items=items,
                                  is_marking=attempt.status == MARKING)

    @staticmethod
    def _marked(attempt: Attempt) -> None:
        place, points = request.form.get("place", ""), request.form.get("points", "")
        try:
            given = float(points)
        except ValueError:
            given = -1.0
        try:
            _operations().mark(db.session, current_person(), attempt,
                               int(place) if place.isdecimal() else 0, given)
        except CarelineError as error:
            flash(_sentence(error), "danger")
