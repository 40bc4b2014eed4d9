"""Export: the rows of a list, as filtered and sorted, as a file."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from flask import Response, abort, current_app, request, stream_with_context
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.access.audit import record_act
from app.database import db, utcnow, write
from app.forms.build import translate
from app.records import reveals
from app.screens.bulk.selection import Selection
from app.screens.columns.cells import plain_writer
from app.screens.columns.columns import Column
from app.screens.columns.custom_fields import clear_value
from app.screens.lists.column_chooser import ColumnPage
from app.screens.lists.export import XLSX_ROWS, csv_parts, xlsx_parts
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.reader import ListReader
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, is_partial
from app.web.texts import translated

_CSV, _XLSX = "csv", "xlsx"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportPage(Page):
    """Files of a list.

    Args:
        screen: the screen.
        list_reader: reads the address of the list.
        column_page: which columns the caller has chosen.
        extra_columns: columns that are no columns of the table.
        selection: the rows that were chosen.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, column_page: ColumnPage,
        extra_columns: ExtraColumns, selection: Selection,
    ) -> None:
        super().__init__(screen)
        self._reader, self._columns = list_reader, column_page
        self._extra, self._selection = extra_columns, selection

    @expose("/export/<kind>", methods=["GET", "POST"])
    @requires("export")
    def export(self, kind: str) -> Response:
        """Give the rows of the list, or those that are sent, as filtered and sorted, as a file.

        Sensitive values are masked, but for those who may reveal them and say why.
        """
        if kind not in (_CSV, _XLSX):
            abort(404)
        chosen_only = request.method == "POST" and "whole" not in request.form
        sent = MultiDict({"all": "1"}) if chosen_only else request.args
        screen, query = self.screen, self._reader.query(sent)
        columns = [column for name in self._columns.chosen(query)["columns"]
                   if (column := self._exported(name)) is not None]
        names = [column.name for column in columns]
        most = current_app.config["CARELINE_SETTINGS"].export_rows
        most = min(most, XLSX_ROWS) if kind == _XLSX else most
        try:
            # Read now what cannot be: once the first part is sent, the answer is 200.
            screen.datamodel.condition(query)
        except BadFilter as error:
            abort(400, description=translate(error.message))
        also = []
        keys: list[int | None] = []
        if chosen_only:
            keys = [screen.datamodel.parse_key(text) for text in self._selection.ids()]
            also = [screen.datamodel.key.in_([key for key in keys if key is not None])]
        hidden = [column.name for column in columns if column.kind == "sensitive"]
        reason = self._reason_to_reveal() if hidden else ""
        self._note_export(query, kind, names, len(keys), hidden if reason else (), reason)
        header = [translated(column.label) for column in columns]
        writers = [
            functools.partial(clear_value, column) if reason and column.kind == "sensitive"
            else plain_writer(column, screen.choices_of(column.name)) for column in columns
        ]
        lines = (
            [write_value(value) for write_value, value in zip(writers, row[2:], strict=True)]
            for row in screen.datamodel.stream(query, columns, most, also)
        )
        parts = (csv_parts if kind == _CSV else xlsx_parts)(header, lines)
        response = Response(
            stream_with_context(parts),
            mimetype="text/csv; charset=utf-8" if kind == _CSV else _XLSX_TYPE,
        )
        name = f"{screen.class_permission_name.rpartition('.')[2].lower()}-{utcnow():%Y%m%d}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _reason_to_reveal(self) -> str:
        """Return why the file shall hold clear values; empty where it holds masks.

        Raises:
            Forbidden: the caller may not reveal.
            BadRequest: no reason is given.
        """
        if "reveal" not in request.form:
            return ""
        if not reveals.may_reveal(actor(), self.screen.class_permission_name):
            abort(403)
        reason = " ".join(request.form.get("reason", "").replace("\x00", "").split())
        if not reason:
            abort(400, description=gettext("Give a reason."))
        return reason[:reveals.LONGEST_REASON]

    @expose("/export_revealed")
    @requires("export")
    def export_revealed(self) -> str:
        """Return the dialog that asks why a file shall hold clear values."""
        if not self.screen.can(reveals.PERMISSION):
            abort(403)
        return self.screen.render(
            "screens/lists/export_revealed.html", query=self._reader.query(),
            partial=is_partial(),
        )

    def _exported(self, name: str) -> Column | None:
        """Return what a file holds for a column of the list, or ``None`` to leave it out."""
        if name in self._extra.labels:
            return self._extra.exported(name)
        return self.screen.columns.get(name)

    def _note_export(
        self, query: ListQuery, kind: str, names: Sequence[str], chosen: int,
        revealed: Sequence[str] = (), reason: str = "",
    ) -> None:
        with write(db.session):
            record_act(
                db.session, actor(), "export",
                record_type=getattr(self.screen.model, "__record_type__", "")
                or self.screen.class_permission_name,
                changes={"kind": kind, "columns": list(names), "list": query.noted_address(),
                         **({"chosen": chosen} if chosen else {}),
                         **({"revealed": list(revealed)} if revealed else {})},
                reason=reason,
            )
