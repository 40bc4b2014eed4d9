"""Reading what is held: the sums, and beside them the changes that nobody has added to them yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Table, select, union_all

from app.metrics import facts
from app.metrics.models import (
    BY_GROUP,
    BY_GROUP_AND_MONTH,
    BY_MONTH,
    WHOLE,
    MetricChange,
    MetricSum,
)


def level_of(is_whole: bool, by_month: bool) -> int:
    """Return the level of sums that answers a question.

    Args:
        is_whole: whether the records of all groups count together.
        by_month: whether months are told apart.
    """
    if is_whole:
        return BY_MONTH if by_month else WHOLE
    return BY_GROUP_AND_MONTH if by_month else BY_GROUP


def sums_and_changes(
    columns: Callable[[Table], Iterable[ColumnElement[Any]]],
    conditions: Callable[[Table], Iterable[ColumnElement[bool]]],
    level: int,
) -> Subquery:
    """Return the cells that fulfil some conditions; those of one key have to be added up.

    One statement, so that a change on its way to the sums is seen once.

    Args:
        columns: of a table of cells; ``amount`` is among them.
        conditions: of the cells of a table.
        level: of the sums.
    """
    of_sums = [MetricSum.level == level]
    if level in (WHOLE, BY_GROUP):
        # The key of the table begins with it.
        of_sums.append(MetricSum.month == facts.NO_MONTH)
    return union_all(*(
        select(*columns(table)).where(*conditions(table), *more)
        for table, more in ((MetricSum.__table__, of_sums), (MetricChange.__table__, []))
    )).subquery()
