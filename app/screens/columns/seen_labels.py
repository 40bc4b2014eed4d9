"""Labels of related records, hidden from people who may not see those records (requirement A2).

A list shows the customer of each complaint by name. Whoever sees a complaint whose customer is not
within their reach reads in lists, their files and the REST API what the page of the complaint says:
that there is a record that they may not see.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, String, bindparam, case

from app.access.actor import Actor
from app.access.scope import (
    ScopeForm,
    scope_condition,
    scope_filter,
    scope_form,
    scope_parameters,
    sees_all,
)
from app.records.mixin import Record
from app.screens.columns.columns import Column, label_of, of_related_row
from app.statements import built_once


def hides_labels(column: Column, person: Actor) -> bool:
    """Return whether a column names records of which a person may not see all.

    Args:
        column: of a list, or of an API.
        person: who asks.
    """
    target = column.target
    return target is not None and issubclass(target, Record) and not sees_all(person, target)


def seen_by(column: Column, person: Actor) -> Column:
    """Return a column with the SQL that a person is given, for a statement of one request.

    Args:
        column: as declared.
        person: who asks.
    """
    if hides_labels(column, person) and not column.has_several:
        shown = _label(column.attribute.class_, column.name,
                       lambda entity: scope_filter(person, entity, indexed=False))
        return dataclasses.replace(column, shown=shown)
    return column.seen_by(person)


def shown_to(columns: Iterable[Column], person: Actor) -> tuple[ColumnElement[Any], ...]:
    """Return the SQL of columns for a statement that is built once; see ``label_parameters``.

    Args:
        columns: none of them made for each person.
        person: who asks.
    """
    return tuple(
        _built_label(column.attribute.class_, column.name, scope_form(person, column.related))
        if hides_labels(column, person) else column.shown
        for column in columns
    )


def label_parameters(columns: Iterable[Column], person: Actor) -> Mapping[str, Any]:
    """Return the parameters that the SQL of ``shown_to`` names.

    Args:
        columns: as given there.
        person: who asks.
    """
    found: dict[str, Any] = {}
    for column in columns:
        if hides_labels(column, person):
            found |= scope_parameters(person, column.related, _prefix(column.related))
    return found


@built_once
def _built_label(model: type[Any], name: str, form: ScopeForm) -> ColumnElement[Any]:
    return _label(model, name, lambda entity: scope_condition(
        entity, form, indexed=False, prefix=_prefix(entity)))


def _prefix(model: Any) -> str:
    return f"scope_of_{model.__tablename__}"


def _label(
    model: type[Any], name: str, is_seen: Callable[[Any], ColumnElement[bool]]
) -> ColumnElement[Any]:
    target: Any = model.__mapper__.relationships[name].mapper.class_
    hidden = bindparam(None, callable_=lambda: gettext("a record that you may not see"),
                       type_=String(200), unique=True)
    return of_related_row(model, name, lambda entity: case(
        (is_seen(entity), label_of(target, entity)), else_=hidden))
