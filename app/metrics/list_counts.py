"""How many records whole lists have, from what is held.

What somebody sees only as a person is counted beside it from the records, no further than a cap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    Table,
    bindparam,
    cast,
    func,
    inspect,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import ScopeForm, scope_form, scope_parameters
from app.access.scope_parts import people_only_condition
from app.database import AnySelect, UTCDateTime
from app.metrics import facts
from app.metrics.cells import level_of, sums_and_changes
from app.metrics.counted_lists import CountedList, HeldList, ListCondition, Months, counted_list
from app.metrics.people import seen_by_groups, sees_alone
from app.metrics.periods import day_bounds
from app.metrics.states import is_counted
from app.people.clock import local_zone
from app.statements import built_once

_EVERY = 2**40
# A list without the values of its dimension: lists that differ in nothing else are read together.
_Asked = tuple[HeldList, tuple[frozenset[str], ...], Months | None]
_Placed = tuple[tuple[int, HeldList], ...]


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
    asked = [None if one is None else counted_list(model, one, actor.user_id) for one in lists]
    chosen = [one if one is not None and is_counted(session, one.held.measure.name) else None
              for one in asked]
    wanted: dict[_Asked, set[str]] = {}
    for one in filter(None, chosen):
        wanted.setdefault(_without_values(one), set()).update(one.values)
    found = _numbers(session, actor, model, wanted, cap) if wanted else {}
    return [None if one is None else _total(found[_without_values(one)], one) for one in chosen]


def _without_values(one: CountedList) -> _Asked:
    return one.held, one.groups, one.months


def _total(numbers: Mapping[str, int] | None, one: CountedList) -> int | None:
    if numbers is None:
        return None
    return sum(numbers.get(value, 0) for value in (
        one.values if one.held.column or one.held.is_own else {""}))


def _numbers(
    session: Session, actor: Actor, model: type[Any], wanted: Mapping[_Asked, set[str]],
    cap: int | None,
) -> dict[_Asked, Mapping[str, int] | None]:
    """Return numbers by value of the dimension; ``None`` where a person sees too many alone."""
    form, asked = scope_form(actor, model), tuple(wanted)
    placed: _Placed = tuple(enumerate(one[0] for one in asked))
    values: dict[str, Any] = scope_parameters(actor, model)
    for place, (one, keys) in enumerate(wanted.items()):
        values |= _parameters(model, one, keys, place)
    found: dict[_Asked, Counter[str]] = {one: Counter() for one in asked}
    if form.sees_all or form.by_team or form.by_department or any(one.is_own for _, one in placed):
        for place, key, number in session.execute(_cells(model, form, placed), values):
            found[asked[place]][key] += int(number)
    beside = tuple((place, one) for place, one in placed if not one.is_own)
    if form.sees_all or not beside or not sees_alone(session, actor, model):
        return {**found}
    most, alone = {}, Counter[int]()
    for place, _ in beside:
        keys = wanted[asked[place]] or {""}
        left = len(keys) if cap is None else sum(found[asked[place]][key] <= cap for key in keys)
        # Who sees enough by groups is not counted further.
        most[place] = values[f"most_{place}"] = left * (_EVERY if cap is None else cap + 1)
    for place, key, number in session.execute(_records(model, form, beside), values):
        found[asked[place]][key] += number
        alone[place] += number
    return {one: None if most.get(place) and alone[place] >= most[place] else found[one]
            for place, one in enumerate(asked)}


def _parameters(
    model: type[Any], one: _Asked, keys: Iterable[str], place: int
) -> dict[str, Any]:
    """Return what the statements below name for one list."""
    held, groups, months = one
    found: dict[str, Any] = {}
    if held.column or held.is_own:
        found[f"cells_{place}"] = list(keys)
    if held.column:
        kind = inspect(model).columns[held.column].type.python_type
        found[f"records_{place}"] = [kind(key) for key in keys]
    for number, group in enumerate(groups):
        found[f"group_{place}_{number}"] = [int(key) for key in group]
    if months is not None:
        day = getattr(model, held.measure.day)
        low, high = day_bounds(*months, local_zone(), exact=isinstance(day.type, UTCDateTime))
        found |= {f"first_{place}": months.first, f"last_{place}": months.last,
                  f"from_{place}": low, f"until_{place}": high}
    return found


@built_once
def _cells(
    model: type[Any], form: ScopeForm, placed: _Placed
) -> CompoundSelect[int, str, int]:
    """Return the statement that reads what is held: place of the list, key, number."""
    return union_all(*(_sums(model, form, one, place) for place, one in placed))


def _sums(model: type[Any], form: ScopeForm, held: HeldList, place: int) -> AnySelect:
    slots, has_key = facts.scope_slots(model) or {}, bool(held.column or held.is_own)

    def columns(table: Table) -> list[ColumnElement[Any]]:
        return [(table.c.value if has_key else literal("")).label("key"), table.c.amount]

    def conditions(table: Table) -> list[ColumnElement[bool]]:
        found = [table.c.measure == held.measure.name, table.c.dimension == held.dimension,
                 true() if held.is_own else seen_by_groups(model, form, table),
                 *(table.c[slots[column]].in_(bindparam(f"group_{place}_{number}", expanding=True))
                   for number, column in enumerate(held.groups))]
        if held.by_month:
            found.append(table.c.month.between(
                bindparam(f"first_{place}"), bindparam(f"last_{place}")))
        if has_key:
            found.append(table.c.value.in_(bindparam(f"cells_{place}", expanding=True)))
        return found

    is_whole = (form.sees_all or held.is_own) and not held.groups
    both = sums_and_changes(columns, conditions, level_of(is_whole, held.by_month))
    return select(
        literal(place).label("place"), cast(both.c.key, String).label("key"),
        func.sum(both.c.amount).label("number")).group_by(both.c.key)


@built_once
def _records(
    model: type[Any], form: ScopeForm, placed: _Placed
) -> CompoundSelect[int, str, int]:
    """Return the statement that counts what somebody sees only as a person, like ``_cells``."""
    return union_all(*(_seen_alone(model, form, one, place) for place, one in placed))


def _seen_alone(model: type[Any], form: ScopeForm, held: HeldList, place: int) -> AnySelect:
    measure = held.measure
    column = getattr(model, held.column) if held.column else literal("")
    flags = [facts.is_kept(model), *facts.flags_of([measure])]
    conditions = [facts.as_sql(measure), people_only_condition(model, form, flags)]
    if held.by_month:
        day = getattr(model, measure.day)
        conditions += [day >= bindparam(f"from_{place}"), day < bindparam(f"until_{place}")]
    elif measure.day:
        conditions.append(getattr(model, measure.day).is_not(None))
    if held.column:
        conditions.append(column.in_(bindparam(f"records_{place}", expanding=True)))
    conditions += [
        getattr(model, name).in_(bindparam(f"group_{place}_{number}", expanding=True))
        for number, name in enumerate(held.groups)]
    rows = (select(column.label("key")).select_from(model).where(*conditions)
            .limit(bindparam(f"most_{place}")).subquery())
    return select(
        literal(place).label("place"), cast(rows.c.key, String).label("key"),
        func.count().label("number")).group_by(rows.c.key)
