"""Export: the rows of a list, as filtered and sorted, as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, current_app, request, stream_with_context
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.access.audit import record_act
from app.access.sensitive.values import SensitiveValue
from app.database import db, utcnow, write
from app.records import reveals
from app.screens.columns.cells import plain_writer
from app.screens.columns.columns import Column
from app.screens.lists.export import XLSX_ROWS, csv_parts, xlsx_parts
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery
from app.web.permission_check import requires
from app.web.request import actor, is_partial
from app.web.texts import translated

_CSV, _XLSX = "csv", "xlsx"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportPages:
    """Files of a list."""

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
        query = self.list_query(sent)
        columns = [column for name in self.chosen(query)["columns"]
                   if (column := self.exported_column(name)) is not None]
        names = [column.name for column in columns]
        most = current_app.config["CARELINE_SETTINGS"].export_rows
        most = min(most, XLSX_ROWS) if kind == _XLSX else most
        try:
            # Read now what cannot be: once the first part is sent, the answer is 200.
            self.datamodel.condition(query)
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))
        also = []
        keys: list[int | None] = []
        if chosen_only:
            keys = [self.datamodel.parse_key(text) for text in self.chosen_rows()]
            also = [self.datamodel.key.in_([key for key in keys if key is not None])]
        hidden = [column.name for column in columns if column.kind == "sensitive"]
        reason = self._reason_to_reveal() if hidden else ""
        self._note_export(query, kind, names, len(keys), hidden if reason else (), reason)
        header = [translated(column.label) for column in columns]
        writers = [
            _clear if reason and column.kind == "sensitive"
            else plain_writer(column, self.choices_of(column.name)) for column in columns
        ]
        lines = (
            [write_value(value) for write_value, value in zip(writers, row[2:], strict=True)]
            for row in self.datamodel.stream(query, columns, most, also)
        )
        parts = (csv_parts if kind == _CSV else xlsx_parts)(header, lines)
        response = Response(
            stream_with_context(parts),
            mimetype="text/csv; charset=utf-8" if kind == _CSV else _XLSX_TYPE,
        )
        name = f"{self.class_permission_name.rpartition('.')[2].lower()}-{utcnow():%Y%m%d}.{kind}"
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
        if not reveals.may_reveal(actor(), self.class_permission_name):
            abort(403)
        reason = " ".join(request.form.get("reason", "").replace("\x00", "").split())
        if not reason:
            abort(400, description=gettext("Give a reason."))
        return reason[:reveals.LONGEST_REASON]

    def can_export_revealed(self) -> bool:
        """Return whether the caller may have a file with clear values."""
        return self.can("can_export") and self.can(reveals.PERMISSION)

    @expose("/export_revealed")
    @requires("export")
    def export_revealed(self) -> str:
        """Return the dialog that asks why a file shall hold clear values."""
        if not self.can_export_revealed():
            abort(403)
        return self.render_template(
            "screens/lists/export_revealed.html", view=self, query=self.list_query(),
            partial=is_partial(),
        )

    def exported_column(self, name: str) -> Column | None:
        """Return what a file holds for a column of the list, or ``None`` to leave it out.

        Args:
            name: name of the column.
        """
        return self.columns.get(name)

    def _note_export(
        self, query: ListQuery, kind: str, names: Sequence[str], chosen: int,
        revealed: Sequence[str] = (), reason: str = "",
    ) -> None:
        with write(db.session):
            record_act(
                db.session, actor(), "export",
                record_type=getattr(self.datamodel.obj, "__record_type__", "")
                or self.class_permission_name,
                changes={"kind": kind, "columns": list(names), "list": query.noted_address(),
                         **({"chosen": chosen} if chosen else {}),
                         **({"revealed": list(revealed)} if revealed else {})},
                reason=reason,
            )


def _clear(value: Any) -> str:
    if isinstance(value, SensitiveValue):
        return value.reveal() if value.is_readable else value.masked
    return value or ""
