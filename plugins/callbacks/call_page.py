"""The page on which a callback is made: the script question by question, the customer beside it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.errors import CarelineError, Invalid
from app.sdk.screens import (
    Page,
    RevealPage,
    current_person,
    draft_values,
    drop_draft,
    requires,
    safe_next,
    save_draft,
    suggestion_panel,
    translate,
    zone,
)
from app.sdk.services import act, db, lock, write
from plugins.callbacks import call_context, call_form
from plugins.callbacks.contact_rules import verdict_of
from plugins.callbacks.models import Task
from plugins.callbacks.operations import CONTACT, task_operations
from plugins.callbacks.services import call_in_progress, callers_tasks, held_tasks, next_task
from plugins.callbacks.workflow import VIEW

_LARGEST = 100_000
_UNPROCESSABLE = 422


def draft_name(task: Task) -> str:
    """Return under which name what is typed on the page of a callback is saved."""
    return f"{VIEW}:call:{task.id}"


class CallPage(Page):
    """The next callback of a person, and each callback as it is made."""

    @expose("/call")
    @requires("edit")
    def next_call(self) -> BaseResponse | str:
        """Open what was begun, else the callback that comes next; without one, say so."""
        person = current_person()
        task = call_in_progress(db.session, person) or next_task(db.session, person)
        if task is None:
            return self.screen.render(
                "callbacks/nothing_to_call.html", held=held_tasks(db.session, person, most=50))
        return redirect(self.screen.url("call_of", pk=task.id))

    @expose("/call/held")
    @requires("edit")
    def held_calls(self) -> str:
        """List what is due and must wait: why, and when it opens; others' for who may move it."""
        person = current_person()
        wide = request.args.get("all") == "1" and person.can("can_reassign", VIEW)
        return self.screen.render(
            "callbacks/held.html", held=held_tasks(db.session, person, own=not wide), wide=wide,
            may_widen=person.can("can_reassign", VIEW))

    @expose("/call/ring-back")
    @requires("edit")
    def find_ring_back(self) -> BaseResponse | str:
        """Find the open callbacks of a number that calls; a single one is opened at once."""
        number = request.args.get("number", "").strip()
        found = callers_tasks(db.session, current_person(), number) if number else []
        if len(found) == 1:
            return redirect(self.screen.url("call_of", pk=found[0].id))
        return self.screen.render("callbacks/ring_back.html", number=number, found=[
            (one, call_context.open_question(one)) for one in found])

    @expose("/call/task/<pk>")
    @requires("edit")
    def call_of(self, pk: str) -> str:
        """Show a callback with the question that comes next, or with the record of the contact."""
        return self._page(self.screen.get_or_404(pk))

    @expose("/call/task/<pk>/answer", methods=["POST"])
    @requires("edit")
    def answer(self, pk: str) -> BaseResponse:
        """Store the answer to a question, and show the next one."""
        task = self.screen.get_or_404(pk)
        try:
            task_operations().answer(
                db.session, current_person(), task, request.form.get("question", ""),
                request.form.get("answer", ""),
            )
        except CarelineError as error:
            flash(translate(error.message), "danger")
        return redirect(self.screen.url("call_of", pk=pk))

    @expose("/call/task/<pk>/typed", methods=["POST"])
    @requires("edit")
    def typed(self, pk: str) -> Response:
        """Save what is being typed, so that a closed browser loses nothing of it."""
        task = self.screen.get_or_404(pk)
        if (request.content_length or 0) > _LARGEST:
            abort(413)
        person, name = current_person().person_id, draft_name(task)
        given = {
            field: request.form[field].replace("\x00", "")
            for field in request.form if field in call_form.TYPED
        }
        # A box that is not ticked is not sent: what is saved says which boxes the form has.
        given |= {field: "" for field in request.form.getlist("boxes")
                  if field in call_form.TYPED and field not in given}
        with write(db.session):
            # Two tabs, or a slow line: the later request adds to the earlier one.
            lock(db.session, task)
            if not call_context.is_mine(task):
                # Somebody else's, or recorded while this waited: nobody would clear the draft.
                abort(409)
            save_draft(db.session, person, name, {
                **draft_values(db.session, person, name), **given})
        return Response(status=204)

    @expose("/call/task/<pk>/record", methods=["POST"])
    @requires("edit")
    def record(self, pk: str) -> BaseResponse | tuple[str, int]:
        """Record the contact, and go on with the next callback."""
        task = self.screen.get_or_404(pk)
        draft = draft_values(db.session, current_person().person_id, draft_name(task))
        sent = {**draft, **{name: request.form[name] for name in request.form
                            if name in call_form.TYPED}}
        if request.form.get("end_with"):
            sent = {**sent, "outcome_id": request.form["end_with"]}
        try:
            done = act(db.session, current_person(), task, CONTACT,
                       call_form.values_of(sent, zone()))
        except Invalid as error:
            db.session.rollback()
            return self._page(task, sent, error.errors), _UNPROCESSABLE
        except CarelineError as error:
            db.session.rollback()
            flash(translate(error.message), "danger")
            return redirect(self.screen.url("call_of", pk=pk))
        drop_draft(db.session, current_person().person_id, draft_name(task))
        if done.message is not None:
            flash(translate(done.message), "success")
        return redirect(safe_next(request.form.get("next"), self.screen.url("next_call")))

    def _page(
        self, task: Task, sent: dict[str, Any] | None = None, errors: dict[str, Any] | None = None
    ) -> str:
        mine = call_context.is_mine(task)
        draft = sent if sent is not None else (
            draft_values(db.session, current_person().person_id, draft_name(task)) if mine else {})
        return self.screen.render(
            "callbacks/call.html", record=task, mine=mine, errors={
                name: translate(message) for name, message in (errors or {}).items()},
            suggestions=suggestion_panel(self.screen, task) if mine else None,
            **call_context.script_part(task, request.args.get("question", ""), draft),
            **call_context.record_part(task, draft, "record" in request.args or bool(errors)),
            **call_context.side_part(task),
        )


class GovernedReveal(RevealPage):
    """Masked values of a callback; a number is given to be called only while that is allowed."""

    @expose("/call/<pk>/<name>", methods=["POST"])
    @requires("show")
    def call(self, pk: str, name: str) -> str:
        """Show the number as a link that dials it, or why and until when it is not called."""
        task = self.task_of(self.screen.get_or_404(pk))
        verdict = verdict_of(db.session, task)
        if not verdict.allowed and not task.inbound:
            return self.screen.render("callbacks/held_note.html", verdict=verdict)
        return super().call(pk, name)

    def task_of(self, record: Any) -> Task:
        """Return the callback by whose rules a record's customer is called."""
        return record
