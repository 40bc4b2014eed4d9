"""Adding changes to sums, level by level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.database import held_seconds, write
from app.jobs.portions import Pace
from app.jobs.stopping import may_go_on
from app.metrics.facts import CellKey, levels_of
from app.metrics.models import KEY, MetricChange, MetricSum

PORTION = 2_000
_CHANGES, _SUMS = MetricChange.__table__, MetricSum.__table__
_SUM_KEY = ("measure", "dimension", "level", *KEY[2:])
_DELETE_EMPTY = delete(_SUMS).where(
    _SUMS.c.amount == 0, *(_SUMS.c[name] == bindparam(f"the_{name}") for name in _SUM_KEY))


def fold(session: Session, _now: Any = None) -> int:
    """Add what has been written as changes to the sums, in short transactions.

    Args:
        session: session without unsaved changes.

    Returns:
        How many changes were added.
    """
    done, pace = 0, Pace(first=PORTION // 4, most=PORTION)
    while moved := _fold_portion(session, pace.size):
        done += moved
        if moved < pace.size or not may_go_on():
            break
        pace.took(moved, held_seconds(session))
    return done


def _fold_portion(session: Session, most: int) -> int:
    key = [_CHANGES.c[name] for name in KEY]
    with write(session):
        # Deleted and added in one transaction: a reader sees a change either here or there.
        first = select(_CHANGES.c.id).order_by(_CHANGES.c.id).limit(most).scalar_subquery()
        rows = session.execute(
            delete(_CHANGES).where(_CHANGES.c.id.in_(first)).returning(*key, _CHANGES.c.amount)
        ).all()
        added: Counter[tuple[int, CellKey]] = Counter()
        for row in rows:
            for level, cell in levels_of(CellKey(*row[:-1])).items():
                added[level, cell] += row[-1]
        add_to_sums(session, [(*one, amount) for one, amount in added.items() if amount])
    return len(rows)


def add_to_sums(session: Session, amounts: Sequence[tuple[int, CellKey, int]]) -> None:
    """Add amounts to sums; part of the running write.

    Args:
        session: session with a running write.
        amounts: level, key on that level and what is added, each key once.
    """
    # In the order of keys, so that two that add at once never wait for each other in a ring.
    cells = [{**cell._asdict(), "level": level, "amount": amount}
             for level, cell, amount in sorted(amounts)]
    if not cells:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(_SUMS)
    connection = session.connection()
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(_SUM_KEY),
            set_={"amount": _SUMS.c.amount + statement.excluded.amount}),
        cells,
    )
    smaller = [{f"the_{name}": cell[name] for name in _SUM_KEY}
               for cell in cells if cell["amount"] < 0]
    if smaller:
        connection.execute(_DELETE_EMPTY, smaller)
