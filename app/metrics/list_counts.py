"""How many records whole lists have, from what is held: tabs above a list, columns of a board.

A list whose filters are the condition of a measure, with at most one filter more by a dimension
or a group, has as many rows as the measure counts. What somebody sees only as a person is counted
beside it from the records, no further than the cap.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Table,
    bindparam,
    false,
    func,
    inspect,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import ScopeForm, scope_form, scope_parameters
from app.access.scope_parts import people_only_condition
from app.host.host import current_host
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.counting import measures
from app.metrics.models import BY_GROUP, WHOLE, MetricChange, MetricSum
from app.metrics.sources import held_among
from app.people.clock import local_zone
from app.statements import built_once

_KNOWN = "careline_counted_lists"


class ListCondition(NamedTuple):
    """A filter of a list as measures have it.

    Attributes:
        column: name of a column of the record.
        operator: ``is`` for yes or no, ``in``, ``empty`` or ``filled``.
        values: as ``facts.written`` writes them.
    """

    column: str
    operator: str
    values: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class HeldList:
    """A list that a measure counts.

    Attributes:
        measure: the measure.
        definition: by which the measure counts; measures themselves cannot be compared.
        column: the column of the record by which it is narrowed; empty for all its records.
        dimension: of the cells that are read.
        cell_column: the column of a cell that holds what it is narrowed by.
    """

    measure: Measure = dataclasses.field(compare=False)
    definition: str
    column: str = ""
    dimension: str = facts.TOTAL
    cell_column: str = ""


def list_counts(
    session: Session, actor: Actor, model: type[Any],
    lists: Sequence[Iterable[ListCondition] | None], cap: int | None,
) -> list[int | None]:
    """Return how many records lists have that an actor sees.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        model: class of the records.
        lists: the filters of each list; ``None`` for one that cannot be held.
        cap: how far it is counted; ``None`` counts all.

    Returns:
        The number for each list, or any number above the cap; ``None`` where it is not held.
    """
    found: list[int | None] = [None] * len(lists)
    asked = {place: one for place, given in enumerate(lists) if given is not None
             for one in (held_list(model, frozenset(given)),) if one is not None}
    known = held_among(session, [one.measure for one, _ in asked.values()]) if asked else ()
    chosen = {place: one for place, one in asked.items() if one[0].measure.name in known}
    if not chosen:
        return found
    values: dict[str, list[Any]] = {}
    for number, (one, wanted) in enumerate(chosen.values()):
        values |= _narrowing(model, one, number, wanted)
    held = tuple(one for one, _ in chosen.values())
    numbers = _numbers(session, actor, model, held, values, cap)
    for place, count in zip(chosen, numbers, strict=True):
        found[place] = count
    return found


def held_list(
    model: type[Any], conditions: frozenset[ListCondition]
) -> tuple[HeldList, frozenset[str]] | None:
    """Return the measure that counts a list, and the values it is narrowed by.

    Args:
        model: class of the records.
        conditions: the filters of the list.

    Returns:
        ``None`` where no measure counts just these records.
    """
    wanted = frozenset(one for one in conditions if not _is_void(model, one))
    narrowed = None
    for measure, required in _counted_lists(model):
        if not required <= wanted:
            continue
        rest = wanted - required
        definition = facts.definition_of(measure, local_zone())
        if not rest:
            return HeldList(measure, definition), frozenset()
        if len(rest) == 1 and narrowed is None:
            [one] = rest
            cells = _cells_by(measure, one) if one.operator == "in" else None
            if cells is not None:
                narrowed = HeldList(measure, definition, one.column, *cells), one.values
    return narrowed


def _counted_lists(model: type[Any]) -> list[tuple[Measure, frozenset[ListCondition]]]:
    """Return the measures that count records of a kind, and the filters each of them stands for."""
    host = current_host()
    of, kept = current_app.extensions.get(_KNOWN, (None, {}))
    if of is not host:
        kept = {}
        for one in measures():
            if not one.amount and facts.scope_slots(one.model) is not None:
                kept.setdefault(one.model, []).append((one, frozenset(_required(one))))
        current_app.extensions[_KNOWN] = host, kept
    return kept.get(model, [])


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
    column = inspect(model).columns[condition.column]
    return condition.operator == "filled" and not column.nullable and (
        column.type.python_type is not str)


def _cells_by(measure: Measure, condition: ListCondition) -> tuple[str, str] | None:
    """Return the dimension and the column of the cells that know what a filter asks for."""
    name = condition.column
    slot = (facts.scope_slots(measure.model) or {}).get(name)
    if "" in condition.values and (slot or inspect(measure.model).columns[name].nullable):
        # Cells do not tell "none" from the empty text.
        return None
    if slot is not None:
        return facts.TOTAL, slot
    by_column = {facts.branch_column(measure.model): facts.BRANCH, measure.person: facts.PERSON,
                 **{column: one for one, column in measure.dimensions.items()}}
    return (by_column[name], "value") if name in by_column else None


def _narrowing(
    model: type[Any], held: HeldList, place: int, wanted: frozenset[str]
) -> dict[str, list[Any]]:
    """Return the parameters with what a list is narrowed by, for cells and for records."""
    if not held.column:
        return {}
    kind = inspect(model).columns[held.column].type.python_type
    of_records = sorted(kind(value) for value in wanted)
    of_cells = of_records if held.cell_column != "value" else sorted(wanted)
    return {f"cells_{place}": of_cells, f"records_{place}": of_records}


def _numbers(
    session: Session, actor: Actor, model: type[Any], held: tuple[HeldList, ...],
    values: Mapping[str, list[Any]], cap: int | None,
) -> list[int]:
    form = scope_form(actor, model)
    parameters: dict[str, Any] = {**scope_parameters(actor, model), **values}
    numbers = [0] * len(held)
    if form.sees_all or form.by_team or form.by_department:
        row = session.execute(_cells(model, form, held), parameters).one()
        numbers = [int(number or 0) for number in row]
    if form.sees_all:
        return numbers
    if cap is not None:
        # Who sees enough by groups is not counted further.
        parameters |= {f"most_{place}": max(0, cap + 1 - number)
                       for place, number in enumerate(numbers)}
    row = session.execute(_records(model, form, held, is_capped=cap is not None), parameters).one()
    return [number + beside for number, beside in zip(numbers, row, strict=True)]


@built_once
def _cells(model: type[Any], form: ScopeForm, held: tuple[HeldList, ...]) -> Select[Any]:
    """Return the statement that reads what is held of each list."""
    return select(*(_sum(model, form, one, place) for place, one in enumerate(held)))


def _sum(
    model: type[Any], form: ScopeForm, held: HeldList, place: int
) -> ScalarSelect[Any]:
    is_whole = form.sees_all and held.cell_column in ("", "value")
    parts = []
    for table in (MetricSum.__table__, MetricChange.__table__):
        conditions = [table.c.measure == held.measure.name, table.c.dimension == held.dimension,
                      _seen_by_groups(model, form, table)]
        if table is MetricSum.__table__:
            conditions += [table.c.level == (WHOLE if is_whole else BY_GROUP),
                           table.c.month == facts.NO_MONTH]
        if held.cell_column:
            conditions.append(
                table.c[held.cell_column].in_(bindparam(f"cells_{place}", expanding=True)))
        parts.append(select(table.c.amount).where(*conditions))
    # One statement, so that a change on its way to the sums is seen once.
    both = union_all(*parts).subquery()
    return select(func.sum(both.c.amount)).scalar_subquery()


def _seen_by_groups(model: type[Any], form: ScopeForm, table: Table) -> ColumnElement[bool]:
    if form.sees_all:
        return true()
    slots = facts.scope_slots(model) or {}
    ways = [
        table.c[slots[column]].in_(bindparam(parameter, expanding=True))
        for names, parameter, is_seen in (
            ("__scope_teams__", "scope_teams", form.by_team),
            ("__scope_departments__", "scope_departments", form.by_department))
        if is_seen for column in getattr(model, names, ())
    ]
    return or_(*ways) if ways else false()


@built_once
def _records(
    model: type[Any], form: ScopeForm, held: tuple[HeldList, ...], *, is_capped: bool
) -> Select[Any]:
    """Return the statement that counts of each list what somebody sees only as a person."""
    parts = []
    for place, one in enumerate(held):
        flags = [facts.is_kept(model), *facts.flags_of([one.measure])]
        counted = select(literal(1)).select_from(model).where(
            facts.as_sql(one.measure), people_only_condition(model, form, flags))
        if one.measure.day:
            counted = counted.where(getattr(model, one.measure.day).is_not(None))
        if one.column:
            counted = counted.where(getattr(model, one.column).in_(
                bindparam(f"records_{place}", expanding=True)))
        if is_capped:
            counted = counted.limit(bindparam(f"most_{place}"))
        parts.append(select(func.count()).select_from(counted.subquery()).scalar_subquery())
    return select(*parts)
