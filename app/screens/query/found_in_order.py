"""Pages of what a search finds, read from the index in the order of the list.

Whoever looks for a common word wants the newest fifty of seventy thousand records. On SQLite the
index gives matches in order of receipt, or of the key (see ``app.records.search.places``), so that
a page reads no more than it shows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.database import AnySelect
from app.records.search.places import (
    LAST_PLACE,
    all_placed,
    of_same_step,
    places_at,
    sorted_by,
)
from app.screens.columns.columns import Column
from app.screens.query.keyset import Order, Position, seek

# A page is looked for among so many matches; of whom fewer see, all that they find are sorted.
_MOST_LOOKED_AT = 1000


def rows_in_order(
    session: Session, model: type[Any], statement: AnySelect, matches: Subquery, order: Order,
    position: Position | None, backward: bool, most: int, *, narrowed: bool,
) -> list[Any] | None:
    """Return the first rows of a page of what a search finds, if the index soon gives them.

    Args:
        session: any session.
        model: class with the ``Record`` mixin.
        statement: SELECT joined with the matches, with all conditions but the position.
        matches: what ``found`` gave.
        order: how the list is sorted.
        position: where the page begins; ``None`` at the end of the list.
        backward: see ``seek``.
        most: most rows returned.
        narrowed: whether the conditions may leave few of the matches.

    Returns:
        Rows in the order of ``seek``; ``None`` where the list is sorted by something else,
        documents are not in their places yet, nothing is found, or the page would begin with
        matches that lie too far apart.
    """
    if not _is_in_order(session, model, order) or (
            position is not None and position.value is None):
        return None
    falling, place = order.descending != backward, matches.c.id
    [page] = seek(statement.limit(bindparam("most")), order, position, backward)
    ordering = place.desc() if falling else place.asc()
    begin: list[ColumnElement[bool]] = []
    if position is not None:
        first, last = places_at(position.value)
        begin.append(place <= last if falling else place >= first)
    near = page.where(*begin).order_by(None).order_by(ordering)
    near = near.with_only_columns(place, maintain_column_froms=True)
    end = None
    if narrowed:
        looked_at = select(place).where(*begin).order_by(ordering).limit(_MOST_LOOKED_AT)
        end = _end(looked_at, _MOST_LOOKED_AT, falling)
        near = near.where(_before(place, end, falling))
    bound = _bound(near, most, end, falling)
    page = page.where(all_placed(model), *begin, _before(place, bound, falling))
    return list(session.execute(page, {"most": most})) or None


def _end(looked_at: AnySelect, most: int, falling: bool) -> ColumnElement[int]:
    """Return how far matches are looked at: the place of the last one, or beyond all places."""
    seen = looked_at.subquery("looked_at")
    furthest = func.min(seen.c.id) if falling else func.max(seen.c.id)
    return select(case((func.count() < most, _beyond_all(falling)), else_=furthest)).select_from(
        seen).scalar_subquery()


def _bound(
    near: AnySelect, most: int, end: ColumnElement[int] | None, falling: bool
) -> ColumnElement[int]:
    """Return the last place of what can be on the page; empty where that is not known.

    What stands behind the step of the last match that fills the page cannot be on it. Where too
    few fill it, all of them have to have been looked at.
    """
    seen = near.subquery("near")
    furthest = func.min(seen.c.id) if falling else func.max(seen.c.id)
    all_looked_at = true() if end is None else end == _beyond_all(falling)
    return select(case(
        (func.count() >= most, of_same_step(furthest, last=not falling)),
        (all_looked_at, _beyond_all(falling)),
    )).select_from(seen).scalar_subquery()


def _beyond_all(falling: bool) -> ColumnElement[int]:
    return literal(0 if falling else LAST_PLACE, BigInteger())


def _before(
    place: ColumnElement[int], end: ColumnElement[int], falling: bool
) -> ColumnElement[bool]:
    return place >= end if falling else place <= end


def newest_first(model: type[Any]) -> Order:
    """Return the order in which records of a kind are found where no list sorts them.

    Args:
        model: class with the ``Record`` mixin.
    """
    attribute = sorted_by(model)
    kind = "integer" if attribute is model.id else "datetime"
    column = Column(name=attribute.key, kind=kind, attribute=attribute, shown=attribute,
                    label="", sortable=True, nullable=False)
    return Order(column, True, model.id)


def _is_in_order(session: Session, model: type[Any], order: Order) -> bool:
    return session.get_bind().dialect.name != "postgresql" and (
        order.column.attribute is sorted_by(model))

