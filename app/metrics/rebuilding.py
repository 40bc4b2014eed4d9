"""Counting figures anew from the records, and comparing.

Records and figures are read at one moment, which stops nobody; what the figures lack is then
added to the sums, in short transactions. Changes of others since that moment stay valid.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.database import held_seconds, put_row, utcnow, write
from app.host.measures import Measure
from app.jobs.portions import Pace
from app.metrics import facts
from app.metrics.counting import group_by_model, held_measures
from app.metrics.facts import CellKey
from app.metrics.folding import PORTION, add_to_sums
from app.metrics.models import BY_GROUP_AND_MONTH, KEY, MetricChange, MetricState, MetricSum
from app.metrics.states import definitions, is_as_defined
from app.people.clock import local_zone

_READ = 5_000
_CHANGES, _SUMS = MetricChange.__table__, MetricSum.__table__
Levels = Mapping[int, Counter[CellKey]]


class CountSuperseded(RuntimeError):
    """Somebody else has begun to count the same figures anew."""


@dataclasses.dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell whose count is wrong.

    Attributes:
        key: the cell.
        level: level of the sums.
        counted: what the product holds.
        recounted: what its records say.
    """

    key: CellKey
    level: int
    counted: int
    recounted: int


@contextlib.contextmanager
def _one_moment(session: Session) -> Iterator[Connection]:
    """Open a connection all of whose statements read the database as it is now."""
    engine = session.get_bind().engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def recount(
    connection: Session | Connection, model: type[Any], wanted: Sequence[Measure]
) -> Counter[CellKey]:
    """Count measures of one model from its records, all in one pass.

    Args:
        connection: what to read with.
        model: kind of record.
        wanted: measures of this model.
    """
    counted, found = group_by_model(wanted)[model], Counter[CellKey]()
    columns = [getattr(model, name).label(name) for name in counted.columns]
    rows = connection.execute(
        select(*columns).where(facts.is_kept(model))
        .execution_options(yield_per=_READ))
    for row in cast("Iterable[Mapping[str, Any]]", rows.mappings()):  # by name, not by column
        counted.add(row, found)
    return found


def held(connection: Session | Connection, names: Sequence[str]) -> dict[int, Counter[CellKey]]:
    """Return what is held of measures on each level, sums and changes together."""
    found: dict[int, Counter[CellKey]] = {}
    sums = connection.execute(
        select(_SUMS.c.level, *(_SUMS.c[name] for name in KEY), _SUMS.c.amount)
        .where(_SUMS.c.measure.in_(names)))
    for level, *key, amount in sums:
        found.setdefault(level, Counter())[CellKey(*key)] += amount
    key = [_CHANGES.c[name] for name in KEY]
    for *values, amount in connection.execute(
        select(*key, func.sum(_CHANGES.c.amount)).where(_CHANGES.c.measure.in_(names))
        .group_by(*key)
    ):
        for level, cell in facts.levels_of(CellKey(*values)).items():
            found.setdefault(level, Counter())[cell] += int(amount)
    return found


def _levels(cells: Mapping[CellKey, int]) -> dict[int, Counter[CellKey]]:
    found: dict[int, Counter[CellKey]] = {}
    for cell, amount in cells.items():
        for level, key in facts.levels_of(cell).items():
            found.setdefault(level, Counter())[key] += amount
    return found


def _differences(present: Levels, right: Levels) -> list[CellDifference]:
    found, nothing = [], Counter[CellKey]()
    for level in sorted(present.keys() | right.keys()):
        one, other = present.get(level, nothing), right.get(level, nothing)
        found += [CellDifference(key, level, one[key], other[key])
                  for key in sorted(one.keys() | other.keys()) if one[key] != other[key]]
    return found


def check(session: Session) -> list[CellDifference]:
    """Count every measure that has been counted anew, and return what differs.

    Args:
        session: any session; it is not used to read.
    """
    found: list[CellDifference] = []
    with _one_moment(session) as connection:
        known = definitions(connection)
        wanted = [one for one in held_measures() if is_as_defined(known, one.name)]
        for model, counted in group_by_model(wanted).items():
            mine = [one for one in wanted if one.model is model]
            found += _differences(held(connection, counted.measures),
                                  _levels(recount(connection, model, mine)))
    return found


