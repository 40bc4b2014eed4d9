"""The page on which a callback is made: the script question by question, the customer beside it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.errors import CarelineError
from app.sdk.models import Vehicle
from app.sdk.records import operations_of
from app.sdk.screens import Page, current_person, requires, translate, translated
from app.sdk.services import db, is_present, scope_filter
from plugins.callbacks import script_text
from plugins.callbacks.choices import SATISFACTIONS
from plugins.callbacks.models import Task
from plugins.callbacks.services import next_task

MOST_EARLIER = 5
_LEVELS = dict(SATISFACTIONS)


class CallPage(Page):
    """The next callback of a person, and each callback as it is made."""

    @expose("/call")
    @requires("edit")
    def next_call(self) -> BaseResponse | str:
        """Open the callback that comes next; without one, say so."""
        task = next_task(db.session, current_person())
        if task is None:
            return self.screen.render("callbacks/nothing_to_call.html")
        return redirect(self.screen.url("call_of", pk=task.id))

    @expose("/call/task/<pk>")
    @requires("edit")
    def call_of(self, pk: str) -> str:
        """Show a callback with the question that comes next."""
        task = self.screen.get_or_404(pk)
        script = script_text.read(task.script.text) if task.script else None
        way = list(script_text.walk(script, task.answers)) if script else []
        current = way[-1][0] if way and way[-1][1] is None else None
        return self.screen.render(
            "callbacks/call.html", record=task, script=task.script,
            answered=[(one, answer_text(one, answer)) for one, answer in way
                      if answer is not None],
            question=current, answers=_labelled(current), vehicles=_vehicles(task),
            earlier=_earlier(task),
            mine=task.state == "working" and task.owner_id == current_person().user_id,
        )

    @expose("/call/task/<pk>/answer", methods=["POST"])
    @requires("edit")
    def answer(self, pk: str) -> BaseResponse:
        """Store the answer to a question, and show the next one."""
        task = self.screen.get_or_404(pk)
        try:
            operations_of(Task).answer(
                db.session, current_person(), task, request.form.get("question", ""),
                request.form.get("answer", ""),
            )
        except CarelineError as error:
            flash(translate(error.message), "danger")
        return redirect(self.screen.url("call_of", pk=pk))


def answer_text(question: script_text.Question, answer: str) -> str:
    """Return an answer as people read it."""
    if question.kind == "level":
        return translated(_LEVELS[answer])
    return gettext("Said") if question.kind == "say" else answer


def _labelled(question: script_text.Question | None) -> list[tuple[str, str]]:
    return [(one, answer_text(question, one)) for one in question.answers] if question else []


def _vehicles(task: Task) -> list[Any]:
    person = current_person()
    if not person.can("can_show", "core.Vehicle"):
        return []
    return list(db.session.scalars(
        select(Vehicle).where(Vehicle.customer_id == task.customer_id, is_present(Vehicle),
                              scope_filter(person, Vehicle)).order_by(Vehicle.id)))


def _earlier(task: Task) -> list[Any]:
    return list(db.session.scalars(
        select(Task).where(
            Task.customer_id == task.customer_id, Task.id != task.id, is_present(Task),
            Task.last_tried_at.is_not(None), scope_filter(current_person(), Task, indexed=False),
        ).order_by(Task.last_tried_at.desc(), Task.id.desc()).limit(MOST_EARLIER)))
