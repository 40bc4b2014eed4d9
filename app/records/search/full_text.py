"""Writing the full-text table of SQLite and the documents beside it.

Both are written in the order of their ids: the table puts aside what it has gathered whenever it is
given a lower one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, column, delete, select, table, text, update
from sqlalchemy.orm import Session

from app.database import AnySelect
from app.inserts import insert_rows
from app.records.models import FTS_TABLE, SearchDocument
from app.records.search.places import Value, free_places, is_placed, values_of
from app.statements import built_once

Row = tuple[str, int, str, str, list[str]]
"""Record type, key, number, title and search words of a record."""
LONGEST_TITLE = 200
_ADD = text(f"INSERT INTO {FTS_TABLE} (rowid, words) VALUES (:id, :words)")
_CHANGE = text(f"UPDATE {FTS_TABLE} SET words = :words WHERE rowid = :id")
_REMOVE = text(f"DELETE FROM {FTS_TABLE} WHERE rowid = :id")
_MOVE = text(f"INSERT INTO {FTS_TABLE} (rowid, words)"
             f" SELECT :place, words FROM {FTS_TABLE} WHERE rowid = :id")
_MERGE = text(f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")
_MERGED_PAGES = 64
FTS = table(FTS_TABLE, column("rowid"), column("words"))
"""The full-text table, one row for each document."""


def add(
    session: Session, rows: Sequence[Row], values: Mapping[tuple[str, int], Value]
) -> None:
    """Add documents of records that have none; part of the running write.

    Args:
        session: session with a running write.
        rows: some hundreds of documents.
        values: what their records are sorted by, by record type and key.
    """
    if not rows:
        return
    places = free_places(session, [values.get((row[0], row[1])) for row in rows])
    placed = sorted(zip(places, rows, strict=True))
    insert_rows(session.connection(), SearchDocument.__table__, [
        {"id": place, "record_type": kind, "record_id": key, "number": number,
         "title": title[:LONGEST_TITLE]}
        for place, (kind, key, number, title, _) in placed])
    session.execute(_ADD, [{"id": place, "words": " ".join(row[4])} for place, row in placed])


def bring_up_to_date(
    session: Session, model: type[Any], keys: Iterable[int], rows: Sequence[Row],
    values: Mapping[int, Value],
) -> None:
    """Write what has changed of the documents of records; part of the running write.

    A document keeps its place unless what its record is sorted by has changed.

    Args:
        session: session with a running write.
        model: class with the ``Record`` mixin.
        keys: keys of some hundreds of records.
        rows: the documents they are to have; a record without one is not found any more.
        values: what they are sorted by, by key.
    """
    kind = model.__record_type__
    wanted = {row[1]: row for row in rows}
    held = session.execute(_documents(), {"kind": kind, "records": list(keys)}).all()
    staying = {one.record_id: one for one in held
               if one.record_id in wanted and one.words is not None
               and is_placed(one.id, values[one.record_id])}
    remove(session, [one.id for one in held if one.record_id not in staying])
    _change(session, [(one, wanted[key]) for key, one in staying.items()])
    add(session, [row for row in rows if row[1] not in staying],
        {(kind, key): value for key, value in values.items()})


def _change(session: Session, pairs: Iterable[tuple[Any, Row]]) -> None:
    named: list[dict[str, Any]] = []
    worded: list[dict[str, Any]] = []
    for held, (_, _, number, title, words) in pairs:
        if (held.number, held.title) != (number, title[:LONGEST_TITLE]):
            named.append(
                {"document": held.id, "number": number, "title": title[:LONGEST_TITLE]})
        if held.words != " ".join(words):
            worded.append({"id": held.id, "words": " ".join(words)})
    if named:
        documents = SearchDocument.__table__
        session.execute(
            update(documents).where(documents.c.id == bindparam("document")), named)
    if worded:
        session.execute(_CHANGE, sorted(worded, key=lambda one: one["id"]))


@built_once
def _documents() -> AnySelect:
    # Each document first, then its words by row id.
    return (
        select(SearchDocument.id, SearchDocument.record_id, SearchDocument.number,
               SearchDocument.title, FTS.c.words)
        .outerjoin(FTS, FTS.c.rowid == SearchDocument.id)
        .where(SearchDocument.record_type == bindparam("kind"),
               SearchDocument.record_id.in_(bindparam("records", expanding=True)))
    )


def remove(session: Session, documents: Iterable[int]) -> None:
    """Take documents out of the index; part of the running write.

    Args:
        session: session with a running write.
        documents: ids of some hundreds of documents.
    """
    ids = sorted(documents)
    if ids:
        session.execute(_REMOVE, [{"id": one} for one in ids])
        session.execute(delete(SearchDocument).where(SearchDocument.id.in_(ids))
                        .execution_options(synchronize_session=False))


def put_in_place(
    session: Session, model: type[Any], documents: Sequence[tuple[int, str, int]]
) -> int:
    """Give documents of one kind the places where they belong; part of the running write.

    Args:
        session: session with a running write.
        model: class with the ``Record`` mixin.
        documents: id, record type and key of some hundreds of documents.

    Returns:
        How many had stood elsewhere.
    """
    values = values_of(session, model, [key for _, _, key in documents])
    moving = [(document, values[key]) for document, _, key in documents
              if key in values and not is_placed(document, values[key])]
    places = free_places(session, [value for _, value in moving])
    moves = [{"id": document, "place": place}
             for (document, _), place in zip(moving, places, strict=True)]
    if moves:
        moves.sort(key=lambda one: one["place"])
        session.execute(_MOVE, moves)
        session.execute(_REMOVE, [{"id": one["id"]} for one in sorted(
            moves, key=lambda one: one["id"])])
        session.execute(text("UPDATE records_search SET id = :place WHERE id = :id"), moves)
    return len(moves)


def merge(session: Session, *, begin: bool) -> bool:
    """Merge a portion of the parts in which the table has been written; part of the running write.

    What was taken out is passed over by every search until its part is merged.

    Args:
        session: session with a running write.
        begin: whether all parts are to be merged into one; else such a merge goes on.

    Returns:
        Whether there was something to merge. See https://www.sqlite.org/fts5.html, "The 'merge'
        Command".
    """
    before = session.scalar(_CHANGES) or 0
    session.execute(_MERGE, {"pages": -_MERGED_PAGES if begin else _MERGED_PAGES})
    return (session.scalar(_CHANGES) or 0) - before >= 2
