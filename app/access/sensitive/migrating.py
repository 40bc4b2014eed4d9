"""For migrations: columns that held clear text become sensitive, and what had copied them as well.

It works on tables, not on models, so that it does the same whatever the models look like later.
Within a migration nobody else writes; rows are read and written in portions all the same.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from sqlalchemy import Connection, bindparam, column, select, table, text, update

from app.access.audit import MASKED, append_entries, digest_of
from app.access.models import AuditEntry
from app.access.sensitive.columns import Sensitive
from app.access.sensitive.keyring import ring
from app.access.sensitive.kinds import comparable, id_number, mask_numbers, numbers_in
from app.access.sensitive.values import MaskedText, SensitiveValue
from app.database import utcnow

PORTION = 1000
# Entries that one entry of the audit trail names as masked.
_NAMED_AT_ONCE = 500
# What the search index held of phone numbers before: runs of three of their digits.
_PART = re.compile(r"dg[0-9]{1,3}")
_DIGITS = re.compile(r"[0-9]+")
_SHORTEST_NUMBER = 11
_ADDRESS = "list"


def make_sensitive(
    connection: Connection, name: str, record_type: str, kinds: Mapping[str, Sensitive],
    list_name: str, *, others: bool = False,
) -> int:
    """Turn clear columns of records into sensitive ones, with all that had copied their values.

    The columns have their new length already. Search index, audit trail and saved views follow.

    Args:
        connection: of the running migration.
        name: table of the records, with a primary key ``id``.
        record_type: their kind.
        kinds: type of each column, by name.
        list_name: permission name of their screen.
        others: see ``blind_search_index``.

    Returns:
        How many rows were encrypted.
    """
    found = values_of(connection, name, record_type, kinds)
    blind_search_index(connection, found, others=others)
    mask_audit_values(connection, record_type, kinds)
    clean_saved_views(connection, list_name, tuple(kinds))
    return encrypt_columns(connection, name, kinds)


def encrypt_columns(connection: Connection, name: str, kinds: Mapping[str, Sensitive]) -> int:
    """Encrypt the clear texts of some columns in place, and return how many rows held any.

    Args:
        connection: of the running migration.
        name: table with a primary key ``id``.
        kinds: type of each column, by name.
    """
    done = 0
    for rows in _portions(connection, name, kinds):
        values = [
            {"pk": row.id, **{column_: _sealed(kind, getattr(row, column_))
                              for column_, kind in kinds.items()}}
            for row in rows
        ]
        target = table(name, column("id"), *map(column, kinds))
        connection.execute(
            update(target).where(target.c.id == bindparam("pk"))
            .values({column_: bindparam(column_) for column_ in kinds}), values,
        )
        done += len(values)
    return done


def _sealed(kind: Sensitive, clear: str | None) -> str | None:
    value = _value(kind, clear)
    return value.stored if isinstance(value, SensitiveValue) else value


def _value(kind: Sensitive, clear: str | None) -> Any:
    try:
        return kind.value(clear)
    except MaskedText:
        # Somebody had typed stars; they are what there is.
        return SensitiveValue(kind.kind, ring(), clear=clear)


def _portions(
    connection: Connection, name: str, kinds: Mapping[str, Sensitive]
) -> Iterator[list[Any]]:
    target = table(name, column("id"), *map(column, kinds))
    after = 0
    while True:
        rows = connection.execute(
            select(target).where(target.c.id > after).order_by(target.c.id).limit(PORTION)
        ).all()
        if not rows:
            return
        after = rows[-1].id
        held = [row for row in rows if any(row[1:])]
        if held:
            yield held


# --- the audit trail ---------------------------------------------------------------------------
def mask_audit_values(
    connection: Connection, record_type: str, kinds: Mapping[str, Sensitive]
) -> int:
    """Mask the values of some columns in the audit trail, and return in how many entries.

    What they held is kept, encrypted, in ``records_former_value``. The digests and the chain stay
    as they are: an entry at the end of the chain names what was masked, with its new digest.

    Args:
        connection: of the running migration.
        record_type: kind of record.
        kinds: type of each column, by name.
    """

    def mask(row: Any, changes: dict[str, Any]) -> dict[str, Any]:
        masked = dict(changes)
        for name, kind in kinds.items():
            pair = changes.get(name)
            if isinstance(pair, list) and len(pair) == 2:
                before, after = (_value(kind, one if isinstance(one, str) else "") for one in pair)
                masked[name] = [
                    str(value) if value else clear
                    for value, clear in zip((before, after), pair, strict=True)
                ]
                _keep_former(connection, row, name, before, after)
        return masked

    return _rewrite_audit(connection, AuditEntry.record_type == record_type, mask)


def mask_audit_addresses(connection: Connection) -> int:
    """Mask numbers in the addresses of lists that the audit trail keeps of exports and views."""

    def mask(_row: Any, changes: dict[str, Any]) -> dict[str, Any]:
        address = changes.get(_ADDRESS)
        return {**changes, _ADDRESS: mask_numbers(address)} if isinstance(address, str) else changes

    acts = ("export", "share_view", "drop_view")
    return _rewrite_audit(connection, AuditEntry.action.in_(acts), mask)


def _rewrite_audit(
    connection: Connection, condition: Any, mask: Callable[[Any, dict[str, Any]], dict[str, Any]]
) -> int:
    entries = AuditEntry.__table__
    after, named = 0, {}
    while True:
        rows = connection.execute(
            select(entries).where(condition, entries.c.id > after, entries.c.changes.is_not(None))
            .order_by(entries.c.id).limit(PORTION)
        ).all()
        if not rows:
            break
        after = rows[-1].id
        for row in rows:
            changes = mask(row, row.changes) if isinstance(row.changes, dict) else row.changes
            if changes != row.changes:
                connection.execute(
                    update(entries).where(entries.c.id == row.id).values(changes=changes))
                named[str(row.id)] = digest_of(changes, row.reason)
    keys = list(named)
    for start in range(0, len(keys), _NAMED_AT_ONCE):
        part = {key: named[key] for key in keys[start:start + _NAMED_AT_ONCE]}
        append_entries(connection, [{
            "at": utcnow(), "actor_id": None, "actor_name": "System", "action": MASKED,
            "record_type": "", "record_id": None, "number": "", "change_set": str(uuid.uuid4()),
            "changes": {"entries": part}, "reason": "", "address": "",
        }])
    return len(named)


def _keep_former(connection: Connection, row: Any, name: str, before: Any, after: Any) -> None:
    former = table(
        "records_former_value",
        *map(column, ("at", "change_set", "record_type", "record_id", "name", "before", "after")),
    )
    connection.execute(former.insert().values(
        at=row.at.replace(tzinfo=None), change_set=row.change_set, record_type=row.record_type,
        record_id=row.record_id, name=name,
        before=before.stored if before else "", after=after.stored if after else "",
    ))


# --- the search index --------------------------------------------------------------------------
def blind_search_index(
    connection: Connection, values: Mapping[tuple[str, int], list[SensitiveValue]],
    *, others: bool = False,
) -> int:
    """Take clear numbers out of the search index, and put digests of them in.

    Args:
        connection: of the running migration.
        values: values of sensitive columns by record type and id.
        others: whether other records are looked at as well: whatever looks like a mobile or
            identity number becomes a digest, and parts of numbers go.

    Returns:
        How many documents were changed.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    documents = table("records_search", *map(column, ("id", "record_type", "record_id", "words")))
    fts = table("records_search_fts", column("rowid"), column("words"))
    words = fts.c.words if is_sqlite else text("words::text AS words")
    after = done = 0
    while True:
        wanted = select(documents.c.id, documents.c.record_type, documents.c.record_id, words)
        if is_sqlite:
            wanted = wanted.join(fts, fts.c.rowid == documents.c.id)
        rows = connection.execute(
            wanted.where(documents.c.id > after).order_by(documents.c.id).limit(PORTION)
        ).all()
        if not rows:
            break
        after = rows[-1].id
        changed = []
        for row in rows:
            held = values.get((row.record_type, row.record_id), [])
            if not held and not others:
                continue
            old = row.words.split() if is_sqlite else re.findall(r"'([^']*)'", row.words)
            new = _blinded(old, held)
            if new != old:
                changed.append({"id": row.id, "words": new})
        _store_words(connection, changed, is_sqlite)
        done += len(changed)
    if is_sqlite and done:
        # The index is made anew from its content: nothing clear stays in it.
        connection.exec_driver_sql(
            "INSERT INTO records_search_fts(records_search_fts) VALUES('rebuild')")
    return done


