"""The filter bar of a list: what may be filtered by, and chips for what is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from flask_babel import gettext

from app.i18n import N_
from app.records.search.pinyin import order_of
from app.screens.columns.dictionaries import is_dictionary
from app.screens.query.filters import (
    LED_BY_ME,
    ME,
    MY_DEPARTMENT,
    MY_TEAM,
    OF_THE_ACTOR,
    OPERATORS,
    SEPARATOR,
    TRUE,
    FilterCondition,
    operators_of,
)
from app.screens.query.list_query import ListQuery
from app.screens.query.periods import PERIODS, read_moment
from app.screens.screen import Screen
from app.web.formats import write_date, write_datetime
from app.web.input_limits import whole_number
from app.web.texts import translated

# Columns of deadlines: for them the past has a name.
DUE = ("due", "promised", "deadline")


@dataclasses.dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter in force, with the address of the list without it.

    Attributes:
        label: what is looked at.
        text: comparison and values.
        remove: address of the list without it.
        column: name of the column.
        operator: name of the operator.
    """

    label: str
    text: str
    remove: str
    column: str
    operator: str


@dataclasses.dataclass(frozen=True, slots=True)
class FilterField:
    """One column that may be filtered by.

    Attributes:
        name: name of the column.
        label: text of it.
        kind: kind of the column.
        operators: name, text and number of values of each comparison.
        quick: value, text and address of what takes one click.
        quick_operator: comparison of the quick values.
        options_url: where further values are found; empty without.
        operator: comparison in force, when a filter is changed.
        values: its values.
        chosen: value and text of chosen rows of a relation.
    """

    name: str
    label: str
    kind: str
    operators: tuple[tuple[str, str, int], ...]
    quick: tuple[tuple[str, str, str], ...]
    quick_operator: str
    options_url: str
    operator: str = ""
    values: tuple[str, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()


_OWN_TEXTS = {
    ME: N_("me"), MY_TEAM: N_("my team"), MY_DEPARTMENT: N_("my department"),
    LED_BY_ME: N_("departments that I lead"),
}


def _special(column: Any) -> tuple[tuple[str, str], ...]:
    values = OF_THE_ACTOR.get(column.target.__tablename__, ())
    return tuple((value, translated(_OWN_TEXTS[value])) for value in values)


_QUICK = {"choice": "in", "relation": "in", "boolean": "is", "date": "period",
          "datetime": "period"}


def _quick_values(screen: Screen, column: Any) -> tuple[tuple[str, str], ...]:
    """Return values that take one click, with their texts."""
    if column.kind == "choice":
        return tuple((str(c.value), translated(c.label)) for c in screen.choices_of(column.name))
    if column.kind == "boolean":
        return (("true", gettext("Yes")), ("false", gettext("No")))
    if column.kind in ("date", "datetime"):
        return tuple(
            (key, translated(text)) for key, text in PERIODS.items()
            if key != "overdue" or column.name.startswith(DUE)
        )
    return _special(column) if column.target is not None else ()


def _options_url(screen: Screen, column: Any) -> str:
    if column.target is None:
        return ""
    # Old records keep values that are out of use: a filter must find them.
    also = {"retired": 1} if is_dictionary(column.target) else {}
    return screen.url("options", column=column.name, **also)


def filter_fields(
    screen: Screen, query: ListQuery, changing: FilterCondition | None = None
) -> list[FilterField]:
    """Return what a list may be filtered by, in the order of the labels, Chinese ones by pinyin.

    Args:
        screen: the screen.
        query: what the list shows now.
        changing: the filter that is changed; its column alone is returned.
    """
    names = screen.declared.filter_columns if changing is None else [changing.column.name]
    fields = []
    for name in names:
        column = screen.filter_column(name)
        if column.kind not in OPERATORS:
            continue
        operators = tuple(
            (key, translated(text), number)
            for key, text, number in operators_of(column)
            if column.nullable or column.kind in ("text", "long_text", "sensitive")
            or key not in ("empty", "filled")
        )
        quick = _QUICK.get(column.kind, "")
        chosen: tuple[tuple[str, str], ...] = ()
        if changing is not None and column.kind == "relation":
            chosen = tuple(zip(changing.values, _texts_of(screen, changing), strict=True))
        fields.append(
            FilterField(
                name=name, label=translated(column.label), kind=column.kind, operators=operators,
                quick=tuple(
                    (value, text, query.replacing(changing, f"{name}{SEPARATOR}{quick}", value))
                    for value, text in _quick_values(screen, column)
                ),
                quick_operator=quick,
                options_url=_options_url(screen, column),
                operator=changing.operator if changing is not None else "",
                values=changing.values if changing is not None else (), chosen=chosen,
            )
        )
    return sorted(fields, key=lambda field: order_of(field.label))


def _texts_of(screen: Screen, condition: FilterCondition) -> list[str]:
    column, values = condition.column, condition.values
    if column.kind == "choice":
        labels = {str(c.value): translated(c.label) for c in screen.choices_of(column.name)}
        shown = [labels.get(value, value) for value in values]
    elif column.kind == "relation":
        special = dict(_special(column))
        # An address may hold any key: only what the person could choose has a name.
        names = screen.datamodel.get_related_interface(column.name).selectable(
            [value for value in values if value not in special], retired=True
        )
        shown = [
            special.get(value) or names.get(whole_number(value) or 0, f"#{value}")
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
    return shown


def _values_text(screen: Screen, condition: FilterCondition) -> str:
    parted = " – " if condition.operator == "between" else gettext(" or ")
    return parted.join(_texts_of(screen, condition))


def _date_text(value: str) -> str:
    moment = read_moment(value)
    try:
        return write_datetime(moment) if moment else write_date(dt.date.fromisoformat(value))
    except ValueError:
        return value


def filter_chips(screen: Screen, query: ListQuery) -> list[FilterChip]:
    """Return the filters in force, each with the address of the list without it.

    Args:
        screen: the screen.
        query: what the list shows now.
    """
    chips = []
    for condition in query.conditions:
        # "Open" says as much as "Open: yes".
        is_asked = condition.column.kind == "boolean" and condition.operator == "is"
        is_true = is_asked and condition.values[0] in TRUE
        values = "" if is_true else _values_text(screen, condition)
        plain = is_asked or condition.operator in ("in", "period", "on")
        words = ("" if plain else translated(condition.operator_label), values)
        label = translated(condition.column.label)
        chips.append(
            FilterChip(
                # A value alone is parted from what it belongs to; a comparison makes a sentence.
                gettext("%(label)s:", label=label) if plain and values else label,
                " ".join(word for word in words if word),
                query.without(condition), condition.column.name, condition.operator,
            )
        )
    return chips
