"""What the list of every record has where its view names nothing of its own.

A view names another column, or switches one off with an empty value: ``board_column = ""``,
``calendar_column = ""``, ``saved_views = ()``, ``assignable = False``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.access.scope import is_scoped
from app.i18n import N_
from app.records.mixin import Record, WorkflowRecord
from app.screens.columns.columns import Column, describe
from app.screens.contracts import SavedList
from app.screens.query.filters import ME, MY_TEAM, SEPARATOR

# A board with more columns than fit beside each other twice is harder to read than its list.
_MOST_LANES = 12
_DATES = frozenset({"date", "datetime"})


def take_defaults(view: Any) -> None:
    """Give a view the board, the calendar and the lists that it did not name.

    Args:
        view: a record view whose columns and form sections are known.
    """
    model = view.datamodel.obj
    is_record = issubclass(model, Record)
    # What everybody sees, like customers, is nobody's work.
    is_work = is_record and is_scoped(model)
    if view.board_column is None:
        view.board_column = _first_choice(view) if is_record else ""
    if view.calendar_column is None:
        view.calendar_column = _first_date(view) if is_record else ""
    if view.saved_views is None:
        view.saved_views = _own_lists(issubclass(model, WorkflowRecord)) if is_work else ()
    if view.assignable is None:
        view.assignable = is_work
    for name in (view.calendar_column, *_filtered(view.saved_views)):
        if name and name not in (*view.columns, *view.several):
            view.columns[name] = describe(model, name, view.label_columns)


def _filtered(lists: Iterable[SavedList]) -> set[str]:
    return {key.rpartition(SEPARATOR)[0] for item in lists for key in item.filters}


def _asked_always(view: Any) -> Iterator[Column]:
    """Yield the columns of the form that do not hang on others, in their order."""
    hidden = view.conditions()
    for section in view.form_sections:
        for name in section.fields:
            if name in view.columns and name not in hidden:
                yield view.columns[name]


def _first_choice(view: Any) -> str:
    found = (
        column.name for column in _asked_always(view)
        if column.kind == "choice" and len(view.choices_of(column.name)) <= _MOST_LANES
    )
    return next(found, "")


def _first_date(view: Any) -> str:
    # Steps that have a deadline have a day, even where nobody enters one.
    otherwise = "due_at" if issubclass(view.datamodel.obj, WorkflowRecord) else ""
    return next((one.name for one in _asked_always(view) if one.kind in _DATES), otherwise)


def _own_lists(has_steps: bool) -> tuple[SavedList, ...]:
    """Return the lists of whoever looks; of records with steps only those that are not done."""
    still = {"is_open__is": ["true"]} if has_steps else {}
    return (
        SavedList(name="mine", title=N_("Mine"), filters={**still, "owner__in": [ME]}),
        SavedList(name="my_team", title=N_("My team"), filters={**still, "team__in": [MY_TEAM]}),
    )
