"""A declaration with its defaults filled in and its columns described, and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.screens.columns.added_columns import AddedColumns
from app.screens.columns.columns import Column, UnknownColumn, describe
from app.screens.columns.custom_fields import CustomFields, LiveColumns, LiveNames
from app.screens.columns.filter_only import describe_filters
from app.screens.columns.model_choices import model_choices
from app.screens.contracts import Section
from app.screens.declaration import ScreenDeclaration
from app.screens.lists.defaults import with_list_defaults
from app.screens.query.filters import SEPARATOR
from app.web.texts import column_msgid

_BOOKKEEPING = frozenset({
    "id", "number", "version", "created_at", "created_by_id", "created_by", "updated_at",
    "updated_by_id", "updated_by", "deleted_at", "extra", "state", "is_open", "workflow_id",
    "due_at", "path",
})
_LISTED = 6

Resolved = tuple[ScreenDeclaration, LiveColumns, Mapping[str, Column]]


def with_titles(given: ScreenDeclaration, model: type[Any]) -> ScreenDeclaration:
    """Return a declaration with what its rows are called; nothing of it is looked up.

    Args:
        given: what the author declares.
        model: mapped class.
    """
    label = given.record_label or column_msgid(_words(model.__name__))
    return dataclasses.replace(given, record_label=label, list_title=given.list_title or label)


def resolved(
    declaration: ScreenDeclaration, model: type[Any], custom: CustomFields, added: AddedColumns,
    extra_columns: Collection[str] = (),
) -> Resolved:
    """Return a declaration with every default, its columns, and what only filters know.

    Args:
        declaration: what the author declares, with titles.
        model: mapped class.
        custom: custom fields of the model; names of columns grow by those in force.
        added: columns of other plugins; those in force can be chosen and filtered by.
        extra_columns: names of columns that are no columns of the table.

    Raises:
        UnknownColumn: a column does not exist, or is not shown where it must be.
    """
    mapped = [name for name in _default_columns(model) if name not in _BOOKKEEPING]
    declared = _with_fields(declaration, model, mapped)
    filter_only = describe_filters(model, declared.filter_columns, declared.label_columns)
    columns: dict[str, Column] = {}
    for name in _named(declared, model, mapped):
        if name not in (*columns, *filter_only, *extra_columns):
            columns[name] = _described(declared, model, name)
    declared = with_list_defaults(declared, model, columns, filter_only)
    _check(declared, columns, filter_only)
    declared = _with_order_and_filters(declared, model, columns)
    return (*_with_what_comes_and_goes(declared, columns, custom, added), filter_only)


def _default_columns(model: type[Any]) -> list[str]:
    mapper = model.__mapper__
    relations = {
        next(iter(relation.local_columns)).name: relation.key
        for relation in mapper.relationships
        if relation.direction.name == "MANYTOONE" and len(relation.local_columns) == 1
    }
    return [relations.get(key, key) for key, _ in mapper.columns.items()]


def _key_name(model: type[Any]) -> str:
    return model.__mapper__.primary_key[0].name


def _with_fields(
    given: ScreenDeclaration, model: type[Any], mapped: Sequence[str]
) -> ScreenDeclaration:
    """Fill in the columns of the list and the fields of forms and record page."""
    form_sections = given.form_sections or _one(given.edit_columns or given.add_columns or mapped)
    form_fields = [name for section in form_sections for name in section.fields]
    return dataclasses.replace(
        given,
        label_columns=dict(given.label_columns),
        list_columns=list(given.list_columns or mapped[:_LISTED]),
        form_sections=tuple(form_sections), add_columns=list(given.add_columns or form_fields),
        edit_columns=list(given.edit_columns or form_fields),
        show_sections=tuple(given.show_sections or form_sections),
    )


def _one(fields: Sequence[str]) -> tuple[Section, ...]:
    return (Section(fields=tuple(fields)),)


def _words(name: str) -> str:
    """Return the name of a class as words: ``SalesCall`` gives ``sales_call``."""
    return "".join(f"_{sign}" if sign.isupper() else sign for sign in name).lower().lstrip("_")


def _named(
    declared: ScreenDeclaration, model: type[Any], mapped: Sequence[str]
) -> Sequence[str]:
    return (
        *declared.list_columns, *declared.list_choice, *declared.filter_columns, *mapped,
        *(name for section in declared.show_sections for name in section.fields),
        *(name for name in (declared.board_column, declared.calendar_column) if name),
        declared.default_sort.removeprefix("-") or _key_name(model),
    )


def _described(declared: ScreenDeclaration, model: type[Any], name: str) -> Column:
    column = describe(model, name, declared.label_columns)
    listed = declared.choices.get(name) or model_choices(model, name)
    is_choice = column.kind == "text" and bool(listed)
    return dataclasses.replace(column, kind="choice") if is_choice else column


def _filtered(declared: ScreenDeclaration) -> set[str]:
    return {
        key.rpartition(SEPARATOR)[0] for item in declared.saved_views or () for key in item.filters
    }


def _check(
    declared: ScreenDeclaration, columns: Mapping[str, Column], filter_only: Mapping[str, Column]
) -> None:
    for key in declared.default_filters:
        if SEPARATOR not in key:
            raise UnknownColumn(f"{key!r} of default_filters has no operator")
    for name, condition in declared.conditions.items():
        if not {name, condition.field} <= {*declared.add_columns, *declared.edit_columns}:
            raise UnknownColumn(
                f"{name!r} or the field that it depends on is not on the form")
    typed = (*declared.suggests_from, *filter(None, (declared.suggests_into,)))
    unknown = {*typed} - {*columns, *declared.add_columns, *declared.edit_columns}
    if unknown:
        raise UnknownColumn(f"{min(unknown)!r} is named for suggestions, but it is no field")
    if declared.suggests_in and not declared.suggests_from:
        raise UnknownColumn("suggests_in needs suggests_from: nothing is asked about")
    for name in (*declared.choices, *declared.order_columns,
                 *sorted(_filtered(declared) - filter_only.keys()),
                 *declared.inline_columns, *(declared.bulk_columns or ())):
        if name not in columns:
            raise UnknownColumn(f"{name!r} is named, but the screen does not show it")


def _with_order_and_filters(
    declared: ScreenDeclaration, model: type[Any], columns: Mapping[str, Column]
) -> ScreenDeclaration:
    order = list(declared.order_columns) or [
        name for name in (*declared.list_columns, *declared.list_choice)
        if name in columns and columns[name].sortable
    ]
    filters = list(declared.filter_columns) or [
        name for name, column in columns.items()
        if column.kind != "json" and "." not in name and name != "id"
    ]
    needed = (declared.board_column, declared.calendar_column, *sorted(_filtered(declared)))
    filters += [name for name in dict.fromkeys(needed) if name and name not in filters]
    return dataclasses.replace(
        declared, order_columns=order, filter_columns=filters,
        default_sort=declared.default_sort or f"-{_key_name(model)}",
    )


def _with_what_comes_and_goes(
    declared: ScreenDeclaration, columns: dict[str, Column], custom: CustomFields,
    added: AddedColumns,
) -> tuple[ScreenDeclaration, LiveColumns]:
    """Let what was declared grow by custom fields and columns in force at each request."""
    return dataclasses.replace(
        declared,
        list_choice=LiveNames(declared.list_choice, custom.keys, added.keys),
        filter_columns=LiveNames(declared.filter_columns, custom.keys, added.keys),
        order_columns=LiveNames(declared.order_columns, custom.sortable, added.keys),
        add_columns=LiveNames(declared.add_columns, custom.used),
        edit_columns=LiveNames(declared.edit_columns, custom.used),
    ), LiveColumns(columns, custom.columns, added.columns)
