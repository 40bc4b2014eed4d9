"""How many records whole lists have, from what is held: tabs above a list, columns of a board.

A list whose filters are the condition of a measure, with at most one filter more by a dimension
or a group, has as many rows as the measure counts. What somebody sees only as a person is counted
beside it from the records, no further than the cap.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    bindparam,
    cast,
    func,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import ScopeForm, scope_form, scope_parameters
from app.access.scope_parts import people_only_condition
from app.database import AnySelect
from app.host.host import current_host
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.counting import measures
from app.metrics.models import BY_GROUP, WHOLE, MetricChange, MetricSum
from app.metrics.people import seen_by_groups, sees_alone
from app.metrics.states import known_definitions
from app.people.clock import local_zone
from app.statements import built_once

_KNOWN = "careline_counted_lists"
_EVERY = 2**40


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
        The number for each list, or any number above the cap; ``None`` where it is not held, or
        where somebody sees more of it as a person than is counted beside it.
    """
    asked = [None if one is None else held_list(model, frozenset(one)) for one in lists]
    known = known_definitions(session) if any(asked) else {}
    chosen = [one if one is not None and known.get(one[0].measure.name) == one[0].definition
              else None for one in asked]
    wanted: dict[HeldList, set[str]] = {}
    for one, values in filter(None, chosen):
        wanted.setdefault(one, set()).update(values)
    found = _numbers(session, actor, model, wanted, cap) if wanted else {}
    return [None if one is None else _total(found, *one) for one in chosen]


def _total(
    found: Mapping[HeldList, Mapping[str, int] | None], one: HeldList, values: frozenset[str]
) -> int | None:
    numbers = found[one]
    return None if numbers is None else sum(
        numbers.get(value, 0) for value in (values if one.column else {""}))


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
    for whole, required in _counted_lists(model):
        if not required <= wanted:
            continue
        rest = wanted - required
        if not rest:
            return whole, frozenset()
        if len(rest) == 1 and narrowed is None:
            [one] = rest
            cells = _cells_by(whole.measure, one) if one.operator == "in" else None
            if cells is not None:
                narrowed = HeldList(whole.measure, whole.definition, one.column, *cells), one.values
    return narrowed


def _counted_lists(model: type[Any]) -> list[tuple[HeldList, frozenset[ListCondition]]]:
    """Return the lists that measures of a kind count, and the filters that each stands for."""
    host, zone = current_host(), local_zone()
    of, kept = current_app.extensions.get(_KNOWN, (None, {}))
    if of != (host, zone):
        kept = {}
        for one in measures():
            if not one.amount and facts.scope_slots(one.model) is not None:
                kept.setdefault(one.model, []).append((
                    HeldList(one, facts.definition_of(one, zone)), frozenset(_required(one))))
        current_app.extensions[_KNOWN] = (host, zone), kept
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


def _numbers(
    session: Session, actor: Actor, model: type[Any], wanted: Mapping[HeldList, Collection[str]],
    cap: int | None,
) -> dict[HeldList, Mapping[str, int] | None]:
    """Return numbers by what lists are narrowed by; ``None`` where a person sees too many alone."""
    form, held = scope_form(actor, model), tuple(wanted)
    values: dict[str, Any] = scope_parameters(actor, model)
    for place, (one, keys) in enumerate(wanted.items()):
        if one.column:
            kind = inspect(model).columns[one.column].type.python_type
            values[f"records_{place}"] = [kind(key) for key in keys]
            values[f"cells_{place}"] = (
                list(keys) if one.cell_column == "value" else values[f"records_{place}"])
    found: dict[HeldList, Counter[str]] = {one: Counter() for one in held}
    if form.sees_all or form.by_team or form.by_department:
        for place, key, number in session.execute(_cells(model, form, held), values):
            found[held[place]][key] += int(number)
    if form.sees_all or not sees_alone(session, actor, model):
        return {**found}
    most = {}
    for place, (one, keys) in enumerate(wanted.items()):
        left = len(keys or ("",)) if cap is None else sum(
            found[one][key] <= cap for key in keys or ("",))
        # Who sees enough by groups is not counted further.
        most[one] = values[f"most_{place}"] = left * (_EVERY if cap is None else cap + 1)
    beside: Counter[HeldList] = Counter()
    for place, key, number in session.execute(_records(model, form, held), values):
        found[held[place]][key] += number
        beside[held[place]] += number
    return {one: numbers if beside[one] < most[one] or not most[one] else None
            for one, numbers in found.items()}


@built_once
def _cells(
    model: type[Any], form: ScopeForm, held: tuple[HeldList, ...]
) -> CompoundSelect[int, str, int]:
    """Return the statement that reads what is held: place of the list, key, number."""
    return union_all(*(_sums(model, form, one, place) for place, one in enumerate(held)))


def _sums(model: type[Any], form: ScopeForm, held: HeldList, place: int) -> AnySelect:
    is_whole = form.sees_all and held.cell_column in ("", "value")
    parts = []
    for table in (MetricSum.__table__, MetricChange.__table__):
        conditions = [table.c.measure == held.measure.name, table.c.dimension == held.dimension,
                      seen_by_groups(model, form, table)]
        if table is MetricSum.__table__:
            conditions += [table.c.level == (WHOLE if is_whole else BY_GROUP),
                           table.c.month == facts.NO_MONTH]
        key: ColumnElement[Any] = literal("")
        if held.cell_column:
            key = table.c[held.cell_column]
            conditions.append(key.in_(bindparam(f"cells_{place}", expanding=True)))
        parts.append(select(key.label("key"), table.c.amount).where(*conditions))
    # One statement, so that a change on its way to the sums is seen once.
    both = union_all(*parts).subquery()
    return select(
        literal(place).label("place"), cast(both.c.key, String).label("key"),
        func.sum(both.c.amount).label("number")).group_by(both.c.key)


@built_once
def _records(
    model: type[Any], form: ScopeForm, held: tuple[HeldList, ...]
) -> CompoundSelect[int, str, int]:
    """Return the statement that counts what somebody sees only as a person, like ``_cells``."""
    return union_all(*(_seen_alone(model, form, one, place) for place, one in enumerate(held)))


def _seen_alone(model: type[Any], form: ScopeForm, held: HeldList, place: int) -> AnySelect:
    measure = held.measure
    column = getattr(model, held.column) if held.column else literal("")
    flags = [facts.is_kept(model), *facts.flags_of([measure])]
    conditions = [facts.as_sql(measure), people_only_condition(model, form, flags)]
    if measure.day:
        conditions.append(getattr(model, measure.day).is_not(None))
    if held.column:
        conditions.append(column.in_(bindparam(f"records_{place}", expanding=True)))
    rows = (select(column.label("key")).select_from(model).where(*conditions)
            .limit(bindparam(f"most_{place}")).subquery())
    return select(
        literal(place).label("place"), cast(rows.c.key, String).label("key"),
        func.count().label("number")).group_by(rows.c.key)
