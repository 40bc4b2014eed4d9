"""Which measure counts a whole list: the tab of a saved view, a column of a board.

A list whose filters are the condition of a measure has as many rows as the measure counts. It may
be narrowed further by what cells know: one dimension and groups, or the person who works on it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import inspect

from app.host.measures import Measure
from app.metrics import facts
from app.metrics.kept import kept_for_host
from app.metrics.states import measures_in_force

OF_PERSON, MONTHS = "of_person", "months"
_KNOWN = "careline_counted_lists"


class ListCondition(NamedTuple):
    """A filter of a list as measures have it.

    Attributes:
        column: name of a column of the record; empty for ``of_person``.
        operator: ``is`` for yes or no, ``in``, ``empty``, ``filled``, ``of_person`` with the key of
            the user who works on the record, ``months`` with the first and the last day of whole
            months, as ISO dates.
        values: as ``facts.written`` writes them.
    """

    column: str
    operator: str
    values: frozenset[str] = frozenset()


class Months(NamedTuple):
    """Whole months: their first and their last day."""

    first: dt.date
    last: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class HeldList:
    """How the cells of a measure are read for a list.

    Attributes:
        measure: the measure.
        definition: by which the measure counts; measures themselves cannot be compared.
        by_month: whether it is narrowed by whole months.
        dimension: of the cells that are read.
        column: the column of the record by which the dimension is narrowed; empty for all.
        groups: columns of the record by whose groups it is narrowed.
    """

    measure: Measure = dataclasses.field(compare=False)
    definition: str
    by_month: bool = False
    dimension: str = facts.TOTAL
    column: str = ""
    groups: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is of what one person works on, who sees all of it."""
        return self.dimension == facts.PEOPLE


@dataclasses.dataclass(frozen=True, slots=True)
class CountedList:
    """A list with what it is narrowed by.

    Attributes:
        held: how it is read.
        values: of the dimension; empty for all.
        groups: keys for each of the columns of groups.
        months: from which to which month its day is; ``None`` for all.
    """

    held: HeldList
    values: frozenset[str] = frozenset()
    groups: tuple[frozenset[str], ...] = ()
    months: Months | None = None


_Listed = tuple[HeldList, frozenset[ListCondition]]


def counted_list(
    model: type[Any], conditions: Iterable[ListCondition], user_id: int | None
) -> CountedList | None:
    """Return how a list is counted from what is held.

    Args:
        model: class of the records.
        conditions: the filters of the list.
        user_id: who asks.

    Returns:
        ``None`` where no measure counts just these records.
    """
    wanted = frozenset(one for one in conditions if not _is_void(model, one))
    by_month = [one for one in wanted if one.operator == MONTHS]
    if len(by_month) > 1:
        return None
    found = None
    for held, required in _counted_lists(model):
        asked, rest = CountedList(held), wanted
        for condition in by_month:
            # A day within some months is one.
            is_day = ListCondition(held.measure.day, "filled")
            asked = _of_months(held, condition)
            required, rest = required - {is_day}, rest - {is_day, condition}
        if asked is not None and required <= rest:
            one = _narrowed(asked, rest - required, user_id)
            if one is not None and required == rest:
                return one
            found = found or one
    return found


def _of_months(held: HeldList, condition: ListCondition) -> CountedList | None:
    """Return a list of whole months; ``None`` where the cells hold those of another day."""
    if held.measure.day != condition.column:
        return None
    first, last = map(dt.date.fromisoformat, sorted(condition.values))
    return CountedList(dataclasses.replace(held, by_month=True), months=Months(first, last))


def _counted_lists(model: type[Any]) -> list[_Listed]:
    """Return the lists that measures of a kind count, and the filters that each stands for."""
    return kept_for_host(_KNOWN, _lists_by_model).get(model, [])


def _lists_by_model() -> dict[type[Any], list[_Listed]]:
    found: dict[type[Any], list[_Listed]] = {}
    for one, definition in measures_in_force().values():
        if not one.amount:
            dimension = facts.PEOPLE if isinstance(one, facts.RecordsOfPeople) else facts.TOTAL
            held = HeldList(one, definition, dimension=dimension)
            found.setdefault(one.model, []).append((held, frozenset(_required(one))))
    return found


def _required(measure: Measure) -> Iterator[ListCondition]:
    model = measure.model
    found = [ListCondition(column, operator, frozenset(
        values if operator not in ("empty", "filled") else ()))
        for column, operator, values in facts.conditions_of(measure)]
    if measure.day:
        found.append(ListCondition(measure.day, "filled"))
    return (one for one in found if not _is_void(model, one))


def _is_void(model: type[Any], condition: ListCondition) -> bool:
    """Return whether every record fulfils a condition: it asks for what is never empty."""
    if condition.operator != "filled":
        return False
    column = inspect(model).columns[condition.column]
    return not column.nullable and column.type.python_type is not str


def _narrowed(
    asked: CountedList, rest: frozenset[ListCondition], user_id: int | None
) -> CountedList | None:
    """Return a list of a measure narrowed by further filters; ``None`` where cells know one not."""
    held = asked.held
    if held.is_own:
        own = ListCondition("", OF_PERSON, frozenset({str(user_id)}))
        return CountedList(held, own.values) if rest == {own} else None
    slots = facts.scope_slots(held.measure.model) or {}
    groups = sorted(one for one in rest if one.operator == "in" and one.column in slots)
    found = dataclasses.replace(
        asked, held=dataclasses.replace(held, groups=tuple(one.column for one in groups)),
        groups=tuple(one.values for one in groups))
    others = rest.difference(groups)
    if not others:
        return found
    return _by_dimension(found, *others) if len(others) == 1 else None


def _by_dimension(found: CountedList, condition: ListCondition) -> CountedList | None:
    """Return a list narrowed by a dimension of the measure; ``None`` where there is no such one."""
    measure, name = found.held.measure, condition.column
    by_column = {facts.branch_column(measure.model): facts.BRANCH, measure.person: facts.PERSON,
                 **{column: one for one, column in measure.dimensions.items()}}
    by_column.pop("", None)
    if (condition.operator != "in" or name not in by_column
            # Cells do not tell "none" from the empty text.
            or ("" in condition.values and inspect(measure.model).columns[name].nullable)):
        return None
    return dataclasses.replace(
        found, values=condition.values,
        held=dataclasses.replace(found.held, dimension=by_column[name], column=name))
