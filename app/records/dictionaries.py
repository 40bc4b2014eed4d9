"""Dictionaries (数据字典): lists of values that an admin edits and records refer to.

A value is never deleted: it is retired, stays on the records that have it and is offered to none
that come. A table becomes a dictionary by the mixin and a declaration
(``register_dictionaries``); the screen and the badges follow.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.database import write
from app.dictionary_columns import LONGEST_CODE
from app.errors import Invalid
from app.i18n import N_, Message
from app.records.purging import tables_of
from app.records.refusals import refusals
from app.records.search.pinyin import name_for

STEP = 10
# The colours of the product, by their role; an empty one is plain text.
DICTIONARY_COLOURS = {
    "": N_("None"), "calm": N_("Blue"), "good": N_("Green"), "warn": N_("Amber"),
    "bad": N_("Red"), "still": N_("Grey"),
}


class BadEntry(Invalid):
    """A value is refused; ``errors`` gives a sentence by column, ``""`` for all of it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A value of a dictionary."""

    id: int
    code: str
    name: str
    name_zh: str
    position: int
    colour: str
    retired: bool

    def digest(self) -> str:
        """Return a short text that changes with any of it, to notice a stale form."""
        body = "|".join(map(str, dataclasses.astuple(self)[1:]))
        return hashlib.sha256(body.encode()).hexdigest()[:16]


def entries_of(session: Session, model: type[Any]) -> list[Entry]:
    """Return all values in order, retired ones last."""
    columns = [getattr(model, field.name) for field in dataclasses.fields(Entry)]
    rows = session.execute(
        select(*columns).order_by(model.retired, model.position, model.id)
    )
    return [Entry(*row) for row in rows]


def kept_entries(session: Session, model: type[Any]) -> Mapping[int, Entry]:
    """Return all values by key; read again only after a change.

    Args:
        session: any session.
        model: class of a dictionary with few values.
    """
    return cached_until_change(
        session, f"records.dictionary_entries.{model.__dictionary__}",
        lambda: {entry.id: entry for entry in entries_of(session, model)})


def sizes_of(session: Session, models: Sequence[type[Any]]) -> dict[str, int]:
    """Return how many values in use each dictionary has, by name, in one statement."""
    parts = [
        select(literal(model.__dictionary__), func.count())
        .select_from(model).where(model.retired.is_(False))
        for model in models
    ]
    return {name: number for name, number in session.execute(union_all(*parts))} if parts else {}


def uses_of(session: Session, model: type[Any]) -> dict[int, int]:
    """Return on how many rows of other tables each value stands, in one statement."""
    table = model.__table__
    parts = [
        select(column.label("key"), func.count().label("uses"))
        .where(column.is_not(None)).group_by(column)
        for other in tables_of(session)
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    if not parts:
        return {}
    both = union_all(*parts).subquery()
    rows = session.execute(select(both.c.key, func.sum(both.c.uses)).group_by(both.c.key))
    return {key: int(number) for key, number in rows}


def colours_of(session: Session, model: type[Any]) -> tuple[Entry, ...]:
    """Return the values that have a colour; read again only after a change.

    Args:
        session: any session.
        model: class of the dictionary.
    """
    return cached_until_change(session, f"records.dictionary.{model.__dictionary__}", lambda: tuple(
        entry for entry in entries_of(session, model) if entry.colour
    ))


def save_entry(
    session: Session, actor: Actor, model: type[Any], key: int | None,
    values: Mapping[str, str], seen: str = "",
) -> int:
    """Add a value to a dictionary, or change one; its code stays once it is there.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        model: class of the dictionary.
        key: the value to change; ``None`` adds one.
        values: ``name``, ``name_zh``, ``colour`` and, for a new one, ``code``; without an English
            name the Chinese one is taken, without a code it follows from the name.
        seen: ``Entry.digest`` of what the form showed.

    Returns:
        The key.

    Raises:
        BadEntry: something is missing, taken, or was changed by somebody else meanwhile.
        LookupError: there is no such value.
    """
    name_zh = values.get("name_zh", "").strip()
    name = values.get("name", "").strip() or name_zh
    colour = values.get("colour", "")
    with write(session):
        row = session.get(model, key) if key is not None else model(code="", retired=False)
        if row is None:
            raise LookupError(key)
        before = _entry(row) if key is not None else None
        if before is not None and before.digest() != seen:
            raise BadEntry({"": Message(N_(
                "Somebody else has changed this value meanwhile. Load the page again."))})
        code = before.code if before else (values.get("code", "").strip() or name_for(name))
        _check(session, model, key, code, name, colour)
        row.code, row.name, row.name_zh, row.colour = code, name, name_zh, colour
        if before is None:
            last = session.scalar(select(func.max(model.position))) or 0
            row.position = last + STEP
            session.add(row)
        session.flush()
        _note(session, actor, model, "change" if before else "create", row, before)
    return row.id


def add_value(session: Session, actor: Actor, model: type[Any], name: str) -> int:
    """Add a value that a file names to a dictionary; its code follows from the name.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: class of the dictionary.
        name: of the value, in the language of the file.

    Returns:
        The key.

    Raises:
        BadEntry: there is a value of this name already.
    """
    code = stem = name_for(name)
    taken = set(session.scalars(select(model.code).where(model.code.startswith(stem))))
    number = 1
    # Two names may sound alike.
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return save_entry(session, actor, model, None, {"name": name, "code": code})


def _entry(row: Any) -> Entry:
    return Entry(*(getattr(row, field.name) for field in dataclasses.fields(Entry)))


def _check(
    session: Session, model: type[Any], key: int | None, code: str, name: str, colour: str
) -> None:
    problems: dict[str, Message] = {}
    if not name:
        problems["name_zh"] = Message(N_("A value needs a name."))
    if colour not in DICTIONARY_COLOURS:
        problems["colour"] = Message(N_("Choose one from the list."))
    if len(code) > LONGEST_CODE:
        problems["code"] = Message(N_("At most %(most)s characters."), {"most": LONGEST_CODE})
    with session.no_autoflush:
        for column, value in (("name", name), ("code", code)):
            taken = session.scalar(select(model.id).where(getattr(model, column) == value))
            if taken is not None and taken != key:
                problems.setdefault(column, Message(N_("There is such a value already.")))
    if problems:
        raise BadEntry(problems)


def _note(
    session: Session, actor: Actor, model: type[Any], action: str, row: Any, before: Entry | None
) -> None:
    after = _entry(row)
    changes = {
        name: [getattr(before, name) if before else None, getattr(after, name)]
        for name in ("code", "name", "name_zh", "colour", "retired")
        if before is None or getattr(before, name) != getattr(after, name)
    }
    if changes:
        record_act(session, actor, action, record_type=model.__dictionary__, record_id=row.id,
                   number=after.code[:40], changes=changes)
        invalidate_rights(session)


def retire_entry(
    session: Session, actor: Actor, model: type[Any], key: int, retired: bool
) -> None:
    """Take a value out of use, or back into it; records that have it keep it.

    Raises:
        LookupError: there is no such value.
    """
    with write(session):
        row = session.get(model, key)
        if row is None:
            raise LookupError(key)
        before = _entry(row)
        row.retired = retired
        session.flush()
        _note(session, actor, model, "retire" if retired else "restore", row, before)


def remove_entry(session: Session, actor: Actor, model: type[Any], key: int) -> None:
    """Delete a value that an import has added and that nothing uses; part of the running write.

    Raises:
        Conflict: something uses it.
        LookupError: there is no such value.
    """
    row = session.get(model, key)
    if row is None:
        raise LookupError(key)
    code = row.code
    with refusals(row):
        session.delete(row)
        session.flush()
    record_act(session, actor, "remove", record_type=model.__dictionary__, record_id=key,
               number=code[:40])
    invalidate_rights(session)


def arrange_entries(
    session: Session, actor: Actor, model: type[Any], keys: Iterable[int]
) -> None:
    """Put the values into an order; those that are not named come after the others.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        model: class of the dictionary.
        keys: values in their new order; unknown ones are passed over.
    """
    with write(session):
        entries = entries_of(session, model)
        known = {entry.id: entry for entry in entries}
        order = [key for key in dict.fromkeys(keys) if key in known]
        order += [entry.id for entry in entries if entry.id not in set(order)]
        if order == [entry.id for entry in entries]:
            return
        for place, key in enumerate(order, start=1):
            session.get_one(model, key).position = place * STEP
        session.flush()
        record_act(
            session, actor, "reorder", record_type=model.__dictionary__,
            changes={"order": [", ".join(entry.code for entry in entries),
                               ", ".join(known[key].code for key in order)]},
        )
        invalidate_rights(session)
