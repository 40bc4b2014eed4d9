"""Reading for boards and calendars: the first cards of every column, the records of some days."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.screens.columns.columns import Column
from app.screens.query.filters import FilterCondition
from app.screens.query.keyset import Order
from app.screens.query.list_query import ListQuery


@dataclasses.dataclass(frozen=True, slots=True)
class CardMove:
    """A way of a card to another column of its board.

    Attributes:
        target: value of the column that it leads to.
        label: name of that column.
        action: what is done, e.g. "Approve".
        address: where it is done.
        dialog: whether something is asked first.
        blocked_reason: why it cannot be done now; empty when it can.
        icon: icon of the action.
    """

    target: str
    label: Any
    action: Any
    address: str
    dialog: bool = False
    blocked_reason: Any = ""
    icon: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class BoardCard:
    """A record on a board or in a calendar."""

    pk: int
    url: str
    number: Any
    title: Any
    people: Any = ""
    badge: Any = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Lane:
    """A column of a board with its first cards.

    Attributes:
        value: of the column of the board.
        badge: the value as a badge.
        label: its name.
        count: how many records it holds, as text.
        cards: the first ones.
        more_url: address of all of them as a table; empty where all are shown.
        further_url: address of the next cards; empty behind the last one.
    """

    value: str
    badge: Any
    label: str
    count: str
    cards: tuple[BoardCard, ...]
    more_url: str
    further_url: str = ""


def in_lane(query: ListQuery, column: Column, value: str) -> ListQuery:
    """Return the list of one column of a board."""
    mine = FilterCondition(column, "in", (value,))
    rest = tuple(one for one in query.conditions if one.key != mine.key)
    return dataclasses.replace(query, conditions=(*rest, mine), position=None, backward=False)


def lane_rows(
    interface: Any, query: ListQuery, column: Column, values: Sequence[str],
    columns: Sequence[Column], limit: int,
) -> list[list[Any]]:
    """Return the first rows for each value of a column, in one statement.

    Args:
        interface: the record interface.
        query: filters, search and order that hold for all of them.
        column: the column of the board.
        values: its values, in order.
        columns: columns shown on a card.
        limit: most rows for a value.

    Returns:
        For each value tuples as a list page has them: key, sort value, columns.
    """
    found: list[list[Any]] = [[] for _ in values]
    for place, *row in interface.lanes(query, column, values, columns, limit) if values else ():
        found[place].append(tuple(row))
    return found


def rows_between(
    interface: Any, query: ListQuery, column: Column, low: Any, high: Any,
    columns: Sequence[Column], most: int,
) -> list[Any]:
    """Return rows whose column lies in ``[low, high)``, by that column, at most ``most``."""
    query = dataclasses.replace(
        query, order=Order(column, False, interface.key), size=most, position=None, backward=False
    )
    also = [column.attribute >= low, column.attribute < high]
    return interface.page(query, columns, also).rows


def weeks_of(day: dt.date, span: str) -> list[list[dt.date]]:
    """Return the weeks, Monday first, that a month or a week shows.

    Args:
        day: a day of it.
        span: ``month`` or ``week``.
    """
    one = dt.timedelta(days=1)
    first = day.replace(day=1) if span == "month" else day
    last = (first + 32 * one).replace(day=1) - one if span == "month" else day
    monday = first - first.weekday() * one
    weeks = []
    while monday <= last:
        weeks.append([monday + place * one for place in range(7)])
        monday += 7 * one
    return weeks
