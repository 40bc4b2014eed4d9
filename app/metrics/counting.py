"""Counts follow the records: every flush and every statement in bulk writes its changes.

A change of a record subtracts what it counted as and adds what it counts as now, as new rows in
the same transaction. Nobody updates a row that somebody else updates, so writers do not wait for
each other; ``fold`` adds the rows up.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import Table, delete, event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.base import NO_VALUE

from app.host.host import EXTENSION, current_host
from app.host.measures import Measure
from app.inserts import insert_rows
from app.metrics import facts
from app.metrics.facts import CellKey
from app.metrics.kept import kept_for_host
from app.metrics.models import MetricChange
from app.people.clock import local_zone

# What a flush has begun, in its session.
_PENDING = "careline_metrics"
_COUNTED = "careline_counted_models"
_PORTION = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Counted:
    """The measures of one model, and the columns that they read.

    Attributes:
        columns: names of columns of the model.
        measures: names of the measures.
        counters: one for each measure; see ``facts.counter_of``.
    """

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    counters: tuple[Callable[[Mapping[str, Any], Counter[CellKey]], None], ...]

    def add(self, values: Mapping[str, Any], into: Counter[CellKey]) -> None:
        """Add a record, given by the values of its columns, to the cells that it counts in."""
        for counter in self.counters:
            counter(values, into)


@dataclasses.dataclass(slots=True)
class _Flush:
    """What a flush that runs takes away, and the rows whose new values it will add."""

    before: Counter[CellKey]
    rows: list[tuple[Any, Counted]]


def measures() -> list[Measure]:
    """Return every measure of the plugins in force, each once, by name."""
    found = {
        measure.name: measure
        for metric in current_host().contributions("register_metrics")
        for measure in metric.measures
    }
    found |= {one.measure.name: one.measure for one in current_host().contributions(
        "register_served") if one.measure is not None}
    return [found[name] for name in sorted(found)]


def held_measures() -> list[Measure]:
    """Return the measures whose counts are held, those of ``of_people`` among them, by name."""
    found = [one for one in measures() if counted_by(one)]
    found += [own for model in {one.model for one in found} for own in of_people(model)]
    return sorted(found, key=lambda one: one.name)


def of_people(model: type[Any]) -> list[facts.RecordsOfPeople]:
    """Return the measures of the records that each person sees as a person: all, and the open ones.

    Args:
        model: kind of record.

    Returns:
        Nothing for a kind without people, or without groups by which counts are held.
    """
    people = tuple(getattr(model, "__scope_people__", ()))
    if not people or not facts.scope_slots(model):
        return []
    kinds = {"seen_by_people": {}}
    if "is_open" in inspect(model).column_attrs:
        kinds["open_of_people"] = {"is_open__is": "true"}
    return [facts.RecordsOfPeople(name=f"{model.__record_type__}.{name}", model=model,
                                  where=where, people=people) for name, where in kinds.items()]


def counted_by(measure: Measure) -> bool:
    """Return whether counts of a measure can be held with who may see them."""
    return facts.scope_slots(measure.model) is not None


def group_by_model(wanted: Sequence[Measure]) -> dict[type[Any], Counted]:
    """Return measures by the model whose records they count.

    Args:
        wanted: measures that ``counted_by`` allows.
    """
    grouped: dict[type[Any], list[Measure]] = {}
    for measure in wanted:
        grouped.setdefault(measure.model, []).append(measure)
    if not grouped:
        return {}
    zone = local_zone()
    return {
        model: Counted(
            tuple(sorted(frozenset().union(*map(facts.columns_of, found)))),
            tuple(one.name for one in found),
            tuple(facts.counter_of(one, zone) for one in found))
        for model, found in grouped.items()
    }


def _models() -> Mapping[type[Any], Counted]:
    if not has_app_context() or EXTENSION not in current_app.extensions:
        return {}
    return kept_for_host(_COUNTED, lambda: group_by_model(held_measures()))


def add_changes(session: Session, changes: Mapping[CellKey, int]) -> None:
    """Write changes of cells as new rows; part of the running write.

    Args:
        session: session with a running write.
        changes: what is added to each cell.
    """
    insert_rows(session.connection(), MetricChange.__table__, [
        {**key._asdict(), "amount": amount} for key, amount in changes.items()
    ])


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    models = _models()
    session.info[_PENDING] = flush = _Flush(Counter(), [])
    if not models:
        return
    for row in {*session.dirty, *session.deleted}:
        counted = models.get(type(row))
        if counted is not None:
            values = _values_before(session, row, counted)
            if values is not None:
                counted.add(values, flush.before)
                if row not in session.deleted:
                    flush.rows.append((row, counted))
    flush.rows.extend((row, models[type(row)]) for row in session.new if type(row) in models)


def _values_before(session: Session, row: Any, counted: Counted) -> dict[str, Any] | None:
    """Return what the database holds of a row; ``None`` where nothing that counts has changed."""
    state = inspect(row)
    changed = state.committed_state.keys() & set(counted.columns)
    if not changed and row not in session.deleted:
        return None
    values = {}
    for name in counted.columns:
        value = state.committed_state.get(name, state.dict.get(name, NO_VALUE))
        if not isinstance(value, type(NO_VALUE)):
            values[name] = value
    if len(values) == len(counted.columns):
        return values
    return next(iter(_read(session, type(row), counted, [state.identity[0]])), None)


def _after_flush(session: Session, _context: Any) -> None:
    flush = session.info.pop(_PENDING, None)
    if flush is None:
        return
    after: Counter[CellKey] = Counter()
    for row, counted in flush.rows:
        counted.add(_values_after(session, row, counted), after)
    add_changes(session, facts.difference(flush.before, after))


def count_new(session: Session, rows: Sequence[Any]) -> None:
    """Count new rows of one model that a statement has inserted; part of the running write.

    Args:
        session: session with a running write.
        rows: the rows, each with a value for every column.
    """
    counted = _models().get(type(rows[0]))
    if counted is not None:
        after: Counter[CellKey] = Counter()
        for row in rows:
            counted.add(inspect(row).dict, after)
        add_changes(session, facts.difference(Counter(), after))


def _values_after(session: Session, row: Any, counted: Counted) -> Mapping[str, Any]:
    state = inspect(row)
    if all(name in state.dict for name in counted.columns):
        return state.dict
    key = state.identity[0] if state.identity else row.id
    return _read(session, type(row), counted, [key])[0]


def _read(
    session: Session, model: type[Any], counted: Counted, ids: Sequence[int]
) -> list[dict[str, Any]]:
    columns = [getattr(model, name).label(name) for name in counted.columns]
    rows = session.connection().execute(select(*columns).where(model.id.in_(ids)))
    return [dict(row._mapping) for row in rows]


def _cells_of(
    session: Session, model: type[Any], counted: Counted, ids: Sequence[int]
) -> Counter[CellKey]:
    found: Counter[CellKey] = Counter()
    for first in range(0, len(ids), _PORTION):
        for values in _read(session, model, counted, ids[first:first + _PORTION]):
            counted.add(values, found)
    return found


@contextlib.contextmanager
def recounting(session: Session, model: type[Any], ids: Sequence[int]) -> Iterator[None]:
    """Let statements that pass the unit of work by change counts; part of the running write.

    Args:
        session: session with a running write and without changes that wait for a flush.
        model: class of the records.
        ids: keys of all records that the block inserts, updates or deletes.
    """
    counted = _models().get(model)
    if counted is None:
        yield
        return
    ids = list(ids)
    before = _cells_of(session, model, counted, ids)
    yield
    add_changes(session, facts.difference(before, _cells_of(session, model, counted, ids)))


def delete_dependents(session: Session, table: Table, keys: Sequence[int]) -> None:
    """Delete counted rows that the database would delete with the rows that they refer to.

    The database tells nobody what it deletes. Part of the running write.

    Args:
        session: session with a running write and without changes that wait for a flush.
        table: the table whose rows are about to be deleted.
        keys: their keys.
    """
    for model in _models():
        for column in model.__table__.columns:
            if any(one.column.table is table and one.ondelete == "CASCADE"
                   for one in column.foreign_keys):
                ids = session.scalars(select(model.id).where(column.in_(keys))).all()
                with recounting(session, model, ids):
                    session.execute(delete(model.__table__).where(model.id.in_(ids)))


event.listen(Session, "before_flush", _before_flush)
event.listen(Session, "after_flush", _after_flush)
