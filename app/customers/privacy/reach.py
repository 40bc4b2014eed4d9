"""Which rows of the database tell of a customer, in the tables of the core and of every plugin.

A row tells of a customer that it refers to; one that refers to no customer of its own, by the row
that it belongs to: a line by its document, a comment or a file by its record.
"""

# Not strict: columns found by name have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.orm import Session

from app.access.models import AuditEntry
from app.customers.merging.models import CustomerMerge
from app.customers.models import Customer
from app.database import Base
from app.records.models import FormerValue, Presence, SearchDocument
from app.records.moving import references_of
from app.records.purging import tables_of

# Each of them is treated in a way of its own, or says nothing of anybody.
_APART = frozenset(
    one.__tablename__ for one in (AuditEntry, FormerValue, Presence, SearchDocument))
# So many keys are compared at a time.
_KEYS = 500
Kinds = dict[str, list[int]]
"""Keys of records by their kind."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reached:
    """Rows of one table that tell of a customer.

    Attributes:
        table: the table.
        keys: their primary keys.
    """

    table: Table
    keys: list[tuple[Any, ...]]

    def portions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the condition of some hundreds of the rows at a time."""
        columns = list(self.table.primary_key.columns)
        for first in range(0, len(self.keys), _KEYS):
            part = self.keys[first:first + _KEYS]
            if len(columns) == 1:
                yield columns[0].in_([key for key, in part])
            else:
                yield or_(*(
                    and_(*(column == value for column, value in zip(columns, key, strict=True)))
                    for key in part))


def one_person(session: Session, customer: Customer) -> list[int]:
    """Return the key of a customer, and of all who were merged into them."""
    found, waiting = [customer.id], [customer.id]
    while waiting:
        waiting = list(session.scalars(
            select(CustomerMerge.merged_id).where(
                CustomerMerge.survivor_id.in_(waiting), CustomerMerge.undone_at.is_(None),
                CustomerMerge.merged_id.not_in(found))))
        found += waiting
    return found


def reach(session: Session, customer_ids: Sequence[int]) -> list[Reached]:
    """Return the rows that tell of customers, the customers themselves first.

    Args:
        session: any session.
        customer_ids: keys of customers who are the same person.
    """
    people = Customer.__table__
    found: dict[str, Reached] = {
        people.name: Reached(people, [(key,) for key in sorted(customer_ids)])}
    tables = [table for table in tables_of(session) if table.name not in _APART]
    for table in tables:
        if table is not people:
            _add(session, found, table, _by_reference(table, found))
    about = kinds_of(found.values())
    for table in tables:
        _add(session, found, table, _by_record(table, about))
    for table in tables:
        if table.name not in found:
            _add(session, found, table, _by_reference(table, found))
    return list(found.values())


def kinds_of(reached: Any) -> Kinds:
    """Return the keys of the records among some rows, by kind as the audit trail names it."""
    kinds = {mapper.local_table.name: getattr(mapper.class_, "__record_type__", "")
             for mapper in Base.registry.mappers}
    return {
        kinds.get(one.table.name) or one.table.name: [key[0] for key in one.keys]
        for one in reached if len(one.table.primary_key.columns) == 1}


def _by_reference(table: Table, found: dict[str, Reached]) -> list[ColumnElement[bool]]:
    """Return conditions of the rows that belong to rows that were found already."""
    people = Customer.__tablename__
    keys = {key.parent.name: key for key in table.foreign_keys}
    own = [key for key in keys.values() if key.column.table.name == people]
    followed = own or [
        key for key in keys.values()
        if key.column.table.name in found and key.column.table is not table]
    return [
        key.parent.in_([one for one, in found[key.column.table.name].keys[first:first + _KEYS]])
        for key in followed
        for first in range(0, len(found[key.column.table.name].keys), _KEYS)
        if len(found[key.column.table.name].table.primary_key.columns) == 1]


def _by_record(table: Table, about: Kinds) -> list[ColumnElement[bool]]:
    """Return conditions of the rows that name a record of some kinds by kind and key."""
    conditions: list[ColumnElement[bool]] = []
    for column, kind in references_of(table):
        for name, keys in about.items():
            conditions += [
                and_(kind == name, column.in_(keys[first:first + _KEYS]))
                for first in range(0, len(keys), _KEYS)]
    return conditions


def _add(
    session: Session, found: dict[str, Reached], table: Table,
    conditions: Sequence[ColumnElement[bool]],
) -> None:
    known = set(found[table.name].keys) if table.name in found else set()
    columns = list(table.primary_key.columns)
    for condition in conditions:
        known.update(tuple(row) for row in session.execute(select(*columns).where(condition)))
    if known:
        found[table.name] = Reached(table, sorted(known))
