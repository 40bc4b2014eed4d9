"""The filter bar of a list: what may be filtered by, and chips for what is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from flask_babel import gettext

from app.screens.filters import (
    LED_BY_ME,
    ME,
    MY_DEPARTMENT,
    MY_TEAM,
    OPERATORS,
    TRUE,
    Condition,
)
from app.screens.formats import write_date
from app.screens.listing import ListQuery
from app.screens.periods import PERIODS
from app.screens.texts import translated


@dataclasses.dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter in force, with the address of the list without it."""

    text: str
    remove: str


@dataclasses.dataclass(frozen=True, slots=True)
class FilterField:
    """One column that may be filtered by."""

    name: str
    label: str
    kind: str
    operators: tuple[tuple[str, str, int], ...]
    choices: tuple[tuple[str, str], ...]
    options_url: str


def _special(column: Any) -> tuple[tuple[str, str], ...]:
    table = column.target.__tablename__
    return {
        "ab_user": ((ME, gettext("me")),),
        "people_team": ((MY_TEAM, gettext("my team")),),
        "people_department": ((MY_DEPARTMENT, gettext("my department")),
                              (LED_BY_ME, gettext("departments that I lead"))),
    }.get(table, ())


def filter_fields(view: Any) -> list[FilterField]:
    """Return what a list may be filtered by, in the order of the labels.

    Args:
        view: the record view.
    """
    fields = []
    for name in view.filter_columns:
        column = view.columns[name]
        if column.kind not in OPERATORS:
            continue
        choices: tuple[tuple[str, str], ...] = ()
        if column.kind == "choice":
            choices = tuple(
                (str(choice.value), translated(choice.label)) for choice in view.choices_of(name)
            )
        elif column.kind == "boolean":
            choices = (("true", gettext("Yes")), ("false", gettext("No")))
        elif column.kind in ("date", "datetime"):
            choices = tuple((key, translated(text)) for key, text in PERIODS.items())
        elif column.target is not None:
            choices = _special(column)
        operators = tuple(
            (key, translated(text), number)
            for key, text, number in OPERATORS[column.kind]
            if column.nullable or column.kind in ("text", "long_text")
            or key not in ("empty", "filled")
        )
        fields.append(
            FilterField(
                name, translated(column.label), column.kind, operators, choices,
                view.url("options", column=name) if column.target is not None else "",
            )
        )
    return sorted(fields, key=lambda field: field.label)


def _values_text(view: Any, condition: Condition) -> str:
    column, values = condition.column, condition.values
    if column.kind == "choice":
        labels = {str(c.value): translated(c.label) for c in view.choices_of(column.name)}
        shown = [labels.get(value, value) for value in values]
    elif column.kind == "relation":
        special = dict(_special(column))
        names = view.datamodel.get_related_interface(column.name).labels(
            [value for value in values if value not in special]
        )
        shown = [
            special.get(value) or names.get(int(value) if value.isdigit() else 0, value)
            for value in values
        ]
    elif column.kind == "boolean":
        shown = [gettext("Yes") if value in TRUE else gettext("No") for value in values]
    elif condition.operator == "period":
        shown = [translated(PERIODS.get(value, value)) for value in values]
    elif column.kind in ("date", "datetime"):
        shown = [_date_text(value) for value in values]
    else:
        shown = list(values)
    parted = " – " if condition.operator == "between" else gettext(" or ")
    return parted.join(shown)


def _date_text(value: str) -> str:
    try:
        return write_date(dt.date.fromisoformat(value))
    except ValueError:
        return value


def filter_chips(view: Any, query: ListQuery) -> list[FilterChip]:
    """Return the filters in force, each with the address of the list without it.

    Args:
        view: the record view.
        query: what the list shows now.
    """
    chips = []
    for condition in query.conditions:
        label, values = translated(condition.column.label), _values_text(view, condition)
        if condition.column.kind == "boolean":
            text = gettext("%(label)s: %(value)s", label=label, value=values)
        else:
            words = (label, translated(condition.operator_label), values)
            text = " ".join(word for word in words if word)
        chips.append(FilterChip(text, query.without(condition)))
    return chips
