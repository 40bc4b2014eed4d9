"""Adding changes to sums, counting anew, and comparing both."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.database import put_row, utcnow, write
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.counting import counted_by, measures
from app.metrics.facts import CellKey
from app.metrics.models import KEY, MetricChange, MetricState, MetricSum
from app.people.clock import local_zone

PORTION = 2_000
_READ = 5_000
_CHANGES, _SUMS = MetricChange.__table__, MetricSum.__table__


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose count is wrong.

    Attributes:
        key: the cell.
        counted: what the product holds.
        recounted: what its records say.
    """

    key: CellKey
    counted: int
    recounted: int


def fold(session: Session, _now: Any = None) -> int:
    """Add what has been written as changes to the sums, in short transactions.

    Args:
        session: session without unsaved changes.

    Returns:
        How many changes were added.
    """
    done = 0
    while moved := _fold_portion(session):
        done += moved
        if moved < PORTION:
            break
    return done


def _fold_portion(session: Session) -> int:
    key = [_CHANGES.c[name] for name in KEY]
    with write(session):
        # Deleted and added in one transaction: a reader sees a change either here or there.
        first = select(_CHANGES.c.id).order_by(_CHANGES.c.id).limit(PORTION).scalar_subquery()
        rows = session.execute(
            delete(_CHANGES).where(_CHANGES.c.id.in_(first)).returning(*key, _CHANGES.c.amount)
        ).all()
        added: Counter[CellKey] = Counter()
        for row in rows:
            added[CellKey(*row[:-1])] += row[-1]
        # In the order of keys, so that two that add at once never wait for each other in a ring.
        _add(session, sorted(one for one in added.items() if one[1]))
        session.execute(delete(_SUMS).where(_SUMS.c.amount == 0))
    return len(rows)


def _add(session: Session, amounts: list[tuple[CellKey, int]]) -> None:
    if not amounts:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(_SUMS)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=list(KEY), set_={"amount": _SUMS.c.amount + statement.excluded.amount}),
        [{**key._asdict(), "amount": amount} for key, amount in amounts],
    )


def recount(session: Session, measure: Measure) -> Counter[CellKey]:
    """Count a measure from its records.

    Args:
        session: any session.
        measure: what is counted.
    """
    counter, found = facts.counter_of(measure, local_zone()), Counter()
    columns = [getattr(measure.model, name).label(name)
               for name in sorted(facts.columns_of(measure))]
    rows = session.execute(
        select(*columns).where(facts.as_sql(measure)).execution_options(yield_per=_READ))
    for row in rows:
        found.update(counter(row._mapping))
    return found


def held(session: Session, measure: Measure) -> Counter[CellKey]:
    """Return what is held of a measure, sums and changes together."""
    found: Counter[CellKey] = Counter()
    for table in (_SUMS, _CHANGES):
        key = [table.c[name] for name in KEY]
        for row in session.execute(
            select(*key, func.sum(table.c.amount)).where(table.c.measure == measure.name)
            .group_by(*key)
        ):
            found[CellKey(*row[:-1])] += row[-1]
    return found


def check(session: Session) -> list[Difference]:
    """Count every measure that has been counted anew, and return what differs.

    Args:
        session: session without unsaved changes.
    """
    found = []
    with write(session):
        _one_moment(session)
        known = definitions(session)
        for measure in measures():
            if known.get(measure.name) != facts.definition_of(measure, local_zone()):
                continue
            present, right = held(session, measure), recount(session, measure)
            found += [Difference(key, present[key], right[key])
                      for key in sorted(present.keys() | right.keys())
                      if present[key] != right[key]]
    return found


def definitions(session: Session) -> dict[str, str]:
    """Return by which definition each measure has been counted, by its name."""
    return dict(map(tuple, session.execute(
        select(MetricState.measure, MetricState.definition))))


def rebuild(session: Session, only_new: bool = False) -> list[str]:
    """Count measures from their records and put that in place of what was held.

    Each measure is one transaction. On PostgreSQL it does not stop writers: it replaces what was
    there at one moment, and changes written since stay. SQLite has one writer, which waits.

    Args:
        session: session without unsaved changes.
        only_new: only those that have not been counted by their present definition.

    Returns:
        Names of the measures that were counted.
    """
    known = definitions(session)
    wanted = [
        measure for measure in measures() if counted_by(measure)
        and not (only_new and known.get(measure.name) == facts.definition_of(measure, local_zone()))
    ]
    for measure in wanted:
        with write(session):
            _one_moment(session)
            right = recount(session, measure)
            for table in (_SUMS, _CHANGES):
                session.execute(delete(table).where(table.c.measure == measure.name))
            _insert(session, right.items())
            put_row(session, MetricState, {"measure": measure.name},
                    {"definition": facts.definition_of(measure, local_zone()),
                     "counted_at": utcnow()})
    return [measure.name for measure in wanted]


def _insert(session: Session, amounts: Iterable[tuple[CellKey, int]]) -> None:
    rows = [{**key._asdict(), "amount": amount} for key, amount in amounts]
    for first in range(0, len(rows), PORTION):
        session.execute(insert(_SUMS), rows[first:first + PORTION])


def _one_moment(session: Session) -> None:
    """Let all statements of the transaction that has just begun see the same moment."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
