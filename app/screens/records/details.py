"""The values of a record as its page shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select

from app.access.scope import scope_filter, sees_all
from app.database import db
from app.records.custom_fields.definitions import FILE, RECORD, CustomField
from app.records.custom_fields.references import record_numbered
from app.records.files import file_of
from app.records.mixin import Record
from app.screens.columns.cells import writer
from app.screens.columns.columns import Column, is_deleted_of_relation
from app.screens.columns.custom_fields import value_of
from app.screens.columns.row_values import values_of_row
from app.screens.records.reveal_page import RevealPage
from app.screens.registry import registry
from app.screens.screen import Part, Screen
from app.web.request import actor

# Ends the name under which a relation's row says that it is deleted.
_IS_DELETED = " is deleted"


@dataclasses.dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the record page."""

    name: str
    label: Any
    value: Any
    wide: bool
    is_empty: bool
    reveals: bool = False
    calls: bool = False


class RecordDetails(Part):
    """Sections of a record's page.

    Args:
        screen: the screen.
        reveal_page: knows which masked values the caller may reveal.
    """

    def __init__(self, screen: Screen, reveal_page: RevealPage) -> None:
        super().__init__(screen)
        self._reveals = reveal_page

    def sections(self, record: Any) -> list[dict[str, Any]]:
        """Return the sections of the details; labels of all relations come in one statement."""
        screen = self.screen
        names = [name for section in screen.declared.show_sections for name in section.fields]
        columns = [screen.columns[name] for name in names if name in screen.columns]
        related = [column for column in columns if column.kind == "relation" or "." in column.name]
        values = self.related_values(record, [*related, *_presence_of(self.screen.model, related)])
        sections = []
        for section in (*screen.declared.show_sections, *screen.custom.shown_section(record)):
            fields = [
                self._field(record, screen.columns[name], values, name in section.wide)
                for name in section.fields if name in screen.columns
            ]
            if fields:
                empty = sum(field.is_empty for field in fields)
                sections.append({"title": section.title, "fields": fields, "empty": empty,
                                 "is_empty": empty == len(fields)})
        return sections

    def _field(
        self, record: Any, column: Column, related: dict[str, Any], wide: bool
    ) -> ShownField:
        name = column.name
        if column.field is not None:
            value = value_of(record, column.field)
        else:
            value = related[name] if name in related else getattr(record, name)
        formatter = self.screen.declared.formatters_columns.get(name)
        shown = writer(column, self.screen.drawn_choices(name), formatter, full=True)(value)
        if column.field is not None and value and column.field.kind in (FILE, RECORD):
            shown = self._led_to(column.field, record, value)
        if column.target is not None and value and self._is_out_of_sight(column, record):
            shown = Markup('<span class="text-secondary">{}</span>').format(
                gettext("a record that you may not see"))
        elif column.target is not None and value:
            is_deleted = related.get(name + _IS_DELETED, False)
            shown = _deleted(shown) if is_deleted else self._linked(column, record, shown)
        return ShownField(
            name, column.label, shown, wide or column.kind == "long_text",
            value in (None, "", []), **self._reveals.revealing(record, column),
        )

    def _led_to(self, field: CustomField, record: Any, value: Any) -> Any:
        """Return what a field leads to, as a link where the caller may open it."""
        link = Markup('<a href="{}">{}</a>')
        if field.kind == FILE:
            held = file_of(db.session, record, value)
            address = self.screen.url("file", pk=record.id, file_id=value)
            return link.format(address, held.name) if held is not None else ""
        other = record_numbered(db.session, actor(), field.target, value)
        if other is None:
            return value
        screen = registry().screen_that_allows(type(other), "can_show")
        return str(other) if screen is None else link.format(
            screen.url("show", pk=other.id), str(other))

    def related_values(self, record: Any, columns: Sequence[Column]) -> dict[str, Any]:
        """Return what columns of related rows show, by name, in one statement."""
        if not columns:
            return {}
        row = db.session.execute(
            values_of_row(self.screen.datamodel.key, tuple(column.shown for column in columns)),
            {"key": record.id},
        ).one_or_none()
        if row is None:
            return {}
        return {column.name: value for column, value in zip(columns, row, strict=True)}

    @staticmethod
    def _is_out_of_sight(column: Column, record: Any) -> bool:
        """Return whether a relation names a record that the caller may not see by its scope."""
        target: Any = column.target
        if not issubclass(target, Record) or sees_all(actor(), target):
            return False
        key = getattr(record, column.attribute.key)
        return db.session.scalar(
            select(target.id).where(target.id == key, scope_filter(actor(), target))) is None

    @staticmethod
    def _linked(column: Column, record: Any, shown: Any) -> Any:
        """Return the label of a related row as a link where the caller may open it."""
        key = getattr(record, column.attribute.key, None)
        screen = registry().screen_that_allows(column.target, "can_show")
        if screen is None or key is None:
            return shown
        return Markup('<a href="{}">{}</a>').format(screen.url("show", pk=key), shown)


def _presence_of(model: type[Any], columns: Sequence[Column]) -> list[Column]:
    """Return a column beside each relation that says whether the related row is deleted."""
    return [
        dataclasses.replace(column, name=column.name + _IS_DELETED, shown=is_deleted)
        for column in columns if column.kind == "relation"
        and (is_deleted := is_deleted_of_relation(model, column.name)) is not None
    ]


def _deleted(shown: Any) -> Markup:
    """Return the label of a related row that is deleted: no link leads to it."""
    return Markup('{} <span class="text-secondary">{}</span>').format(
        shown, gettext("(deleted)"))
