"""Paging by key: a page begins after a row, not after a number of rows.

The order is by one column, then by primary key, so it is stable. Rows whose column is empty come
last in both directions, on both databases. Each part is read by a statement of its own, so that
an index on (column, key) serves it whatever the page.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import decimal
from typing import Any

import orjson
from sqlalchemy import BindParameter, ColumnElement, and_, literal, tuple_

from app.access.actor import Actor
from app.access.unindexed import Unindexed
from app.database import AnySelect
from app.i18n import N_
from app.screens.columns.columns import Column
from app.screens.query.filters import BadFilter

# A text of 500 characters that take four octets each, and what stands beside it; a web server takes
# lines of 4,094 characters.
_LONGEST = 3000
_LARGEST_KEY = 2**63 - 1


class BadCursor(BadFilter):
    """The address holds a position that cannot be."""

    def __init__(self) -> None:
        super().__init__(
            N_("The position in the address is damaged or belongs to another order."))


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted.

    Attributes:
        column: column sorted by.
        descending: whether large values come first.
        key: attribute of the primary key.
    """

    column: Column
    descending: bool
    key: Any

    def seen_by(self, person: Actor) -> Order:
        """Return the order with the SQL that a person is given; see ``Column.made_for``."""
        column = self.column.seen_by(person)
        return self if column is self.column else dataclasses.replace(self, column=column)


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """A row as a place in the order: value of the sort column, and primary key.

    Statements that are built once hold parameters in place of both.
    """

    value: Any
    key: int | BindParameter[int]


def encode(order: Order, position: Position) -> str:
    """Return a position as text for an address."""
    value = position.value
    if isinstance(value, decimal.Decimal):
        value = str(value)
    body = orjson.dumps([order.column.name, order.descending, value, position.key])
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def decode(order: Order, text: str) -> Position:
    """Return the position that a text stands for.

    Raises:
        BadCursor: the text is damaged, made up, or belongs to another order.
    """
    if len(text) > _LONGEST:
        raise BadCursor
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        name, descending, value, key = orjson.loads(body)
    except (binascii.Error, ValueError, TypeError):
        raise BadCursor from None
    if name != order.column.name or descending is not order.descending:
        raise BadCursor
    if type(key) is not int or abs(key) > _LARGEST_KEY:
        raise BadCursor
    return Position(_typed(order.column.kind, value), key)


def _typed(kind: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        if kind == "datetime" and isinstance(value, str):
            moment = dt.datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return moment.astimezone(dt.UTC)
        if kind == "date" and isinstance(value, str):
            return dt.date.fromisoformat(value)
        if kind == "decimal" and isinstance(value, str | int | float):
            return decimal.Decimal(str(value))
        if kind == "boolean" and isinstance(value, bool):
            return value
        if kind in ("integer", "relation") and type(value) is int and abs(value) <= _LARGEST_KEY:
            return value
        if kind in ("text", "choice") and isinstance(value, str) and "\x00" not in value:
            return value
    except (ValueError, OverflowError, decimal.InvalidOperation):
        raise BadCursor from None
    raise BadCursor


def seek(
    statement: AnySelect, order: Order, position: Position | None, backward: bool = False, *,
    few: bool = False,
) -> list[AnySelect]:
    """Return the statements that give the rows after (or before) a position, in turn.

    Args:
        statement: SELECT with its conditions, without order.
        order: how the list is sorted.
        position: where to begin; ``None`` begins at the first row, or at the last one backward.
        backward: whether to go towards the beginning; rows then come in reverse.
        few: whether few rows are found by their conditions, and sorted afterwards: in the order
            of the list SQLite would read all that others have.

    Returns:
        One or two statements without limit; the second continues where the first ends.
    """
    column, key = order.column.attribute, order.key
    falling = order.descending != backward
    sort = Unindexed(column.expression) if few else column
    ordering = (sort.desc(), key.desc()) if falling else (sort.asc(), key.asc())
    if not order.column.nullable:
        if position is not None:
            statement = statement.where(_beyond(column, key, position, falling))
        return [statement.order_by(*ordering)]
    filled = statement.where(column.is_not(None)).order_by(*ordering)
    empty = statement.where(column.is_(None)).order_by(key.desc() if falling else key.asc())
    in_empty = position is not None and position.value is None
    if position is not None and position.value is None:
        empty = empty.where(key < position.key if falling else key > position.key)
    elif position is not None:
        filled = filled.where(_beyond(column, key, position, falling))
    # Forward: filled, then empty. Backward: empty, then filled.
    if backward:
        if position is not None and not in_empty:
            return [filled]
        return [empty, filled]
    return [empty] if in_empty else [filled, empty]


def _as_sql(value: Any, column: Any) -> ColumnElement[Any]:
    return value if isinstance(value, BindParameter) else literal(value, column.type)


def _beyond(
    column: Any, key: Any, position: Position, falling: bool
) -> ColumnElement[bool]:
    if column is key:
        return key < position.key if falling else key > position.key
    # Row values are compared by index on both databases. The bare comparison beside it tells
    # SQLite's planner the range of the first column.
    value = _as_sql(position.value, column)
    pair, bound = tuple_(column, key), tuple_(value, _as_sql(position.key, key))
    if falling:
        return and_(column <= value, pair < bound)
    return and_(column >= value, pair > bound)
