"""What stands against removing records that an import created: work on them, and references."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.models import AuditEntry
from app.database import Base, metadata
from app.records.importing.models import ImportedRecords, WrittenImport
from app.records.mixin import Record
from app.records.operations import operations_of
from app.records.purging import extensions_of, tables_of

# Acts that leave a record as it is.
LOOKS = ("reveal", "call", "export", "print", "print_hash", "download", "file_read")
# Acts that the product does by itself once a record is there: clocks, and rules that give it away.
OF_THE_PRODUCT = ("change", "deadlines", "deadlines_moved")


class Created:
    """The keys of all records that an import created.

    Args:
        ranges: as they were noted.
    """

    def __init__(self, ranges: Iterable[ImportedRecords]) -> None:
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        for one in ranges:
            self._ranges.setdefault(one.record_type, []).append((one.first_id, one.last_id))
        for runs in self._ranges.values():
            runs.sort()

    def __contains__(self, record: tuple[str, int | None]) -> bool:
        kind, key = record
        if key is None:
            return False
        runs = self._ranges.get(kind, [])
        place = bisect_right(runs, (key, 2**63)) - 1
        return place >= 0 and runs[place][0] <= key <= runs[place][1]

    @property
    def kinds(self) -> list[str]:
        """The kinds of record, those that refer to others first."""
        tables = [table.name for table in metadata().sorted_tables]
        place = {model.__record_type__: tables.index(model.__tablename__) for model in _records()}
        return sorted(self._ranges, key=lambda kind: -place.get(kind, 0))

    def keys_of(self, session: Session, model: type[Any]) -> list[int]:
        """Return the keys of one kind that are in the database still, the recycle bin included."""
        table = model.__table__
        return [
            key for first, last in self._ranges.get(model.__record_type__, ())
            for key in session.scalars(
                select(table.c.id).where(table.c.id.between(first, last)).order_by(table.c.id))
        ]


def touched_since(
    session: Session, written: WrittenImport, kind: str, ids: Sequence[int]
) -> set[int]:
    """Return the records or rows that somebody has worked on since an import created them.

    Args:
        session: any session.
        written: the import.
        kind: as the audit trail names it.
        ids: some hundreds of keys.
    """
    found = session.scalars(
        select(AuditEntry.record_id).distinct().where(
            AuditEntry.record_type == kind, AuditEntry.record_id.in_(ids),
            AuditEntry.change_set.not_in((written.change_set, written.back_change_set)),
            AuditEntry.action.not_in(LOOKS),
            or_(AuditEntry.actor_id.is_not(None), AuditEntry.action.not_in(OF_THE_PRODUCT)),
        )
    )
    return {key for key in found if key is not None}


def referred_to(
    session: Session, model: type[Any], ids: Sequence[int], created: Created
) -> set[int]:
    """Return the records to which others refer that the import has not created itself.

    Args:
        session: any session.
        model: class of the records.
        ids: some hundreds of keys.
        created: by the import.
    """
    table = model.__table__
    present = tables_of(session)
    extending = {child for child, _ in extensions_of(present, table)}
    found: set[int] = set()
    for mapper in Base.registry.mappers:
        child = mapper.local_table
        if child in extending or child not in present:
            continue
        kind = getattr(mapper.class_, "__record_type__", "")
        own = next(iter(child.primary_key.columns))
        for key in child.foreign_keys:
            if key.column.table is not table:
                continue
            rows = session.execute(
                select(key.parent, own).where(key.parent.in_(ids)))
            found.update(one for one, pk in rows if (kind, pk) not in created)
    return found


def owner_of_extension(session: Session, model: type[Any]) -> str:
    """Return the kind of record that rows of a class extend; an empty text for any other class."""
    present = tables_of(session)
    for record in _records():
        if any(child is model.__table__ for child, _ in extensions_of(present, record.__table__)):
            return record.__record_type__
    return ""


def plain_kinds() -> Mapping[str, type[Any]]:
    """Return the classes that are no records, by the name that the audit trail has for them."""
    found: dict[str, type[Any]] = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if not issubclass(model, Record):
            found[operations_of(model).kind] = model
            found[getattr(model, "__dictionary__", "") or model.__tablename__] = model
    return found


def _records() -> list[type[Any]]:
    return [mapper.class_ for mapper in Base.registry.mappers
            if issubclass(mapper.class_, Record)]


def entries_of(
    session: Session, written: WrittenImport, actions: Sequence[str], created: Created
) -> list[list[int]]:
    """Return the audit entries of an import about what it has not created, row by row.

    Args:
        session: any session.
        written: the import.
        actions: kinds of act.
        created: records that it created.

    Returns:
        The ids of the entries of each record or row, newest first, as the rows themselves.
    """
    rows = session.execute(
        select(AuditEntry.id, AuditEntry.record_type, AuditEntry.record_id)
        .where(AuditEntry.change_set == written.change_set, AuditEntry.action.in_(actions))
        .order_by(AuditEntry.id.desc())
    )
    found: dict[tuple[str, int | None], list[int]] = {}
    for pk, kind, key in rows:
        if (kind, key) not in created:
            found.setdefault((kind, key), []).append(pk)
    return list(found.values())


def as_one(entries: Sequence[AuditEntry]) -> AuditEntry:
    """Return several changes of one row as one, from the values of before to those of now.

    Args:
        entries: newest first.
    """
    first = entries[0]
    merged: dict[str, list[Any]] | None = {}
    for entry in reversed(entries):
        if entry.changes is None:
            merged = None
            break
        for name, pair in entry.changes.items():
            merged[name] = [merged[name][0] if name in merged else pair[0], pair[1]]
    return AuditEntry(
        action=first.action, record_type=first.record_type, record_id=first.record_id,
        number=first.number, change_set=first.change_set, changes=merged)
