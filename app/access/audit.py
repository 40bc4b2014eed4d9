"""The audit trail: recorded with the act, in its transaction, and linked so that tampering shows.

Entries wait in the session until just before the commit; then they are written in one go under a
lock, each holding the hash of the one before it. The lock is short: it spans the insert and the
commit only.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import hashlib
import uuid
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from app.access.actor import Actor
from app.access.models import AuditEntry
from app.database import AnySelect, utcnow
from app.inserts import insert_rows
from app.statements import built_once

_PENDING = "careline_audit"
_CHANGE_SET = "careline_change_set"
_ADDRESS = "careline_address"
# How many entries waited when a savepoint began, by savepoint.
_SAVEPOINTS = "careline_savepoints"
# Any constant: it names the one lock of the chain among PostgreSQL's advisory locks.
_LOCK = 7_250_131
# The act of the entry that names earlier ones whose sensitive values were masked since.
MASKED = "mask_audit"
GENESIS = "0" * 64
# An act that emptied entries by law, and its facts: which ones, by id, with the digest of what is
# left where that is something, and the link of one whose number named a person.
ERASED, ERASED_ENTRIES, ERASED_NUMBERS = "erased", "entries", "numbers"


@dataclasses.dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    entry_id: int
    problem: str


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What is left of an entry of which a person's data are erased."""

    changes: dict[str, Any] | None
    reason: str
    number: str


def plain(value: Any) -> Any:
    """Return ``value`` as something JSON can hold, the same on every run."""
    if isinstance(value, str):
        # PostgreSQL's JSON cannot hold NUL.
        return value.replace("\x00", "")
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def change_set(session: Session) -> str:
    """Return the id that all changes of the running transaction share."""
    key = session.info.get(_CHANGE_SET)
    if key is None:
        key = session.info[_CHANGE_SET] = str(uuid.uuid4())
    return key


def join_change_set(session: Session, key: str) -> None:
    """Let what the running transaction changes belong to a change set of several transactions.

    Args:
        session: session with a running write.
        key: id of the change set, a UUID as text.
    """
    session.info[_CHANGE_SET] = key


def set_address(session: Session, address: str) -> None:
    """Note the network address on whose behalf the session works, for the entries to come."""
    session.info[_ADDRESS] = address[:64]


