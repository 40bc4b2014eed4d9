"""The datamodel interface: every query of every screen goes through here.

Flask-AppBuilder's own interface loads entities with all their relations, counts exactly, pages by
offset and knows no row scope. This one reads tuples of the columns shown, counts up to a cap,
pages by key, and puts the row scope on everything: list, page, related tab, action, export, API.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    false,
    func,
    not_,
    select,
)
from sqlalchemy.orm import Query

from app.access.actor import Actor
from app.access.scope import (
    ScopeForm,
    scope_condition,
    scope_filter,
    scope_form,
    scope_parameters,
    sees_all,
)
from app.database import AnySelect, db
from app.jobs.hidden_rows import own_mark
from app.records.mixin import is_present
from app.records.search.index import found, joined, search_filter
from app.screens.columns.columns import Column, label_of
from app.screens.columns.row_labels import Labels
from app.screens.columns.seen_labels import label_parameters, seen_by, shown_to
from app.screens.query.counts import Counts
from app.screens.query.filters import clauses
from app.screens.query.found_in_order import newest_first, rows_in_order
from app.screens.query.keyset import Position, seek
from app.screens.query.list_query import ListQuery, RowsPage, page_of
from app.screens.query.list_statements import (
    lanes_of,
    lanes_statement,
    page_statements,
    parameters,
    shape_of,
    start_of,
)
from app.statements import built_once
from app.web.access_denials import note_hidden
from app.web.formats import zone
from app.web.input_limits import LARGEST_KEY, whole_number
from app.web.request import actor

_EXPORT_BATCH = 1000


@built_once
def _seen_row(
    model: type[Any], form: ScopeForm, mark: dt.datetime | None, is_whole: bool = True
) -> AnySelect:
    """Return the SELECT of the row with the parameter ``key``, if it is seen and not deleted.

    ``mark`` is that of the import under way, which ``is_present`` reads; ``None`` without one.
    Of a row that is not wanted whole the key is read.
    """
    del mark
    [key] = model.__mapper__.primary_key
    conditions = [key == bindparam("key"), scope_condition(model, form, indexed=False)]
    if "deleted_at" in model.__mapper__.columns:
        conditions.append(is_present(model))
    return select(model if is_whole else key).where(*conditions)


class RecordInterface(Labels, Counts, SQLAInterface):
    """Reads rows of one model for the caller of the running request."""

    # --- what may be seen --------------------------------------------------------------------
    def visible(self, *, indexed: bool = False) -> ColumnElement[bool]:
        """Return the condition that keeps rows the caller may see and that are not deleted.

        Args:
            indexed: whether the rows are to be found by it, where nothing else narrows them.
        """
        return self.visible_to(actor(), indexed=indexed)

    def visible_to(self, person: Actor, *, indexed: bool = False) -> ColumnElement[bool]:
        """Return the condition of ``visible`` for a person; needs no request.

        Args:
            person: who looks.
            indexed: see ``visible``.
        """
        condition = scope_filter(person, self.obj, indexed=indexed)
        if "deleted_at" in self.obj.__mapper__.columns:
            condition = and_(condition, is_present(self.obj))
        return condition

    def _apply_inner_all(self, query: Query[Any], *args: Any, **kwargs: Any) -> Query[Any]:
        # Flask-AppBuilder's own ways to rows (get, list, count) all come by here.
        return super()._apply_inner_all(query.filter(self.visible()), *args, **kwargs)

    def parse_key(self, text: Any) -> int | None:
        """Return a primary key from what stood in an address, or ``None`` when it cannot be."""
        if isinstance(text, int):
            return text if 0 < text <= LARGEST_KEY else None
        return whole_number(str(text)) or None

    def get(self, id: Any, *args: Any, **kwargs: Any) -> Any | None:
        """Return the entity with a primary key if the caller may see it, else ``None``."""
        key = self.parse_key(id)
        if key is None:
            return None
        person = actor()
        found = self.session.scalar(
            _seen_row(self.obj, scope_form(person, self.obj), own_mark()),
            {"key": key, **scope_parameters(person, self.obj)})
        if found is None:
            note_hidden(self.session, self.obj, self.key, [key])
        return found

    def is_seen(self, key: int) -> bool:
        """Return whether the caller may see the row with a primary key as it is by now."""
        person = actor()
        return self.session.scalar(
            _seen_row(self.obj, scope_form(person, self.obj), own_mark(), is_whole=False),
            {"key": key, **scope_parameters(person, self.obj)}) is not None

    def get_many(self, ids: Iterable[Any]) -> list[Any]:
        """Return the entities among ``ids`` that the caller may see, in the order given."""
        keys = [key for key in map(self.parse_key, ids) if key is not None]
        found = {
            row.id: row
            for row in self.session.scalars(
                select(self.obj).where(self.key.in_(keys), self.visible())
            )
        }
        missing = set(keys).difference(found)
        if missing:
            note_hidden(self.session, self.obj, self.key, sorted(missing))
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def note_hidden_rows(self, keys: Sequence[int]) -> None:
        """Note in the audit trail that the caller asked for rows that are hidden from them.

        Args:
            keys: keys that were not found; those that do not exist at all are not noted.
        """
        if keys:
            note_hidden(self.session, self.obj, self.key, sorted(keys))

    def get_related_interface(self, col_name: str) -> RecordInterface:
        """Return what reads the rows that a relation leads to."""
        return type(self)(self.get_related_model(col_name))

    def get_related_obj(self, col_name: str, value: Any) -> Any | None:
        """Return a related entity if the caller may see it."""
        return self.get_related_interface(col_name).get(value)

    @property
    def key(self) -> Any:
        """Attribute of the primary key."""
        return getattr(self.obj, self.obj.__mapper__.primary_key[0].name)

    # --- lists -------------------------------------------------------------------------------
    def condition(
        self, query: ListQuery, also: Sequence[ColumnElement[bool]] = (), *, many: bool = True,
        searched: bool = False,
    ) -> ColumnElement[bool]:
        """Return everything that a row of the list must fulfil.

        Args:
            query: what is asked for.
            also: further conditions.
            many: whether so many rows fulfil it that reading in the list's order soon finds a
                page of them. Where they are few and nothing but the row scope narrows the
                list, they are found by the scope.
            searched: whether the rows are joined with what the search finds already.

        Raises:
            BadFilter: a filter value does not fit its column.
        """
        parts = [self.visible(indexed=self._by_scope(query, also, many)), *also]
        parts += clauses(query.conditions, actor(), zone())
        if query.excluded:
            held = clauses(query.excluded, actor(), zone())
            parts.append(not_(func.coalesce(and_(*held), false())))
        if query.search and not searched:
            parts.append(self.search_clause(query.search))
        return and_(*parts)

    @staticmethod
    def _by_scope(query: ListQuery, also: Sequence[Any], many: bool) -> bool:
        """Return whether nothing but the row scope narrows a list of few rows."""
        return not (many or also or query.conditions or query.excluded or query.search)

    def search_clause(self, text: str) -> ColumnElement[bool]:
        """Return the condition of the search box: by index for records, by name for the rest."""
        if hasattr(self.obj, "__record_type__"):
            return search_filter(db.session, self.obj, text)
        return label_of(self.obj).icontains(text, autoescape=True)

    def page(
        self,
        query: ListQuery,
        columns: Sequence[Column],
        also: Sequence[ColumnElement[bool]] = (),
        *,
        many: bool = True,
    ) -> RowsPage:
        """Return one page of a list.

        Args:
            query: what is asked for.
            columns: columns shown.
            also: further conditions, e.g. that rows belong to a record.
            many: whether the list has many rows; see ``condition``.
        """
        return page_of(query, self._page_rows(query, columns, also, query.size + 1, many))

    def _page_rows(
        self, query: ListQuery, columns: Sequence[Column], also: Sequence[ColumnElement[bool]],
        most: int, many: bool,
    ) -> list[Any]:
        person = actor()
        shape = None if also else shape_of(self.obj, query, person, zone())
        if shape is None or any(one.made_for for one in (*columns, query.order.column)):
            query = query.sorted_for(person)
            base, matches = self._narrowed(self.rows(query, columns), query, also, many=many)
            return self._sought(query, base, matches, most, narrowed=bool(also))
        statements = page_statements(
            shape, shown_to(columns, person), query.order,
            backward=query.backward, start=start_of(query.position),
            indexed=self._by_scope(query, also, many))
        values = {**parameters(person, self.obj, most, query.position),
                  **label_parameters(columns, person)}
        return self._in_turn(statements, most, values)

    def lanes(
        self, query: ListQuery, lane: Column, values: Sequence[str], columns: Sequence[Column],
        most: int,
    ) -> list[Any]:
        """Return the first rows for each value of a column, in one statement.

        Args:
            query: filters, search and order that hold for all of them.
            lane: the column.
            values: its values, in order; at least one.
            columns: columns wanted.
            most: most rows for a value.

        Returns:
            The place of the value, then what ``page`` has of a row.
        """
        person = actor()
        shape = shape_of(self.obj, query, person, zone())
        if shape is None or any(one.made_for for one in (*columns, query.order.column)):
            query = query.sorted_for(person)
            rows = self.rows(query, columns).where(self.condition(query))
            statement = lanes_of(rows, query.order, lane.attribute, values, most)
            return list(self.session.execute(statement))
        statement = lanes_statement(
            shape, shown_to(columns, person), query.order, lane.attribute, tuple(values))
        return list(self.session.execute(statement, {
            **parameters(person, self.obj, most), **label_parameters(columns, person)}))

    def _in_turn(
        self, statements: Iterable[AnySelect], most: int, values: Mapping[str, Any]
    ) -> list[Any]:
        rows: list[Any] = []
        for statement in statements:
            rows += self.session.execute(statement, {**values, "most": most - len(rows)}).all()
            if len(rows) >= most:
                break
        return rows

    def _narrowed(
        self, statement: AnySelect, query: ListQuery, also: Sequence[ColumnElement[bool]],
        *, many: bool,
    ) -> tuple[AnySelect, Subquery | None]:
        """Return a SELECT with the conditions of a list, joined with what its search finds.

        What it finds is returned, too; ``None`` without a search, and for one that joins nothing.
        """
        matches = None
        if query.search and hasattr(self.obj, "__record_type__"):
            matches = found(db.session, self.obj, query.search)
        if matches is not None:
            statement = joined(statement, matches, self.key)
        return statement.where(
            self.condition(query, also, many=many, searched=matches is not None)), matches

    def rows(self, query: ListQuery, columns: Sequence[Column]) -> AnySelect:
        """Return the SELECT of key, sort value and shown columns, without conditions."""
        person = actor()
        shown = [seen_by(column, person).shown.label(f"c{i}") for i, column in enumerate(columns)]
        return select(self.key.label("id"), query.order.column.attribute.label("sort"), *shown)

    def _sought(
        self, query: ListQuery, base: AnySelect, matches: Subquery | None, most: int,
        *, narrowed: bool = False,
    ) -> list[Any]:
        wanted = (query.order, query.position, query.backward)
        rows = None
        if matches is not None:
            narrowed = bool(narrowed or query.conditions or query.excluded
                            or not sees_all(actor(), self.obj))
            rows = rows_in_order(
                self.session, self.obj, base, matches, *wanted, most, narrowed=narrowed)
        if rows is not None:
            return rows
        return self._in_turn(
            (statement.limit(bindparam("most")) for statement in seek(base, *wanted)), most, {})

    def stream(
        self, query: ListQuery, columns: Sequence[Column], most: int,
        also: Sequence[ColumnElement[bool]] = (),
    ) -> Iterator[Any]:
        """Yield all rows of a list in order, in batches by key, so that memory stays flat.

        Args:
            query: what is asked for; its position is not used.
            columns: columns wanted.
            most: most rows given.
            also: further conditions.
        """
        step = dataclasses.replace(query, position=None, backward=False)
        left = most
        while left > 0:
            rows = self._page_rows(step, columns, also, min(_EXPORT_BATCH, left), True)
            yield from rows
            left -= len(rows)
            if len(rows) < _EXPORT_BATCH:
                return
            step = dataclasses.replace(step, position=Position(rows[-1][1], rows[-1][0]))

    def neighbours(self, query: ListQuery, pk: int) -> tuple[int | None, int | None]:
        """Return the keys of the rows before and after a row in the order of a list."""
        order = query.sorted_for(actor()).order
        value = self.session.execute(
            select(order.column.attribute).where(self.key == pk)
        ).one_or_none()
        if value is None:
            return None, None
        found: list[int | None] = []
        for backward in (True, False):
            step = dataclasses.replace(
                query, position=Position(value[0], pk), backward=backward
            )
            rows = self._page_rows(step, (), (), 1, True)
            found.append(rows[0][0] if rows else None)
        return found[0], found[1]

    def find(self, condition: ColumnElement[bool], limit: int) -> list[Any]:
        """Return rows with ``id``, ``number``, ``title`` and, if there is one, ``state``."""
        statement = self._named_rows().where(condition).order_by(self.key.desc())
        return list(self.session.execute(statement.limit(limit)))

    def search(self, text: str, limit: int) -> list[Any]:
        """Return records that a text finds, like ``find``: the last received, or by number."""
        matches = found(db.session, self.obj, text)
        if matches is None:
            return self.find(search_filter(db.session, self.obj, text), limit)
        order = newest_first(self.obj)
        statement = self._named_rows().add_columns(order.column.attribute.label("sort"))
        newest = ListQuery((), text, order, None, False, limit)
        return self._sought(newest, joined(statement, matches, self.key), matches, limit)

    def _named_rows(self) -> AnySelect:
        columns = self.obj.__mapper__.columns
        title = getattr(self.obj, getattr(self.obj, "__title_field__", "number"))
        wanted = [self.key.label("id"), self.obj.number, title.label("title")]
        if "state" in columns:
            wanted.append(self.obj.state)
        return select(*wanted).where(self.visible())
