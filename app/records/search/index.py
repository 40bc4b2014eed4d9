"""The search index: written in the transaction of the record, the same answers on both databases.

SQLite keeps the words in an FTS5 table, PostgreSQL in a ``tsvector``; neither one's own text
parser is used, since both fail on two-character Chinese words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from typing import cast as cast_type

from sqlalchemy import (
    ColumnElement,
    Delete,
    Subquery,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from app.access.sensitive.keyring import DIGEST_WORD, ring
from app.access.unindexed import Unindexed
from app.database import AnySelect
from app.jobs.hidden_rows import is_hidden
from app.records.custom_fields.store import search_texts, search_values
from app.records.models import FTS_TABLE, SearchDocument
from app.records.search import full_text, tokens
from app.records.search.full_text import FTS
from app.records.search.places import Value, models_by_type, sorted_by, values_of
from app.records.search.words import words_of
from app.statements import built_once

# So many matches are read to learn of which kinds they are.
_MOST_LOOKED_AT = 200
_WHOLE_NUMBER = re.compile(r"[A-Z]+-[0-9]{4}-[0-9]{6,}")


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _query(text: str) -> list[list[tuple[str, bool]]]:
    keys = ring()
    return tokens.query(text, lambda form, is_tail: keys.query_words(form, is_tail=is_tail))


def tsvector_literal(words: Iterable[str]) -> str:
    """Return words as the text form of a PostgreSQL ``tsvector``."""
    return " ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)


def index(session: Session, records: Sequence[Any]) -> None:
    """Bring the index up to date with some hundreds of records; part of the running write.

    A record in the recycle bin is not found. A hidden one is in the index already, and no search
    shows it.

    Args:
        session: session with a running write.
        records: records of one kind.
    """
    if not records:
        return
    model = cast_type("type[Any]", type(records[0]))
    keys, kind = [record.id for record in records], records[0].__record_type__
    rows = [
        (kind, record.id, record.number, record.title,
         words_of(record, search_texts(session, record), search_values(session, record)))
        for record in records if _is_indexed(record)
    ]
    if _is_postgresql(session):
        unindex(session, kind, keys)
        index_many(session, rows)
        return
    value = sorted_by(model).key
    full_text.bring_up_to_date(
        session, model, keys, rows, {record.id: getattr(record, value) for record in records})


def _is_indexed(record: Any) -> bool:
    return record.deleted_at is None or is_hidden(record.deleted_at)


def unindex(session: Session, record_type: str, record_ids: Sequence[int]) -> None:
    """Take some hundreds of records out of the index; part of the running write."""
    documents = {"kind": record_type, "records": list(record_ids)}
    if _is_postgresql(session):
        session.execute(_without_documents(), documents)
    else:
        full_text.remove(session, session.scalars(_documents_of(), documents).all())


@built_once
def _documents_of() -> AnySelect:
    return select(SearchDocument.id).where(_is_of_records())


@built_once
def _without_documents() -> Delete:
    return delete(SearchDocument).where(_is_of_records()).execution_options(
        synchronize_session=False)


def _is_of_records() -> ColumnElement[bool]:
    return and_(SearchDocument.record_type == bindparam("kind"),
                SearchDocument.record_id.in_(bindparam("records", expanding=True)))


def unindex_plugin(session: Session, name: str) -> None:
    """Take all records of a plugin out of the index; part of the running write.

    Args:
        session: session with a running write.
        name: name of the plugin, with which its kinds of record begin.
    """
    where = SearchDocument.record_type.startswith(f"{name}.", autoescape=True)
    if not _is_postgresql(session):
        session.execute(delete(FTS).where(FTS.c.rowid.in_(select(SearchDocument.id).where(where))))
    session.execute(delete(SearchDocument).where(where))


def index_many(
    session: Session, rows: Iterable[tuple[str, int, str, str, list[str]]]
) -> None:
    """Add new documents in bulk; part of the running write.

    Args:
        session: session with a running write.
        rows: record type, record id, number, title, search words; none of them indexed yet, all of
            them written.
    """
    rows = list(rows)
    if not rows:
        return
    if not _is_postgresql(session):
        full_text.add(session, rows, _values(session, rows))
        return
    values = [
        {"record_type": kind, "record_id": pk, "number": number,
         "title": title[:full_text.LONGEST_TITLE], "words_text": tsvector_literal(words)}
        for kind, pk, number, title, words in rows
    ]
    statement = insert(SearchDocument.__table__).values(
        record_type=bindparam("record_type"), record_id=bindparam("record_id"),
        number=bindparam("number"), title=bindparam("title"),
        words=text("CAST(:words_text AS tsvector)"),
    )
    session.execute(statement, values)


def _values(
    session: Session, rows: Iterable[full_text.Row]
) -> dict[tuple[str, int], Value]:
    keys: dict[str, list[int]] = {}
    for kind, key, *_ in rows:
        keys.setdefault(kind, []).append(key)
    models = models_by_type()
    return {(kind, key): value for kind, some in keys.items() if kind in models
            for key, value in values_of(session, models[kind], some).items()}


def last_document(session: Session) -> int:
    """Return the highest id of a document."""
    return session.scalar(select(func.max(SearchDocument.id))) or 0


def documents(
    session: Session, after: int, last: int, limit: int, with_digests: bool = False
) -> list[tuple[int, str, int]]:
    """Return id, record type and record id of documents, in order.

    Args:
        session: any session.
        after: id of the document before the first.
        last: highest id wanted.
        limit: most documents returned.
        with_digests: only those that are found by a digest.
    """
    wanted = select(SearchDocument.id, SearchDocument.record_type, SearchDocument.record_id)
    if with_digests:
        wanted = _with_digests(session, wanted)
    rows = session.execute(
        wanted.where(SearchDocument.id > after, SearchDocument.id <= last)
        .order_by(SearchDocument.id).limit(limit)
    )
    return list(rows.tuples())


def _with_digests(session: Session, wanted: AnySelect) -> AnySelect:
    group = [[(DIGEST_WORD, True)]]
    if _is_postgresql(session):
        return wanted.where(SearchDocument.words.op("@@")(cast(_tsquery(group), TSQUERY)))
    return wanted.join_from(FTS, SearchDocument, SearchDocument.id == FTS.c.rowid).where(
        literal_column(FTS_TABLE).op("MATCH")(_fts5_query(group)))


def _fts5_query(groups: list[list[tuple[str, bool]]]) -> str:
    def word(item: tuple[str, bool]) -> str:
        quoted = '"' + item[0].replace('"', '""') + '"'
        return quoted + "*" if item[1] else quoted

    return " AND ".join("(" + " OR ".join(word(item) for item in group) + ")" for group in groups)


def _tsquery(groups: list[list[tuple[str, bool]]]) -> str:
    def word(item: tuple[str, bool]) -> str:
        quoted = tsvector_literal([item[0]])
        return quoted + ":*" if item[1] else quoted

    return " & ".join("(" + " | ".join(word(item) for item in group) + ")" for group in groups)


def found(session: Session, model: type[Any], search_text: str) -> Subquery | None:
    """Return what a search text finds as rows to join: ``id`` of the document, ``record_id``.

    Joined, matches lead to records one by one: whatever needs only some of them stops there.

    Args:
        session: tells which database is used.
        model: class with the ``Record`` mixin.
        search_text: what the user typed.

    Returns:
        ``None`` for a number or its beginning, which is looked up directly, and for a text without
        words; see ``search_filter``.
    """
    return None if _number_in(model, search_text) else _found_by_words(session, model, search_text)


def _found_by_words(session: Session, model: type[Any], search_text: str) -> Subquery | None:
    groups = _query(search_text)
    if not groups:
        return None
    groups = [_of_kind(model), *groups]
    if _is_postgresql(session):
        query = cast(_tsquery(groups), TSQUERY)
        return select(SearchDocument.id, SearchDocument.record_id).where(
            SearchDocument.record_type == model.__record_type__,
            SearchDocument.words.op("@@")(query),
        ).subquery("found")
    return (
        # The row id of the index itself: in its order matches come without being sorted.
        select(FTS.c.rowid.label("id"), SearchDocument.record_id)
        .join_from(FTS, SearchDocument, SearchDocument.id == FTS.c.rowid)
        .where(literal_column(FTS_TABLE).op("MATCH")(_fts5_query(groups)))
        .subquery("found")
    )


def kinds_found(
    session: Session, models: Sequence[type[Any]], search_text: str
) -> Sequence[type[Any]]:
    """Return those of several kinds of record in which a text may find something.

    One or two statements spare those that look through all kinds one for each of them.

    Args:
        session: any session.
        models: classes with the ``Record`` mixin.
        search_text: what the user typed.
    """
    groups = _query(search_text)
    if not groups:
        return models
    wanted = select(SearchDocument.record_type)
    if _is_postgresql(session):
        wanted = wanted.where(SearchDocument.words.op("@@")(cast(_tsquery(groups), TSQUERY)))
    else:
        wanted = wanted.join_from(
            FTS, SearchDocument, SearchDocument.id == FTS.c.rowid
        ).where(literal_column(FTS_TABLE).op("MATCH")(_fts5_query(groups)))
    seen = session.scalars(wanted.limit(_MOST_LOOKED_AT + 1)).all()
    kinds = set(seen)
    if len(seen) > _MOST_LOOKED_AT:
        # Each of the others is looked for, no further than its first match.
        others = [one for one in models if one.__record_type__ not in kinds]
        kinds |= _kinds_with_matches(session, others, groups)
    return [one for one in models
            if one.__record_type__ in kinds or _number_in(one, search_text)]


def _kinds_with_matches(
    session: Session, models: Sequence[type[Any]], groups: list[list[tuple[str, bool]]]
) -> set[str]:
    is_postgresql = _is_postgresql(session)
    source = ("records_search WHERE words @@ CAST(:words{0} AS tsquery)" if is_postgresql
              else FTS_TABLE + " WHERE " + FTS_TABLE + " MATCH :words{0}")
    query = _tsquery if is_postgresql else _fts5_query
    asked: list[str] = []
    words: dict[str, str] = {}
    for place, model in enumerate(models):
        asked.append(f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {source.format(place)})")
        words[f"words{place}"] = query([_of_kind(model), *groups])
    if not asked:
        return set()
    places: Sequence[int] = session.scalars(text(" UNION ALL ".join(asked)), words).all()
    return {models[place].__record_type__ for place in places}


def _of_kind(model: type[Any]) -> list[tuple[str, bool]]:
    return [(tokens.kind_word(model.__record_type__), False)]


def joined(statement: AnySelect, matches: Subquery, key: Any) -> AnySelect:
    """Return a SELECT from records joined with what a search found.

    Args:
        statement: the SELECT; the table of the records is in it.
        matches: what ``found`` gave.
        key: attribute of the records' primary key.
    """
    # Not by an index of the documents: from match to record, never the other way round, where
    # SQLite would ask the search for each record in turn.
    return statement.join(matches, key == Unindexed(matches.c.record_id))


def _had_number(session: Session, model: type[Any], number: str) -> ColumnElement[bool]:
    """Return the condition of records that another one with this number was merged into."""
    matches = _found_by_words(session, model, number)
    if matches is None:
        return literal_column("1 = 0")
    # The words find a few records; the column tells which of them had the number.
    column = getattr(model, model.__former_numbers_field__)
    return and_(model.id.in_(select(matches.c.record_id)), column.contains(number))


def _number_in(model: type[Any], search_text: str) -> str:
    cleaned = search_text.strip()
    prefix = model.__number_prefix__.lower() + "-"
    return cleaned.upper() if cleaned.lower().startswith(prefix) and " " not in cleaned else ""


def search_filter(session: Session, model: type[Any], search_text: str) -> ColumnElement[bool]:
    """Return the condition that keeps records matching a search text.

    Args:
        session: tells which database is used.
        model: class with the ``Record`` mixin.
        search_text: what the user typed; a number or the beginning of one is looked up directly.
    """
    number = _number_in(model, search_text)
    if number:
        # A range, for LIKE with an escape sign is served by no index of SQLite; "~" comes after
        # every sign that a number holds.
        own = and_(model.number >= number, model.number < number + "~")
        return or_(own, _had_number(session, model, number)) if (
            model.__former_numbers_field__ and _WHOLE_NUMBER.fullmatch(number)) else own
    matches = found(session, model, search_text)
    if matches is None:
        return literal_column("1 = 0") if search_text.strip() else literal_column("1 = 1")
    return model.id.in_(select(matches.c.record_id))
