"""Revealing a masked value on the record page: with a reason, or by calling the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask_appbuilder.baseviews import expose

from app.access.sensitive import phones
from app.access.sensitive.columns import sensitive_columns
from app.database import db
from app.forms.build import translate
from app.records import reveals
from app.records.mixin import Record
from app.records.values import held_value
from app.screens.columns.columns import Column
from app.screens.columns.custom_fields import clear_text
from app.screens.declaration import ScreenDeclaration
from app.screens.records.header import RecordHeader
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, is_partial

_UNPROCESSABLE = 422


class RevealPage(Page):
    """Masked values of a record.

    Args:
        screen: the screen.
        record_header: names the record.
    """

    def __init__(self, screen: Screen, record_header: RecordHeader) -> None:
        super().__init__(screen)
        self._header = record_header

    @classmethod
    def further_permissions(
        cls, screen: Screen, declaration: ScreenDeclaration
    ) -> Sequence[str]:
        """Return the right to reveal, where there is anything masked or a custom field may be."""
        model = screen.model
        may_hold = sensitive_columns(model) or issubclass(model, Record)
        return (reveals.PERMISSION,) if may_hold else ()

    def revealing(self, record: Any, column: Column) -> dict[str, bool]:
        """Return whether the caller may reveal a column of a record, and call its number."""
        value = held_value(record, column.name) if self._is_own(column) else None
        if not value:
            return {}
        view = self.screen.class_permission_name
        return {"reveals": reveals.may_reveal(actor(), view),
                "calls": reveals.may_call(actor(), record, column.name, view)}

    @expose("/reveal/<pk>/<name>", methods=["GET", "POST"])
    @requires("show")
    def reveal(self, pk: str, name: str) -> tuple[str, int] | str:
        """Ask for the reason, then show one value; the audit trail keeps both."""
        record = self._with_sensitive(pk, name)
        if not reveals.may_reveal(actor(), self.screen.class_permission_name):
            abort(403)
        if request.method == "GET":
            return self._reveal_page(record, name)
        try:
            clear = reveals.reveal(
                db.session, actor(), record, [name], request.form.get("reason", ""),
                self.screen.class_permission_name,
            )[name]
        except (reveals.NoReason, reveals.NotRevealed) as error:
            problem = translate(error.message)
            return self._reveal_page(record, name, problem=problem), _UNPROCESSABLE
        return self._reveal_page(record, name, clear=clear)

    @expose("/call/<pk>/<name>", methods=["POST"])
    @requires("show")
    def call(self, pk: str, name: str) -> str:
        """Show a number as a link that dials it; the record is the reason that is kept."""
        record = self._with_sensitive(pk, name)
        try:
            clear = reveals.call(
                db.session, actor(), record, name, self.screen.class_permission_name)
        except reveals.NotRevealed:
            abort(403)
        return self._reveal_page(record, name, clear=clear)

    def _with_sensitive(self, pk: str, name: str) -> Any:
        record = self.screen.get_or_404(pk)
        column = self.screen.columns.get(name)
        if column is None or not self._is_own(column):
            abort(404)
        return record

    @staticmethod
    def _is_own(column: Column) -> bool:
        return column.kind == "sensitive" and "." not in column.name

    def _reveal_page(
        self, record: Any, name: str, clear: str | None = None, problem: str = ""
    ) -> str:
        dialled = ""
        if clear is not None:
            if reveals.is_dialled(held_value(record, name)):
                dialled = phones.dialled(clear)
            clear = clear_text(self.screen.columns[name].custom, clear)
        return self.screen.render(
            "screens/records/reveal.html", record=record, name=name,
            title=self._header.title(record), label=self.screen.columns[name].label, value=clear,
            dialled=dialled, problem=problem,
            partial=is_partial(),
        )
