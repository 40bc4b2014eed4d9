"""Everything that is held of a customer, found by the tables of the core and of every plugin.

A plugin is not asked: what it forgets to tell would be missing from the copy that a person has a
right to. Foreign keys, and pairs of columns such as ``record_type`` and ``record_id``, lead from
the customer to the rows that name them, and from these to what hangs on them. Decision 043 says
what is left out.
"""

# Not strict: rows of any table have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, false, inspect, or_, select, true
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.customers.models import Customer
from app.customers.privacy.reach import one_person
from app.database import Base
from app.host.contributions import RecordType
from app.host.host import current_host
from app.host.manifest import CORE_PREFIXES
from app.jobs.hidden_rows import HIDDEN_BEFORE
from app.records.mixin import is_present
from app.records.models import File, Follow, Mention
from app.records.moving import Reference, references_to
from app.records.purging import extensions_of, tables_of

Key = tuple[Any, ...]
COLLEAGUES = frozenset({Follow.__tablename__, Mention.__tablename__, "notices_notice"})
"""Tables that say who of the house follows a record or was told of it: nothing about the person."""
SEES, SEES_BIN = "can_show", "can_delete"
_CUSTOMERS: Table = Customer.__table__
_PORTION = 300
_TYPE, _ID = "_type", "_id"


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """Which rows are held of a person.

    Attributes:
        people: keys of the customer, and of those that were merged into it.
        keys: primary keys of the rows by table, as they were found: the customer first.
        left_out: how many rows of a table the actor may not see, or nobody hands out any more.
    """

    people: Sequence[int]
    keys: Mapping[Table, Set[Key]]
    left_out: Mapping[Table, int]

    @property
    def number(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.keys.values()))


def held_of(session: Session, actor: Actor, customer: Customer) -> Held:
    """Return which rows are held of a customer, as far as an actor may see them.

    Args:
        session: any session.
        actor: who makes the copy.
        customer: the customer; one that others were merged into stands for these as well.
    """
    search = _Search(session, actor, one_person(session, customer))
    search.run()
    return Held(
        search.people, {table: keys.keys() for table, keys in search.keys.items() if keys},
        {table: len(keys) for table, keys in search.left_out.items() if keys})


def kinds_by_table() -> dict[Table, RecordType]:
    """Return the kinds of record by the table that holds them."""
    return {inspect(kind.model).local_table: kind for kind in current_host().record_types()}


@functools.lru_cache(maxsize=512)
def pairs_of(table: Table) -> tuple[tuple[Column[Any], Column[Any]], ...]:
    """Return the pairs of columns that lead to a record of any kind: its kind, its key."""
    return tuple(
        (kind, column) for column in table.columns if column.name.endswith(_ID)
        and (kind := table.columns.get(column.name.removesuffix(_ID) + _TYPE)) is not None)


def rows_of(session: Session, table: Table, keys: Iterable[Key]) -> Iterator[dict[str, Any]]:
    """Yield rows by their primary keys, read in portions; those that are gone are left out.

    Args:
        session: any session.
        table: where they stand.
        keys: primary keys.
    """
    columns = list(table.primary_key.columns)
    for portion in _portions(keys):
        statement = select(table).where(_have(columns, portion)).order_by(*columns)
        for row in session.execute(statement).mappings():
            yield dict(row)


