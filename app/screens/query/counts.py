"""Counting the rows of lists: from figures that are held where a measure counts just these rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Subquery, func, literal, select

from app.database import AnySelect
from app.screens.query.held_counts import held_numbers
from app.screens.query.list_query import Count, ListQuery
from app.screens.query.list_statements import count_statement, parameters, shape_of
from app.web.formats import zone
from app.web.request import actor


class Counts:
    """The part of a datamodel interface that counts rows."""

    obj: Any
    session: Any

    if TYPE_CHECKING:
        # What the rest of the interface gives.
        @staticmethod
        def _by_scope(query: ListQuery, also: Sequence[Any], many: bool) -> bool: ...

        def _narrowed(
            self, statement: AnySelect, query: ListQuery, also: Sequence[ColumnElement[bool]],
            *, many: bool,
        ) -> tuple[AnySelect, Subquery | None]: ...

    def count(
        self, query: ListQuery, cap: int | None, also: Sequence[ColumnElement[bool]] = ()
    ) -> Count:
        """Return how many rows a list has, counting no further than ``cap`` (``None``: all)."""
        number = self._number(query, cap, also)
        if cap is not None and number > cap:
            return Count(cap, True)
        return Count(number, False)

    def _number(
        self, query: ListQuery, cap: int | None, also: Sequence[ColumnElement[bool]]
    ) -> int:
        person = actor()
        if cap is None and not also:
            [held] = held_numbers(self.session, self.obj, [query], person, None)
            if held is not None:
                return held
        shape = None if also else shape_of(self.obj, query, person, zone())
        if shape is None:
            return self.session.scalar(self._counted(query, cap, also)) or 0
        statement = count_statement(
            shape, indexed=self._by_scope(query, also, False), capped=cap is not None)
        most = None if cap is None else cap + 1
        return self.session.scalar(statement, parameters(person, self.obj, most)) or 0

    def _counted(
        self, query: ListQuery, cap: int | None, also: Sequence[ColumnElement[bool]] = ()
    ) -> AnySelect:
        inner, _ = self._narrowed(
            select(literal(1)).select_from(self.obj), query, also, many=False)
        if cap is not None:
            inner = inner.limit(cap + 1)
        return select(func.count()).select_from(inner.subquery())

    def counts(self, queries: Sequence[ListQuery], cap: int) -> list[Count]:
        """Return how many rows each of several lists has, up to a cap.

        What a measure counts is read from what is held, all the rest in one statement.

        Args:
            queries: the lists.
            cap: how far each is counted.
        """
        numbers = held_numbers(self.session, self.obj, queries, actor(), cap)
        parts = [self._counted(query, cap).scalar_subquery()
                 for query, number in zip(queries, numbers, strict=True) if number is None]
        counted = iter(self.session.execute(select(*parts)).one() if parts else ())
        found = [next(counted) if number is None else number for number in numbers]
        return [Count(min(number, cap), number > cap) for number in found]