def _blinded(words: list[str], held: list[SensitiveValue]) -> list[str]:
    clear = {run for value in held for run in _DIGITS.findall(comparable(value.reveal()))}
    clear |= {run for value in held for run in _DIGITS.findall(value.reveal())}
    numbers = {word for word in words if _is_number(word)}
    clear |= numbers
    kept = [word for word in words if word not in clear and not (
        word.startswith("dg") and _PART.fullmatch(word))]
    found = [digest for word in words if word in numbers
             for digest in ring().words(_number(word), "")]
    found += [digest for value in held for digest in value.words]
    return list(dict.fromkeys([*kept, *found]))


def _is_number(word: str) -> bool:
    if len(word) < _SHORTEST_NUMBER or not word[0].isdigit():
        return False
    # The X at the end of an identity number had become a word of its own.
    return bool(numbers_in(word)) or re.fullmatch(r"[1-9][0-9]{16}", word) is not None


def _number(word: str) -> str:
    return (numbers_in(word) or [id_number(word + "X")])[0]


def _store_words(connection: Connection, rows: list[dict[str, Any]], is_sqlite: bool) -> None:
    if not rows:
        return
    if is_sqlite:
        # The content alone; the index over it follows in one go.
        statement = "UPDATE records_search_fts_content SET c0 = :words WHERE id = :id"
        texts = [{"id": row["id"], "words": " ".join(row["words"])} for row in rows]
    else:
        # Words are letters and digits only.
        statement = "UPDATE records_search SET words = CAST(:words AS tsvector) WHERE id = :id"
        texts = [{"id": row["id"], "words": " ".join(f"'{word}'" for word in row["words"])}
                 for row in rows]
    connection.execute(text(statement), texts)


