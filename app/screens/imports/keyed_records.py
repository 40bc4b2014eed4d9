"""The records that rows of a file name by their key, looked up for hundreds of rows at once."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.columns import digest_in, is_stored_under
from app.database import AnySelect
from app.i18n import N_, Message
from app.jobs.hidden_rows import own_mark
from app.records.mixin import is_present
from app.screens.columns.columns import Column
from app.screens.imports.cell_rules import RowRejected
from app.screens.imports.form_fields import FormFields
from app.screens.screen import Screen

# Records of one key that are looked at for one that the person may see.
_MOST_OF_A_KEY = 20
# Values of a sensitive column that one statement asks for: each is a range of its index.
_RANGES = 50
# Kinds of column whose values Python and both databases find equal alike. A number with decimals
# and a moment may be held otherwise than it was given: records are looked up for each row then.
_ALIKE = frozenset({"text", "long_text", "choice", "integer", "relation", "date", "sensitive"})

Mark = tuple[Any, ...]
"""The key of a row, as two rows that name the same record have it alike."""


class OutOfSight:
    """Stands for a record that is there, but which the person may not see."""


_OUT_OF_SIGHT = OutOfSight()


class KeyedRecords:
    """Finds the records of a screen by the key of an import.

    Args:
        screen: the screen.
        fields: what a file can fill.
    """

    def __init__(self, screen: Screen, fields: FormFields) -> None:
        self._screen, self._names = screen, fields.key
        self._parts: list[Column] = [
            fields.columns[name] for name in fields.key if name in fields.columns]
        self._sealed = [
            part.sensitive if part.kind == "sensitive" else None for part in self._parts]
        self._is_looked_up = len(self._parts) == len(fields.key) and all(
            part.kind in _ALIKE and part.custom is None for part in self._parts)
        # Built once for all rows: building one takes longer than its answer.
        self._statements: dict[dt.datetime | None, AnySelect] = {}

    def look_up(
        self, session: Session, actor: Actor, rows: Mapping[int, Mapping[str, Any]]
    ) -> tuple[dict[int, Mark], dict[Mark, Any]]:
        """Return what the keys of rows name; some kinds of key are left to ``find``.

        Args:
            session: any session.
            actor: who imports.
            rows: by line, of some hundreds of rows the values of their key by field.

        Returns:
            The key of each row by its line, and by key the record, ``None`` where there is none,
            or that it is out of sight; see ``shown``.
        """
        marks: dict[int, Mark] = {}
        wanted: dict[Mark, Mark] = {}
        for line, values in rows.items():
            stored = self._as_stored(values)
            if stored:
                marks[line] = stored[0]
                wanted |= dict.fromkeys(stored, stored[0])
        if not wanted:
            return {}, {}
        keys: dict[Mark, list[int]] = {mark: [] for mark in wanted.values()}
        for key, *stored in sorted(self._candidates(session, list(wanted)), key=lambda row: row[0]):
            mark = wanted.get(tuple(stored))
            if mark is not None and len(keys[mark]) < _MOST_OF_A_KEY:
                keys[mark].append(key)
        seen = self._visible(session, actor, [key for found in keys.values() for key in found])
        return marks, {mark: self._first(found, seen) for mark, found in keys.items()}

    def find(self, session: Session, actor: Actor, values: Mapping[str, Any]) -> Any | None:
        """Return the record that the key of one row names, or ``None``.

        Args:
            session: any session.
            actor: who imports.
            values: values of the row by field, those of the key among them.

        Raises:
            RowRejected: there is one, but out of sight.
        """
        conditions = [part.attribute == values[name]
                      for name, part in zip(self._names, self._parts, strict=True)]
        keys = session.scalars(
            self._present(select(self._key).where(*conditions))
            .order_by(self._key).limit(_MOST_OF_A_KEY)).all()
        return self.shown(self._first(keys, self._visible(session, actor, keys)))

    @staticmethod
    def shown(found: Any) -> Any | None:
        """Return a record that was found, or ``None``.

        Args:
            found: among what ``look_up`` returns.

        Raises:
            RowRejected: there is one, but out of sight.
        """
        if isinstance(found, OutOfSight):
            raise RowRejected(Message(
                N_("There is such a record already, which you may not see.")))
        return found

    # --- how it is found ---------------------------------------------------------------------
    @property
    def _key(self) -> Any:
        return self._screen.datamodel.key

    def _as_stored(self, values: Mapping[str, Any]) -> Sequence[Mark]:
        """Return the forms in which the database may hold a key: one for each key of encryption."""
        if not self._is_looked_up:
            return ()
        parts: list[Sequence[Any]] = []
        for name, sealed in zip(self._names, self._sealed, strict=True):
            value = values[name]
            parts.append(() if value is None else (value,) if sealed is None
                         else sealed.digests(value))
        return list(itertools.product(*parts))

    def _candidates(self, session: Session, wanted: Sequence[Mark]) -> Iterator[Any]:
        """Yield the primary key and the stored parts of what may be asked for."""
        # What is hidden within an import is a part of the statement.
        mark = own_mark()
        if mark not in self._statements:
            self._statements[mark] = self._candidates_of()
        statement, sealed = self._statements[mark], self._first_sealed
        if sealed is None:
            yield from session.execute(statement, {
                name: list(set(asked))
                for name, asked in zip(self._names, zip(*wanted, strict=True), strict=True)})
            return
        digests = list(dict.fromkeys(stored[sealed] for stored in wanted))
        for first in range(0, len(digests), _RANGES):
            asked = digests[first:first + _RANGES]
            # Nothing is stored under an empty digest.
            asked += [""] * (_RANGES - len(asked))
            yield from session.execute(statement, dict(zip(_PARAMETERS, asked, strict=True)))

    @functools.cached_property
    def _first_sealed(self) -> int | None:
        return next((place for place, sealed in enumerate(self._sealed)
                     if sealed is not None), None)

    def _candidates_of(self) -> AnySelect:
        columns = [digest_in(part.attribute) if part.kind == "sensitive" else part.attribute
                   for part in self._parts]
        statement = self._present(select(self._key, *columns))
        if self._first_sealed is None:
            return statement.where(*(
                part.attribute.in_(bindparam(name, expanding=True))
                for name, part in zip(self._names, self._parts, strict=True)))
        column = self._parts[self._first_sealed].attribute
        return statement.where(or_(*(
            is_stored_under(column, bindparam(name, type_=String)) for name in _PARAMETERS)))

    def _present(self, statement: AnySelect) -> AnySelect:
        model = self._screen.model
        return statement.where(is_present(model)) if (
            "deleted_at" in model.__mapper__.columns) else statement

    def _visible(self, session: Session, actor: Actor, keys: Sequence[int]) -> dict[int, Any]:
        if not keys:
            return {}
        interface = self._screen.datamodel
        rows = session.scalars(
            select(self._screen.model)
            .where(interface.key.in_(keys), interface.visible_to(actor)))
        return {getattr(row, interface.key.key): row for row in rows}

    @staticmethod
    def _first(keys: Sequence[int], seen: Mapping[int, Any]) -> Any | None:
        if not keys:
            return None
        return next((seen[key] for key in keys if key in seen), _OUT_OF_SIGHT)


_PARAMETERS = tuple(f"digest_{place}" for place in range(_RANGES))
