"""Changing one cell of a list in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.screens.columns.cells import writer
from app.screens.columns.dictionaries import drawn_choices
from app.web.permission_check import requires
from app.web.request import actor, go_to, safe_next

_UNPROCESSABLE = 422
_CONFLICT = 409


class InlinePages:
    """Cells that those who may edit change without leaving the list."""

    inline_columns: Sequence[str] = ()

    def offered_inline(self) -> frozenset[str]:
        """Return the columns whose cells the caller may change in the list."""
        return frozenset(self.inline_columns) if self.can("can_edit") else frozenset()

    @expose("/cell/<pk>/<column>", methods=["GET", "POST"])
    @requires("edit")
    def cell(self, pk: str, column: str) -> BaseResponse | tuple[str, int] | str:
        """Give the field of one cell, or save it and give what the cell shows now.

        A cell that somebody changed meanwhile is refused with both values.
        """
        record = self.found(pk)
        if column not in self.inline_columns:
            abort(404)
        reason = self.change_refusal(record)
        if reason:
            abort(409, description=reason)
        if "show" in request.args:
            return self.render_template("screens/lists/_cell.html", value=self._cell(pk, column))
        form = self.edit_form(data=self.record_data(record))
        form.drop_unsent({column})
        if request.method == "GET":
            self._learn_labels(form, record)
            return self._cell_form(record, form, column)
        if not form.validate():
            return self._cell_form(record, form, column), _UNPROCESSABLE
        version = self.version_of(form, record)
        try:
            self.operations.change(
                db.session, actor(), record, {column: form[column].data}, version
            )
        except StaleRecord as stale:
            return self._stale_cell(stale.record, form, column, version)
        except (Rejected, Invalid) as error:
            self.explain(form, error, record)
            return self._cell_form(record, form, column), _UNPROCESSABLE
        if self.datamodel.get(record.id) is None:
            # The row is gone from the list, which is drawn anew as it was.
            here = safe_next(request.headers.get("HX-Current-URL"), self.url("list"))
            return go_to(self.onward_from(record, here))
        return self.render_template("screens/lists/_cell.html", value=self._cell(pk, column))

    def _stale_cell(
        self, record: Any, form: Any, column: str, version: int | None
    ) -> tuple[str, int] | str:
        present, mine = self.record_data(record)[column], form[column].data
        theirs = {"value": self._shown(column, present), "version": record.version}
        return self._cell_form(
            record, form, column, theirs=theirs, mine=self._shown(column, mine)
        ), _CONFLICT

    def _cell_form(self, record: Any, form: Any, column: str, **more: Any) -> str:
        return self.render_template(
            "screens/lists/_cell_form.html", view=self, record=record, form=form,
            column=column, address=self.url("cell", pk=record.id, column=column), **more,
        )

    def _cell(self, pk: Any, name: str) -> Any:
        column = self.columns[name]
        db.session.expire_all()
        record = self.found(pk)
        related = self._related_values(record, [column]) if column.kind == "relation" else {}
        value = related[name] if name in related else getattr(record, name)
        formatter = (self.formatters_columns or {}).get(name)
        return writer(column, drawn_choices(self, name), formatter)(value)
