"""Dictionaries on generated screens: their values as badges, and as choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from flask import has_request_context
from flask_babel import gettext
from sqlalchemy import ColumnElement

from app.database import AnySelect, db
from app.dictionary_columns import Dictionary
from app.records.dictionaries import colours_of
from app.screens.columns.columns import label_of
from app.screens.contracts import Choice
from app.web.theme import language

# Beside a word a dot is enough of a form.
_ICON = "point"


def is_dictionary(model: type[Any] | None) -> TypeGuard[type[Dictionary]]:
    """Return whether a related model is a dictionary."""
    return model is not None and issubclass(model, Dictionary)


def in_use(model: type[Any]) -> list[ColumnElement[bool]]:
    """Return the condition that a row may still be chosen; none for other models."""
    return [model.retired.is_(False)] if is_dictionary(model) else []


def values_matching(
    model: type[Any], statement: AnySelect, text: str, retired: bool
) -> AnySelect:
    """Return a SELECT of key and label with what was typed, in the order of the dictionary.

    Args:
        model: class of the dictionary.
        statement: SELECT of key and label; whether a value is retired is added to it.
        text: part of a name.
        retired: whether values that are out of use are among them, after the others.
    """
    if not retired:
        statement = statement.where(*in_use(model))
    if text:
        statement = statement.where(label_of(model).icontains(text, autoescape=True))
    return statement.add_columns(model.retired).order_by(
        model.retired, model.position, model.id
    )


def value_label(name: Any, retired: bool) -> str:
    """Return a value as a filter offers it: what is out of use says so."""
    return gettext("%(name)s (retired)", name=name) if retired else str(name)


def drawn_choices(target: type[Any] | None) -> Sequence[Choice] | None:
    """Return how the values of a relation are drawn, or ``None`` where it is no dictionary.

    A list holds the label of a related row, not its key: the label finds the colour.

    Args:
        target: the related model.
    """
    if not is_dictionary(target) or not has_request_context():
        return None
    chinese = language() == "zh"
    return [
        Choice(label, label, entry.colour, _ICON)
        for entry in colours_of(db.session, target)
        for label in [(entry.name_zh if chinese else "") or entry.name]
    ]
