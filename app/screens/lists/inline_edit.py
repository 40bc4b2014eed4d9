"""Changing one cell of a list in its place."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.screens.columns.cells import writer
from app.screens.forms.record_forms import RecordForms
from app.screens.forms.waiting import flash_waiting
from app.screens.records.details import RecordDetails
from app.screens.records.origin import Origin
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, go_to, safe_next

_UNPROCESSABLE = 422
_CONFLICT = 409


class CellPage(Page):
    """Cells that those who may edit change without leaving the list.

    Args:
        screen: the screen.
        record_forms: the forms.
        record_details: reads what related rows are called.
        origin: the list that one came from.
    """

    def __init__(
        self, screen: Screen, record_forms: RecordForms, record_details: RecordDetails,
        origin: Origin,
    ) -> None:
        super().__init__(screen)
        self._forms, self._details, self._origin = record_forms, record_details, origin

    def offered(self) -> frozenset[str]:
        """Return the columns whose cells the caller may change in the list."""
        declared = self.screen.declared
        return frozenset(declared.inline_columns if self.screen.can("can_edit") else ())

    @expose("/cell/<pk>/<column>", methods=["GET", "POST"])
    @requires("edit")
    def cell(self, pk: str, column: str) -> BaseResponse | tuple[str, int] | str:
        """Give the field of one cell, or save it and give what the cell shows now.

        A cell that somebody changed meanwhile is refused with both values.
        """
        record = self.screen.get_or_404(pk)
        if column not in self.screen.declared.inline_columns:
            abort(404)
        reason = self.screen.change_refusal(record)
        if reason:
            abort(409, description=reason)
        if "show" in request.args:
            return self.screen.render("screens/lists/_cell.html", value=self._cell(pk, column))
        form = self._forms.for_change(record)
        form.drop_unsent({column})
        if request.method == "GET":
            self._forms.learn_labels(form, record)
            return self._cell_form(record, form, column)
        if not form.validate():
            return self._cell_form(record, form, column), _UNPROCESSABLE
        version = self._forms.version_of(form, record)
        try:
            changes = self.screen.operations.change(
                db.session, actor(), record, {column: form[column].data}, version
            )
        except StaleRecord as stale:
            return self._stale_cell(stale.record, form, column, version)
        except (Rejected, Invalid) as error:
            self._forms.explain(form, error, record)
            return self._cell_form(record, form, column), _UNPROCESSABLE
        if flash_waiting(changes) or self.screen.datamodel.get(record.id) is None:
            # What waits is told above the list; a row may be gone from it. It is drawn anew.
            here = safe_next(request.headers.get("HX-Current-URL"), self.screen.url("list"))
            return go_to(self._origin.onward_from(record, here))
        return self.screen.render("screens/lists/_cell.html", value=self._cell(pk, column))

    def _stale_cell(
        self, record: Any, form: Any, column: str, version: int | None
    ) -> tuple[str, int] | str:
        present, mine = self._forms.data(record)[column], form[column].data
        theirs = {"value": self._forms.shown(column, present), "version": record.version}
        return self._cell_form(
            record, form, column, theirs=theirs, mine=self._forms.shown(column, mine)
        ), _CONFLICT

    def _cell_form(self, record: Any, form: Any, column: str, **more: Any) -> str:
        return self.screen.render(
            "screens/lists/_cell_form.html", record=record, form=form, column=column,
            address=self.screen.url("cell", pk=record.id, column=column), **more,
        )

    def _cell(self, pk: Any, name: str) -> Any:
        column = self.screen.columns[name]
        db.session.expire_all()
        record = self.screen.get_or_404(pk)
        is_relation = column.kind == "relation"
        related = self._details.related_values(record, [column]) if is_relation else {}
        value = related[name] if name in related else getattr(record, name)
        formatter = self.screen.declared.formatters_columns.get(name)
        return writer(column, self.screen.drawn_choices(name), formatter)(value)