def values_of(
    connection: Connection, name: str, record_type: str, kinds: Mapping[str, Sensitive]
) -> dict[tuple[str, int], list[SensitiveValue]]:
    """Return the sensitive values of a table that holds clear texts still, by record.

    Args:
        connection: of the running migration.
        name: table of the records.
        record_type: their kind.
        kinds: type of each column, by name.
    """
    found: dict[tuple[str, int], list[SensitiveValue]] = {}
    for rows in _portions(connection, name, kinds):
        for row in rows:
            held = [_value(kind, getattr(row, column_)) for column_, kind in kinds.items()]
            found[record_type, row.id] = [one for one in held if one]
    return found


# --- what people keep --------------------------------------------------------------------------
def clean_saved_views(connection: Connection, list_name: str, columns: tuple[str, ...]) -> int:
    """Leave filters by sensitive values out of saved views, and return of how many.

    Args:
        connection: of the running migration.
        list_name: name of the list, e.g. ``core.Customer``.
        columns: names of its sensitive columns.
    """
    views = table("screens_saved_view", column("id"), column("list_name"), column("query"))
    done = 0
    rows = connection.execute(
        select(views.c.id, views.c.query).where(views.c.list_name == list_name)).all()
    for row in rows:
        pairs = parse_qsl(row.query, keep_blank_values=True)
        kept = [
            (name, value) for name, value in pairs
            if not (name.rpartition("__")[0] in columns
                    and not name.endswith(("__empty", "__filled")))
            and not (name == "q" and numbers_in(value))
            and not (name == "sort" and value.removeprefix("-") in columns)
        ]
        if kept != pairs:
            connection.execute(
                update(views).where(views.c.id == row.id).values(query=urlencode(kept)))
            done += 1
    return done


def encrypt_drafts(connection: Connection) -> int:
    """Encrypt the drafts of forms, whose column holds text by now, and return how many."""
    drafts = table("screens_draft", *map(column, ("user_id", "form", "values")))
    rows = connection.execute(select(drafts)).all()
    for row in rows:
        values = row.values if isinstance(row.values, str) else orjson.dumps(row.values).decode()
        connection.execute(
            update(drafts).where(drafts.c.user_id == row.user_id, drafts.c.form == row.form)
            .values(values=ring().seal(values))
        )
    return len(rows)


def mask_import_reports(connection: Connection) -> int:
    """Mask numbers in what finished imports tell of rows that were not taken."""
    jobs = table("jobs_job", column("id"), column("kind"), column("result"))
    as_text = text("CAST(result AS TEXT) AS result")
    rows = connection.execute(
        select(jobs.c.id, as_text)
        .where(jobs.c.kind == "records.import", jobs.c.result.is_not(None))
    ).all()
    done = 0
    for row in rows:
        masked = mask_numbers(row.result)
        if masked != row.result:
            statement = "UPDATE jobs_job SET result = CAST(:result AS JSONB) WHERE id = :id"
            if connection.dialect.name == "sqlite":
                statement = "UPDATE jobs_job SET result = :result WHERE id = :id"
            connection.execute(text(statement), {"result": masked, "id": row.id})
            done += 1
    return done
