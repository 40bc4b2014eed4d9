"""Replacing the key of sensitive columns: everything is written anew with the first key.

Values that another key has written are read all the same, and found under its digests, until this
has run to its end. It works in short portions, beside people who save; run again, it goes on.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    String,
    Table,
    Text,
    and_,
    bindparam,
    inspect,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from app.access.sensitive.columns import EncryptedJson, Sensitive
from app.access.sensitive.keyring import KeyRing, Unreadable, ring
from app.database import Base, held_seconds, write
from app.jobs.portions import Pace
from app.records.custom_fields.rotation import outdated as outdated_json
from app.records.custom_fields.rotation import rotate_sealed, sealed_tables
from app.records.search import index as search_index
from app.records.search.renewing import index_documents_again

_READ = 200


def rotate(session: Session, tell: Callable[[str], None] = lambda _line: None) -> tuple[int, int]:
    """Write all sensitive values, and the search words made of them, with the first key.

    Args:
        session: session without unsaved changes.
        tell: called with a line for each table that held anything to be done.

    Returns:
        How many values were written, and how many could not be read with any key.
    """
    done = lost = 0
    for model, names in _encrypted(session):
        written, unread = _rotate_table(session, model, names)
        done, lost = done + written, lost + unread
        if written or unread:
            tell(f"{model.__tablename__}: {written} written, {unread} not readable")
    for table, column in sealed_tables(session):
        written, unread = rotate_sealed(session, table, column)
        done, lost = done + written, lost + unread
        if written or unread:
            tell(f"{table.name} ({column.name}): {written} written, {unread} not readable")
    # Texts may name numbers too: they are found by digests as well.
    tell(f"search index: {_rotate_search(session)} records")
    return done, lost


def remaining(session: Session) -> int:
    """Return how many values are not yet written with the first key, up to the first thousand."""
    found = 0
    for model, names in _encrypted(session):
        columns = model.__table__.c
        outdated = or_(*(_outdated(columns[name], ring()) for name in names))
        found += len(session.execute(
            select(*model.__table__.primary_key).where(outdated).limit(1000)).all())
    for table, column in sealed_tables(session):
        found += len(session.execute(
            select(*table.primary_key).where(outdated_json(column)).limit(1000)).all())
    return min(found, 1000)


def _encrypted(session: Session) -> Iterator[tuple[type[Any], list[str]]]:
    """Yield every model with encrypted columns, and the names of these columns in its table.

    The table of a plugin that has not been deployed is no part of the database yet.
    """
    present = set(inspect(session.get_bind()).get_table_names())
    models = [
        (table, mapper.class_) for mapper in Base.registry.mappers
        if isinstance(table := mapper.local_table, Table)
    ]
    for table, model in sorted(models, key=lambda pair: pair[0].name):
        names = [
            column.name for column in table.columns
            if isinstance(column.type, Sensitive | EncryptedJson)
        ]
        if names and table.name in present:
            yield model, names


def _outdated(column: Any, keys: KeyRing) -> Any:
    stored = type_coerce(column, Text)
    return and_(stored != "", stored.not_like(f"%.{keys.keys[0].id}.%"))


def _rotate_table(session: Session, model: type[Any], names: list[str]) -> tuple[int, int]:
    table, keys = model.__table__, ring()
    order = list(table.primary_key)
    outdated = or_(*(_outdated(table.c[name], keys) for name in names))
    shown = [type_coerce(table.c[name], String).label(name) for name in names]
    done = lost = 0
    after: tuple[Any, ...] | None = None
    pace = Pace(held=lambda: held_seconds(session))
    while True:
        wanted = select(*order, *shown).where(outdated).order_by(*order).limit(_READ)
        if after is not None:
            wanted = wanted.where(_after(order, after))
        rows = list(session.execute(wanted))
        session.rollback()
        if not rows:
            return done, lost
        after = tuple(rows[-1][: len(order)])
        for portion in pace.portions(rows):
            with write(session):
                for place, name in enumerate(names, len(order)):
                    written, unread = _rotate_column(session, table, name, place, portion, keys)
                    done, lost = done + written, lost + unread


def _after(order: list[Any], key: tuple[Any, ...]) -> Any:
    """Return the condition of rows behind a key, whose parts are compared one after the other."""
    parts = []
    for place, column in enumerate(order):
        same = [earlier == value for earlier, value in zip(order[:place], key, strict=False)]
        parts.append(and_(*same, column > key[place]))
    return or_(*parts)


def _rotate_column(
    session: Session, table: Any, name: str, place: int, rows: list[Any], keys: KeyRing
) -> tuple[int, int]:
    """Write one column of some rows anew; return how many were written, how many not readable."""
    order = list(table.primary_key)
    rules = getattr(table.c[name].type, "rules", None)
    is_found = rules is None or rules.is_found
    renewed, lost = [], 0
    for row in rows:
        stored = row[place]
        if not stored or keys.is_current(stored):
            continue
        try:
            new = keys.seal(keys.open(stored), is_found=is_found)
        except Unreadable:
            lost += 1
            continue
        key = {f"key_{column.name}": value for column, value in zip(order, row, strict=False)}
        renewed.append({**key, "stored": stored, "renewed": new})
    if renewed:
        same = [column == bindparam(f"key_{column.name}") for column in order]
        # Only what still stands there: somebody may have saved another value meanwhile.
        still = type_coerce(table.c[name], String) == bindparam("stored")
        session.connection().execute(
            update(table).where(*same, still).values({name: bindparam("renewed", type_=String)}),
            renewed,
        )
    return len(renewed), lost


def _rotate_search(session: Session) -> int:
    """Index every record anew that is found by a digest, and return how many there were."""
    # What is written from now on is indexed under the first key.
    last, after, done = search_index.last_document(session), 0, 0
    pace = Pace(held=lambda: held_seconds(session))
    while True:
        found = search_index.documents(session, after, last, _READ, with_digests=True)
        session.rollback()
        if not found:
            return done
        after = found[-1][0]
        for portion in pace.portions(found):
            with write(session):
                done += index_documents_again(session, portion)
            session.expunge_all()
