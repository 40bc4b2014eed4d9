"""The form pages: a new row, a change, and the choice between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.access.scope import is_scoped
from app.database import db, write
from app.errors import Invalid, Rejected, StaleRecord
from app.records.mixin import Record
from app.screens.contracts import Section
from app.screens.forms import submissions
from app.screens.forms.conflict_page import ConflictPage
from app.screens.forms.drafts import DraftsPage
from app.screens.forms.form_steps import BUTTON_AND_NEXT, FormStep, first_step_of, step_of
from app.screens.forms.record_forms import RecordForms
from app.screens.forms.suggestions import note_form_answers, panel_of
from app.screens.forms.waiting import flash_waiting
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, safe_next

_UNPROCESSABLE = 422


def _leads_on() -> bool:
    """Return whether the button leads on to the next form."""
    return not {"save_next", BUTTON_AND_NEXT}.isdisjoint(request.form)


class FormPage(Page):
    """Add and edit of a screen.

    Args:
        screen: the screen.
        record_forms: the forms.
        record_header: names the record.
        drafts_page: keeps what was typed.
        conflict_page: shows two versions of a row.
        origin: the list that one came from.
    """

    def __init__(
        self, screen: Screen, record_forms: RecordForms, record_header: RecordHeader,
        drafts_page: DraftsPage, conflict_page: ConflictPage, origin: Origin,
    ) -> None:
        super().__init__(screen)
        self._forms, self._header, self._origin = record_forms, record_header, origin
        self._drafts, self._conflict = drafts_page, conflict_page

    # --- hooks -------------------------------------------------------------------------------
    def context(self, form: Any, record: Any | None) -> dict[str, Any]:
        """Return further values for the template of the form."""
        return {}

    def is_seen_by_nobody(self) -> bool:
        """Return whether only its author, and who sees everything, would see a new record.

        Override where a service gives it to a department.
        """
        person, model = actor(), self.screen.model
        return (
            issubclass(model, Record) and is_scoped(model)
            and person.department_id is None and person.team_id is None
        )

    def prefill(self) -> dict[str, Any]:
        """Return what the address fills in; only declared columns can be."""
        data: dict[str, Any] = {}
        if request.method == "POST":
            return data
        for name in self.screen.declared.prefill_columns:
            text = request.args.get(name, "").strip()[:500].replace("\x00", "")
            column = self.screen.columns.get(name)
            if not text or column is None:
                continue
            if column.kind == "relation":
                key = self.screen.datamodel.parse_key(text)
                if key is not None:
                    data[name] = key
            elif column.kind in ("text", "long_text", "sensitive", "choice"):
                data[name] = text
        return data

    # --- add ---------------------------------------------------------------------------------
    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> Response | tuple[str, int] | str:
        """Show the form for a new row, or create it."""
        screen, names = self.screen, self.screen.declared.add_columns
        form, step = self._forms.for_new(**self.prefill()), first_step_of(screen)
        wanted = step if step is not None and step.is_wanted else None
        if request.method == "POST" and self._fits(form, wanted):
            values = form.submitted(names, request.form)
            try:
                record, made = submissions.create_once(
                    db.session, actor(), submissions.name_of(screen.endpoint, request.form),
                    lambda: self._created(values, wanted),
                )
            except (Rejected, Invalid) as error:
                refused = wanted if wanted is not None and wanted.refused is error else None
                self._forms.explain(refused.form if refused else form, error, None)
            else:
                if made is not None:
                    return self._saved_before(made)
                flash(gettext("%(record)s has been created.", record=str(record)), "success")
                return self._onward(record, screen.url("add"))
        return self._page(form, None, names, step)

    def _fits(self, form: Any, step: FormStep | None) -> bool:
        """Return whether what was sent can be saved; all that is missing is said at once."""
        self._forms.drop_hidden(form)
        checked = [one.validate() for one in (form, None if step is None else step.form)
                   if one is not None]
        return all(checked)

    def _created(self, values: dict[str, Any], step: FormStep | None) -> Any:
        record = self.create(values)
        note_form_answers(self.screen, record)
        if step is not None:
            step.take(self.screen, record)
        self._drafts.drop(None)
        return record

    def create(self, values: dict[str, Any]) -> Any:
        """Create the row that the form describes; called in the transaction that makes it once."""
        return self.screen.operations.create(db.session, actor(), values)

    def _saved_before(self, row_id: int) -> Response:
        """Lead to the row that the same submission has made."""
        record = self.screen.datamodel.get(str(row_id))
        if record is None:
            return redirect(self.screen.url("list"))
        flash(gettext("%(record)s is saved already.", record=str(record)), "info")
        return self._onward(record, self.screen.url("add"))

    # --- edit --------------------------------------------------------------------------------
    @expose("/edit/<pk>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: str) -> Response | tuple[str, int] | str:
        """Show the form for a row, or change it; what is not sent stays as it is."""
        record = self.screen.get_or_404(pk)
        reason = self.screen.change_refusal(record)
        if reason:
            flash(reason, "warning")
            return redirect(self._origin.page_of(record.id))
        form, step = self._forms.for_change(record), step_of(self.screen, record)
        if request.method == "POST":
            wanted = step if step is not None and step.is_wanted else None
            form.drop_unsent(self._sent())
            if self._fits(form, wanted):
                return self._save_change(form, record, step, wanted)
        return self._page(form, record, self.screen.declared.edit_columns, step)

    @staticmethod
    def _sent() -> list[str]:
        """Return what was sent, without the fields for which a conflict was settled as "theirs"."""
        sent = request.form.to_dict()
        return [name for name in sent if sent.get(f"keep__{name}") != "theirs"]

    def _save_change(
        self, form: Any, record: Any, step: FormStep | None, wanted: FormStep | None
    ) -> Response | tuple[str, int] | str:
        screen, names = self.screen, self.screen.declared.edit_columns
        values = form.submitted(names, self._sent())
        version = self._forms.version_of(form, record)
        try:
            with write(db.session):
                changes = screen.operations.change(db.session, actor(), record, values, version)
                if wanted is not None:
                    wanted.take(screen, record)
                self._drafts.drop(record)
        except StaleRecord as stale:
            return self._conflict.answer(form, stale.record, values, version)
        except (Rejected, Invalid) as error:
            record = screen.datamodel.get(record.id)
            refused = wanted if wanted is not None and wanted.refused is error else None
            self._forms.explain(refused.form if refused else form, error, record)
            return self._page(form, record, names, step)
        if not flash_waiting(changes) or changes:
            flash(gettext("%(record)s has been saved.", record=str(record)), "success")
        return self._onward(record, self._next_url(record))

    def _next_url(self, record: Any) -> str:
        """Return the form of the row that follows in the list one came from."""
        if not _leads_on():
            return ""
        _, following = self.screen.datamodel.neighbours(self._origin.list_query(), record.id)
        if following is None:
            return self._origin.list_address()
        return self.screen.url("edit", pk=following, list=self._origin.arguments() or None)

    def _onward(self, record: Any, next_form: str) -> Response:
        if _leads_on() and next_form:
            return redirect(next_form)
        shows = self.screen.can("can_show")
        target = self._origin.page_of(record.id) if shows else self._origin.list_address()
        return redirect(
            self._origin.onward_from(record, safe_next(request.args.get("next"), target)))

    # --- drawing -----------------------------------------------------------------------------
    def _page(
        self, form: Any, record: Any | None, names: Sequence[str], step: FormStep | None = None
    ) -> tuple[str, int] | str:
        shown, declared = set(names), self.screen.declared
        sections = [
            Section(title=s.title, wide=s.wide, folded=s.folded,
                    fields=tuple(n for n in s.fields if n in shown and n in form))
            for s in (*declared.form_sections, *self.screen.custom.section())
        ]
        if record is not None:
            self._forms.learn_labels(form, record)
        page = self.screen.render(
            declared.form_template, form=form, record=record,
            sections=[section for section in sections if section.fields],
            title=self._header.title(record) if record is not None else "",
            conditions=declared.conditions, step=step,
            suggestions=panel_of(self.screen, record, among=shown),
            hidden_from_others=record is None and self.is_seen_by_nobody(),
            **self.context(form, record),
        )
        has_errors = form.errors or (step is not None and step.form.errors)
        return (page, _UNPROCESSABLE) if has_errors else page
