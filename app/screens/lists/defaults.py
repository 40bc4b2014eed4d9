"""What the list of every record has where its view names nothing of its own.

A view names another column, or switches one off with an empty value: ``board_column = ""``,
``calendar_column = ""``, ``saved_views = ()``, ``assignable = False``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from app.access.scope import is_scoped
from app.i18n import N_
from app.records.mixin import Record, WorkflowRecord
from app.screens.columns.columns import Column, describe
from app.screens.columns.model_choices import model_choices
from app.screens.contracts import SavedList
from app.screens.declaration import ScreenDeclaration
from app.screens.query.filters import ME, MY_TEAM, SEPARATOR

# A board with more columns than fit beside each other twice is harder to read than its list.
_MOST_LANES = 12
_DATES = frozenset({"date", "datetime"})


def with_list_defaults(
    declared: ScreenDeclaration, model: type[Any], columns: MutableMapping[str, Column],
    filter_only: Mapping[str, Column],
) -> ScreenDeclaration:
    """Return a declaration with the board, the calendar and the lists that it did not name.

    Args:
        declared: a declaration whose form sections are known.
        model: mapped class.
        columns: its columns by name; what the defaults need is added.
        filter_only: what it can be filtered by but not show.
    """
    is_record = issubclass(model, Record)
    # What everybody sees, like customers, is nobody's work.
    is_work = is_record and is_scoped(model)
    found: dict[str, Any] = {}
    if declared.board_column is None:
        found["board_column"] = _first_choice(declared, model, columns) if is_record else ""
    if declared.calendar_column is None:
        found["calendar_column"] = _first_date(declared, model, columns) if is_record else ""
    if declared.saved_views is None:
        found["saved_views"] = _own_lists(issubclass(model, WorkflowRecord)) if is_work else ()
    if declared.assignable is None:
        found["assignable"] = is_work
    declared = dataclasses.replace(declared, **found)
    for name in (declared.calendar_column, *_filtered(declared.saved_views or ())):
        if name and name not in columns and name not in filter_only:
            columns[name] = describe(model, name, declared.label_columns)
    return declared


def _filtered(lists: Iterable[SavedList]) -> set[str]:
    return {key.rpartition(SEPARATOR)[0] for item in lists for key in item.filters}


def _asked_always(
    declared: ScreenDeclaration, columns: Mapping[str, Column]
) -> Iterator[Column]:
    """Yield the columns of the form that do not hang on others, in their order."""
    for section in declared.form_sections:
        for name in section.fields:
            if name in columns and name not in declared.conditions:
                yield columns[name]


def _first_choice(
    declared: ScreenDeclaration, model: type[Any], columns: Mapping[str, Column]
) -> str:
    found = (
        column.name for column in _asked_always(declared, columns)
        if column.kind == "choice" and not column.is_many
        and _number_of_choices(declared, model, column) <= _MOST_LANES
    )
    return next(found, "")


def _number_of_choices(declared: ScreenDeclaration, model: type[Any], column: Column) -> int:
    return len(declared.choices.get(column.name) or model_choices(model, column.name))


def _first_date(
    declared: ScreenDeclaration, model: type[Any], columns: Mapping[str, Column]
) -> str:
    # Steps that have a deadline have a day, even where nobody enters one.
    otherwise = "due_at" if issubclass(model, WorkflowRecord) else ""
    return next(
        (one.name for one in _asked_always(declared, columns) if one.kind in _DATES), otherwise
    )


def _own_lists(has_steps: bool) -> tuple[SavedList, ...]:
    """Return the lists of whoever looks; of records with steps only those that are not done."""
    still = {"is_open__is": ["true"]} if has_steps else {}
    return (
        SavedList(name="mine", title=N_("Mine"), filters={**still, "owner__in": [ME]}),
        SavedList(name="my_team", title=N_("My team"), filters={**still, "team__in": [MY_TEAM]}),
    )
