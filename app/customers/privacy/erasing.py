"""Erasing a customer: the person is gone, the cases stay under a pseudonym.

The pseudonym is the customer's own number: it says nothing of the person, is the same in every
language and leads from each case to the others of the same customer. The rows are written without
their operations, as by a merge: what is closed stays closed, and figures stay as they are.
"""

# Not strict: columns found by name have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, and_, delete, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive import phones
from app.access.sensitive.columns import Sensitive
from app.customers.items import IN_ORDER
from app.customers.models import Customer
from app.customers.privacy.reach import Kinds, Reached, kinds_of, one_person, reach
from app.customers.privacy.trail import erase_trail, told_values
from app.database import Base, utcnow
from app.jobs.models import OutboxRow
from app.records.custom_fields.store import custom_fields_of
from app.records.mixin import Record
from app.records.models import File, FormerValue
from app.records.personal import (
    Personal,
    Sweeper,
    Treatment,
    declarations,
    emptied,
    texts_in,
    treatments,
)
from app.records.purging import tables_of
from app.records.search import index as search_index

_TOGETHER = 100
# Kinds of custom field that name a person, or a car by which a person is known.
_NAMING = frozenset({"phone", "id_number", "card", "plate", "vin"})
_PEOPLE = Customer.__table__


class Erasure:
    """The data of one person, found in every table, and what is made of them.

    Args:
        session: session with a running write, without unsaved changes.
        customer: who is erased, together with all who were merged into them.
    """

    def __init__(self, session: Session, customer: Customer) -> None:
        self._session = session
        self._customer = customer
        self._declared = declarations()
        self.people = one_person(session, customer)
        self.reached = reach(session, self.people)
        self.kinds: Kinds = kinds_of(self.reached)
        self._treated = {
            one.table.name: treatments(one.table, self._declared.get(one.table.name, Personal()))
            for one in self.reached}
        self._identifying = self._values()
        self.sweeper = Sweeper(self._identifying, customer.number)

    def files(self) -> list[str]:
        """Return the keys of the contents of all files of the person and of the cases."""
        return [
            key for one in self.reached if one.table is File.__table__
            for condition in one.portions()
            for key in self._session.scalars(select(File.key).where(condition))]

    def carry_out(self, actor: Actor, reason: str) -> None:
        """Erase the person; part of the running write.

        Args:
            actor: who decided on it.
            reason: number of the request, for the audit trail.
        """
        for one in self.reached:
            self._erase_rows(one)
        self._session.execute(
            update(_PEOPLE).where(_PEOPLE.c.id.in_(self.people))
            .values(erased_at=utcnow(), completeness=0, information_state=IN_ORDER,
                    review_due_on=None, erasure_due_on=None))
        self._erase_loose()
        for kind, keys in self.kinds.items():
            self._session.execute(delete(FormerValue).where(
                FormerValue.record_type == kind, FormerValue.record_id.in_(keys)))
        self._session.expire_all()
        self._index_again()
        erase_trail(self._session, actor, self._customer, self.kinds, self._treated_of_kinds(),
                    self.sweeper, reason)

    # --- what identifies the person ----------------------------------------------------------
    def _values(self) -> set[str]:
        found: set[str] = set()
        for one in self.reached:
            names = [name for name, made in self._treated[one.table.name].items()
                     if made is not Treatment.SWEPT and _identifies(one.table.c[name])]
            for row in self._rows(one, names):
                found.update(text for name in names for text in texts_in(row[name]))
        for kind, keys in self.kinds.items():
            for before, after in self._session.execute(
                select(FormerValue.before, FormerValue.after)
                .where(FormerValue.record_type == kind, FormerValue.record_id.in_(keys))
            ):
                found.update((*texts_in(before), *texts_in(after)))
        found |= told_values(self._session, self.kinds, self._treated_of_kinds())
        # A number is written in texts with and without the signs between its digits.
        found |= {digits for text in found if (digits := phones.digits_of(text))}
        return found - {self._customer.number}

    def _treated_of_kinds(self) -> dict[str, dict[str, Treatment]]:
        return {kind: self._treated[one.table.name]
                for one in self.reached for kind in kinds_of([one])}

    # --- rows --------------------------------------------------------------------------------
    def _rows(self, one: Reached, names: list[str]) -> Iterator[Any]:
        if not names:
            return
        columns = [*one.table.primary_key.columns, *(one.table.c[name] for name in names)]
        for condition in one.portions():
            yield from self._session.execute(select(*columns).where(condition)).mappings().all()

    def _erase_rows(self, one: Reached) -> None:
        treated, custom = self._treated[one.table.name], self._naming_fields(one)
        for row in self._rows(one, list(treated)):
            values = {
                name: after for name, made in treated.items()
                if (after := self._left(one.table, name, made, row[name], custom)) != row[name]}
            if one.table is File.__table__:
                values["deleted_at"] = utcnow()
            if not values:
                continue
            if {"version", "number"} <= set(one.table.c.keys()):
                # Whoever has the record open is told that it has changed.
                values["version"] = one.table.c.version + 1
            self._session.execute(update(one.table).where(and_(
                *(column == row[column.name] for column in one.table.primary_key.columns)
            )).values(values))

    def _left(
        self, table: Table, name: str, made: Treatment, value: Any, custom: frozenset[str] | None
    ) -> Any:
        column = table.c[name]
        if made is Treatment.NAMED:
            return self._customer.number if value else value
        if made is Treatment.EMPTIED:
            return emptied(column)
        if name == "extra" and custom is not None:
            value = {key: held for key, held in (value or {}).items() if key not in custom}
        return self.sweeper.swept(value, getattr(column.type, "length", None))

    def _naming_fields(self, one: Reached) -> frozenset[str] | None:
        """Return the custom fields of a kind of record that name a person; ``None`` for others."""
        if "extra" not in one.table.c:
            return None
        [kind] = kinds_of([one])
        return frozenset(
            field.name for field in custom_fields_of(self._session, kind)
            if field.sensitive or field.kind in _NAMING)

    def _erase_loose(self) -> None:
        """Erase what hangs on no record: numbers in rows of their own, drafts, waiting events."""
        reached = {one.table.name for one in self.reached}
        for table in tables_of(self._session):
            declared = self._declared.get(table.name)
            if declared is None or table.name in reached:
                continue
            if declared.forgotten:
                self._forget(table)
            for name in declared.emptied:
                if isinstance(table.c[name].type, Sensitive):
                    self._session.execute(
                        update(table).where(table.c[name].in_(self._identifying))
                        .values({name: ""}))
        keys = [f"{kind}:{key}" for kind, held in self.kinds.items() for key in held]
        for row in self._session.execute(
                select(OutboxRow.id, OutboxRow.payload).where(OutboxRow.record_key.in_(keys))):
            self._session.execute(
                update(OutboxRow.__table__).where(OutboxRow.__table__.c.id == row.id)
                .values(payload=self.sweeper.swept(row.payload)))

    def _forget(self, table: Table) -> None:
        columns = list(table.primary_key.columns)
        for row in self._session.execute(select(table)).mappings().all():
            if any(self.sweeper.holds(value) for value in row.values()):
                self._session.execute(delete(table).where(and_(
                    *(column == row[column.name] for column in columns))))

    def _index_again(self) -> None:
        models = {mapper.class_.__record_type__: mapper.class_ for mapper in Base.registry.mappers
                  if issubclass(mapper.class_, Record)}
        for kind, keys in self.kinds.items():
            if kind not in models:
                continue
            for first in range(0, len(keys), _TOGETHER):
                part = keys[first:first + _TOGETHER]
                search_index.index(self._session, self._session.scalars(
                    select(models[kind]).where(models[kind].id.in_(part))).all())


def _identifies(column: Any) -> bool:
    """Whether what a column holds is looked for in texts: not amounts, which others hold too."""
    kind = column.type
    if isinstance(kind, Sensitive):
        return kind.rules.is_found
    return getattr(kind, "length", None) is not None