class _Search:
    """The way from a person to all rows about them.

    Args:
        session: any session.
        actor: who makes the copy.
        people: keys of the customers that are this person.
    """

    def __init__(self, session: Session, actor: Actor, people: Sequence[int]) -> None:
        self._session, self._actor, self.people = session, actor, people
        self._tables = [one for one in tables_of(session) if one.name not in COLLEAGUES]
        self._kinds = kinds_by_table()
        self._named = {kind.model.__record_type__: kind for kind in self._kinds.values()}
        self.keys: dict[Table, dict[Key, None]] = defaultdict(dict)
        self.left_out: dict[Table, set[Key]] = defaultdict(set)
        self._waiting: deque[tuple[Table, list[Key]]] = deque()

    def run(self) -> None:
        """Find all rows."""
        self._add(_CUSTOMERS, [(key,) for key in self.people])
        while self._waiting:
            table, keys = self._waiting.popleft()
            ways = self._ways(table)
            for portion in _portions(keys):
                for way in ways:
                    self._follow(way, table, [key for (key,) in portion])

    def _add(self, table: Table, keys: Collection[Key]) -> None:
        new = [key for key in keys if key not in self.keys[table]]
        self.keys[table].update(dict.fromkeys(new))
        if new and len(table.primary_key.columns) == 1:
            self._waiting.append((table, new))

    def _ways(self, table: Table) -> list[Reference]:
        """Return the columns that lead to rows of a table."""
        kind = self._kinds.get(table)
        extending = [Reference(child, child.c[column.name], None, "")
                     for child, column in extensions_of(self._tables, table)]
        if kind is None:
            return extending + [
                Reference(child, key.parent, None, "") for child in self._tables
                for key in child.foreign_keys
                if key.column.table is table and child is not table]
        found = references_to(self._session, kind.model, besides=COLLEAGUES)
        if table is not _CUSTOMERS:
            # A pair in a table of a plugin is the work of the house on a record of another one:
            # an appraisal, a lesson. What it says of the customer names the customer.
            found = [one for one in found
                     if one.kind is None or one.table.name.startswith(CORE_PREFIXES)]
        return extending + found

    def _follow(self, way: Reference, parent: Table, ids: Sequence[Any]) -> None:
        table, keys = way.table, list(way.table.primary_key.columns)
        asked: list[ColumnElement[bool]] = [way.column.in_(ids)]
        if way.kind is not None:
            asked.append(way.kind == way.record_type)
        if parent is not _CUSTOMERS:
            # Another customer's own: a complaint that was merged into this one.
            asked += [column.is_(None) for column in _names_of_customers(table)]
        if table in self._kinds:
            asked.append(or_(table.c.deleted_at.is_(None), table.c.deleted_at >= HIDDEN_BEFORE))
        found = self._read(keys, asked)
        seen = found & self._read(keys, [*asked, self._sight(table)])
        seen -= self._concealed(table, asked)
        self.left_out[table] |= found - seen
        self._add(table, sorted(seen))

    def _read(self, keys: Sequence[Column[Any]], asked: Sequence[Any]) -> set[Key]:
        return {tuple(row) for row in self._session.execute(select(*keys).where(*asked))}

    def _sight(self, table: Table) -> ColumnElement[bool]:
        """Return the condition of the rows of a table that the actor may see."""
        if table is File.__table__:
            # What somebody took off a record may have been another person's.
            return File.deleted_at.is_(None)
        kind = self._kinds.get(table)
        return true() if kind is None else self._sight_of(kind)

    def _sight_of(self, kind: RecordType) -> ColumnElement[bool]:
        if not self._actor.can(SEES, kind.view):
            return false()
        seen = scope_filter(self._actor, kind.model, indexed=False)
        if self._actor.can(SEES_BIN, kind.view):
            return seen
        return and_(seen, is_present(kind.model))

    def _concealed(self, table: Table, asked: Sequence[Any]) -> set[Key]:
        """Return the rows that name a record which the actor may not see, or another customer."""
        keys, found = list(table.primary_key.columns), set[Key]()
        # A record of its own is seen by the rules of its kind, wherever it came from.
        for kind, column in () if table in self._kinds else pairs_of(table):
            by_type: dict[str, dict[int, list[Key]]] = defaultdict(lambda: defaultdict(list))
            rows = self._session.execute(
                select(kind, column, *keys).where(*asked, kind != "", column.is_not(None)))
            for row in map(tuple, rows):
                by_type[row[0]][row[1]].append(row[2:])
            for name, owners in by_type.items():
                seen = self._seen_among(name, list(owners))
                found.update(own for key, owns in owners.items() if key not in seen for own in owns)
        return found

    def _seen_among(self, record_type: str, ids: Sequence[int]) -> set[int]:
        kind = self._named.get(record_type)
        if kind is None:
            # Nobody knows who may see records of a plugin that is not in force.
            return set()
        if kind.model is Customer:
            return set(ids).intersection(self.people)
        model, known = kind.model, self.keys.get(inspect(kind.model).local_table, {})
        found = {key for key in ids if (key,) in known}
        return found.union(*(
            self._session.scalars(
                select(model.id).where(model.id.in_(portion), self._sight_of(kind)))
            for portion in _portions(key for key in ids if key not in found)))


def _names_of_customers(table: Table) -> list[Column[Any]]:
    return [key.parent for key in table.foreign_keys if key.column.table is _CUSTOMERS]


def _have(columns: Sequence[Column[Any]], keys: Sequence[Key]) -> ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0].in_([key for (key,) in keys])
    return or_(*(and_(*(column == value for column, value in zip(columns, key, strict=True)))
                 for key in keys))


def _portions(items: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(items)
    for start in range(0, len(listed), _PORTION):
        yield listed[start:start + _PORTION]


def model_of(table: Table) -> type[Any] | None:
    """Return the mapped class of a table, or ``None``."""
    return next((mapper.class_ for mapper in Base.registry.mappers
                 if mapper.local_table is table), None)