def record_act(
    session: Session,
    actor: Actor,
    action: str,
    *,
    record_type: str = "",
    record_id: int | None = None,
    number: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Put an act into the audit trail with the running transaction.

    Args:
        session: session with a running write.
        actor: who acts.
        action: what was done: create, change, delete, transition, sign_in, export, ...
        record_type: stable name of the kind of record.
        record_id: primary key of the record.
        number: number of the record as people know it.
        changes: ``{field: [before, after]}``, or facts of the act.
        reason: why, in the words of the actor.
    """
    session.info.setdefault(_PENDING, []).append(
        {
            "at": utcnow(),
            "actor_id": actor.user_id,
            "actor_name": actor.name[:128],
            "action": action,
            "record_type": record_type,
            "record_id": record_id,
            "number": number,
            "change_set": change_set(session),
            "changes": plain(changes) if changes is not None else None,
            "reason": reason,
            "address": session.info.get(_ADDRESS, ""),
        }
    )


def digest_of(changes: Any, reason: str) -> str:
    """Return the digest of what an entry holds, by which the chain knows that it is unaltered."""
    body = orjson.dumps([changes, reason], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(body).hexdigest()


def _link(previous: str, row: dict[str, Any]) -> str:
    body = orjson.dumps(
        [
            previous,
            row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
            row["actor_id"],
            row["actor_name"],
            row["action"],
            row["record_type"],
            row["record_id"],
            row["number"],
            row["change_set"],
            row["address"],
            row["digest"],
        ]
    )
    return hashlib.sha256(body).hexdigest()


def _last_chain(session: Session | Connection) -> str:
    return session.scalar(_newest_chain()) or GENESIS


@built_once
def _newest_chain() -> AnySelect:
    return select(AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    if session.in_nested_transaction():
        # A savepoint: the entries wait for the commit, and the change set goes on.
        return
    rows = session.info.pop(_PENDING, None)
    session.info.pop(_CHANGE_SET, None)
    if not rows:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    append_entries(session, rows)


def append_entries(session: Session | Connection, rows: list[dict[str, Any]]) -> None:
    """Link entries to the end of the chain and insert them.

    Args:
        session: session or connection whose transaction holds the lock on the chain.
        rows: columns of the entries but ``digest`` and ``chain``, which are added.
    """
    previous = _last_chain(session)
    for row in rows:
        row["digest"] = digest_of(row["changes"], row["reason"])
        row["chain"] = previous = _link(previous, row)
    connection = session if isinstance(session, Connection) else session.connection()
    insert_rows(connection, AuditEntry.__table__, rows)


@event.listens_for(Session, "after_transaction_create")
def _note_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        # What is tried within shares the change set, whether it succeeds or not.
        change_set(session)
        savepoints = session.info.setdefault(_SAVEPOINTS, weakref.WeakKeyDictionary())
        savepoints[transaction] = len(session.info.get(_PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, previous: SessionTransaction) -> None:
    # A flush that fails takes back as much as the savepoint or transaction around it.
    while not previous.nested and previous.parent is not None:
        previous = previous.parent
    if previous.nested:
        # Entries of what was taken back go with it; those from before the savepoint stay.
        before = session.info.get(_SAVEPOINTS, {}).get(previous, 0)
        del session.info.get(_PENDING, [])[before:]
        return
    session.info.pop(_PENDING, None)
    session.info.pop(_CHANGE_SET, None)


def erase_entries(
    session: Session, actor: Actor, entries: Mapping[int, Left], **facts: Any
) -> None:
    """Let earlier entries hold no more than what is left of them by law; part of a write.

    An entry that says so follows with the transaction: it names each of them with the digest of
    what is left, so that the chain still holds and what is left cannot be altered.

    Args:
        session: session with a running write.
        actor: who erases.
        entries: what is left of each entry, by id.
        facts: arguments of ``record_act`` that say of whom the entries told.
    """
    digests: dict[str, str] = {}
    links: dict[str, str] = {}
    for key, left in entries.items():
        row = dict(session.execute(
            select(AuditEntry.__table__).where(AuditEntry.id == key)).mappings().one())
        if left.number != row["number"]:
            before = session.scalar(
                select(AuditEntry.chain).where(AuditEntry.id < key)
                .order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
            links[str(key)] = _link(before, {**row, "number": left.number})
        digests[str(key)] = digest_of(left.changes, left.reason)
        session.execute(
            update(AuditEntry).where(AuditEntry.id == key)
            .values(changes=left.changes, reason=left.reason, number=left.number)
            .execution_options(synchronize_session=False))
    record_act(session, actor, ERASED,
               changes={ERASED_ENTRIES: digests, ERASED_NUMBERS: links}, **facts)


def chain_head(session: Session) -> str:
    """Return ``ENTRY:HASH`` of the newest entry, to be kept outside of the database.

    A chain alone cannot show that its end was cut off; a head noted elsewhere can.
    """
    row = session.execute(
        select(AuditEntry.id, AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    return f"{row.id}:{row.chain}" if row else f"0:{GENESIS}"


def _altered_later(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Return the digests, and the links, of entries that a later entry names as altered, by id.

    The later entry is a part of the chain: who alters a masked entry, or one of an erased person,
    would have to alter it too.
    """
    digests: dict[str, str] = {}
    links: dict[str, str] = {}
    for changes in session.scalars(
        select(AuditEntry.changes).where(AuditEntry.action.in_((MASKED, ERASED)))
        .order_by(AuditEntry.id)
    ):
        facts = changes or {}
        entries = facts.get(ERASED_ENTRIES, {})
        # Entries that were emptied as a whole are named in a list: nothing is left of them.
        digests |= entries if isinstance(entries, dict) else {}
        links |= facts.get(ERASED_NUMBERS, {})
    return digests, links


def _entries(session: Session, batch: int) -> Iterator[dict[str, Any]]:
    """Yield the columns of all entries in order, fetched in portions."""
    after = 0
    while True:
        portion = session.execute(
            select(AuditEntry.__table__)
            .where(AuditEntry.id > after)
            .order_by(AuditEntry.id)
            .limit(batch)
        ).mappings().all()
        if not portion:
            return
        yield from map(dict, portion)
        after = portion[-1]["id"]


def verify_chain(
    session: Session, known_head: str | None = None, batch: int = 5000
) -> Iterator[Break]:
    """Walk the whole chain and yield every place where it does not hold.

    Args:
        session: any session.
        known_head: ``ENTRY:HASH`` noted earlier (see ``head``).
        batch: rows fetched at a time.
    """
    known_id, _, known_chain = (known_head or "").partition(":")
    previous, met = GENESIS, not known_head or known_id == "0"
    blanked: set[int] = set()
    digests, links = _altered_later(session)
    for row in _entries(session, batch):
        entry_id = row["id"]
        digest = digest_of(row["changes"], row["reason"])
        if digest not in (row["digest"], digests.get(str(entry_id))):
            if row["changes"] is not None or row["reason"]:
                yield Break(entry_id, "values differ from their digest")
            else:
                blanked.add(entry_id)
        elif row["action"] == ERASED:
            # What was erased by law leaves its digest behind, and an entry that names it.
            blanked.difference_update((row["changes"] or {}).get(ERASED_ENTRIES, ()))
        if _link(previous, row) not in (row["chain"], links.get(str(entry_id))):
            yield Break(entry_id, "entry does not follow the one before it")
        if str(entry_id) == known_id:
            met = row["chain"] == known_chain
        previous = row["chain"]
    for entry_id in sorted(blanked):
        yield Break(entry_id, "values are missing, and no later entry says that they were erased")
    if not met:
        yield Break(int(known_id or 0), "the noted head is missing or differs")