def rebuild(session: Session, only_new: bool = False) -> list[str]:
    """Count measures from their records and correct what is held of them.

    Nobody waits for it: records are read without a lock, and corrections are written in short
    transactions. A measure that is counted by a new definition is read from the records until all
    its corrections are written.

    Args:
        session: session without unsaved changes.
        only_new: only those that have not been counted by their present definition.

    Returns:
        Names of the measures that were counted.

    Raises:
        Superseded: somebody else began to count one of them meanwhile.
    """
    known = definitions(session)
    wanted = [one for one in held_measures() if not (only_new and is_as_defined(known, one.name))]
    done = []
    for model, counted in group_by_model(wanted).items():
        _rebuild_model(session, model, [one for one in wanted if one.model is model], known)
        done += counted.measures
    return sorted(done)


def _rebuild_model(
    session: Session, model: type[Any], wanted: Sequence[Measure], known: Mapping[str, str]
) -> None:
    token, names = uuid.uuid4().hex, [one.name for one in wanted]
    with write(session):
        for one in wanted:
            definition = known[one.name] if is_as_defined(known, one.name) else ""
            put_row(session, MetricState, {"measure": one.name},
                    {"token": token, "definition": definition})
    # Only now: what somebody else has corrected until here is among what is held.
    with _one_moment(session) as connection:
        present, right = held(connection, names), recount(connection, model, wanted)
    finest = present.get(BY_GROUP_AND_MONTH, Counter[CellKey]())
    changes, damaged = facts.difference(finest, right), _differences(present, _levels(finest))
    pace = Pace(first=PORTION // 4, most=PORTION, held=lambda: held_seconds(session))
    missing = [(level, key, amount) for level, cells in _levels(changes).items()
               for key, amount in cells.items() if amount]
    for portion in pace.portions(missing):
        with write(session):
            _require_token(session, names, token)
            add_to_sums(session, portion)
    with write(session):
        _require_token(session, names, token)
        for one in wanted:
            put_row(session, MetricState, {"measure": one.name}, {
                "definition": facts.definition_of(one, local_zone()), "counted_at": utcnow(),
                "token": token})
    if damaged:
        _derive_levels(session, names)


def _require_token(session: Session, names: Sequence[str], token: str) -> None:
    """Lock the states of measures, and refuse where somebody else has taken them over."""
    state = MetricState.__table__
    mine = session.connection().execute(
        update(state).where(state.c.measure.in_(names), state.c.token == token)
        .values(token=token))
    if mine.rowcount != len(names):
        raise CountSuperseded("somebody else counts the same figures anew")


def _derive_levels(session: Session, names: Sequence[str]) -> None:
    """Derive the other levels from the finest, where somebody has changed sums by hand."""
    for name in names:
        with write(session):
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("LOCK TABLE metrics_sum IN SHARE ROW EXCLUSIVE MODE"))
            rows = session.execute(
                select(*(_SUMS.c[one] for one in KEY), _SUMS.c.amount)
                .where(_SUMS.c.measure == name, _SUMS.c.level == BY_GROUP_AND_MONTH)).all()
            session.execute(delete(_SUMS).where(
                _SUMS.c.measure == name, _SUMS.c.level != BY_GROUP_AND_MONTH))
            cells = _levels({CellKey(*row[:-1]): row[-1] for row in rows})
            cells.pop(BY_GROUP_AND_MONTH, None)
            _insert(session, cells)


def _insert(session: Session, levels: Levels) -> None:
    rows = [{**key._asdict(), "level": level, "amount": amount}
            for level, cells in levels.items() for key, amount in cells.items() if amount]
    for first in range(0, len(rows), PORTION):
        session.connection().execute(insert(_SUMS), rows[first:first + PORTION])
