"""Custom fields in the database: which there are, and how an admin changes them.

Definitions are read once for a process and kept under the number of the rights in force (decision
005): a change raises that number, so it is in force at the next click, and no page asks the
database for definitions that it knows already.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.sensitive.values import SensitiveValue
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.database import write
from app.errors import Invalid
from app.host.host import current_host
from app.i18n import N_, Message
from app.jobs.services import enqueue
from app.records import models
from app.records.custom_fields.definitions import (
    LONGEST_KEY,
    PREFIX,
    CustomChoice,
    CustomField,
    cleaned,
    problems,
)

AUDIT_TYPE = "core.custom_field"
NOT_YOURS = N_("Your role may not change this field.")
_MOST = 100
# Attributes of a definition that are texts beside its label, yes or no, and ids of roles.
TEXTS = ("label_zh", "help", "help_zh", "group", "group_zh")
FLAGS = ("required", "retired", "verified", "sensitive", "protected")
ROLES = ("seen_by", "edited_by")
INDEX_AGAIN = "records.index_again"
_watchers: dict[str, list[Callable[[Session, Actor], None]]] = {}
_offered: dict[str, tuple[CustomField, ...]] = {}
Definitions = Mapping[str, tuple[CustomField, ...]]


def when_fields_change(record_type: str, call: Callable[[Session, Actor], None]) -> None:
    """Let something follow a change of the custom fields of a kind of record.

    Args:
        record_type: kind of record.
        call: called within the transaction of the change, with who made it.
    """
    _watchers.setdefault(record_type, []).append(call)


def offer_fields(record_type: str, fields: Sequence[CustomField]) -> None:
    """Let an admin add ready-made fields to a kind of record, where they are wanted.

    Args:
        record_type: kind of record.
        fields: definitions in order.
    """
    _offered[record_type] = tuple(fields)


def offered_fields(session: Session, record_type: str) -> tuple[CustomField, ...]:
    """Return the ready-made fields that a kind of record does not have yet."""
    known = {field.name for field in custom_fields_of(session, record_type)}
    return tuple(field for field in _offered.get(record_type, ()) if field.name not in known)


class BadDefinition(Invalid):
    """A definition is refused; ``errors`` gives a sentence by attribute."""


def custom_fields_of(session: Session, record_type: str) -> tuple[CustomField, ...]:
    """Return the custom fields of a kind of record in order, retired ones last.

    Args:
        session: any session.
        record_type: stable name of the kind, e.g. ``complaints.complaint``.
    """
    return cached_until_change(session, "records.custom_fields", lambda: _read(session)).get(
        record_type, ()
    )


def _read(session: Session) -> Definitions:
    table = models.CustomFieldRow.__table__
    rows = session.execute(
        select(table).order_by(table.c.record_type, table.c.retired, table.c.position, table.c.id)
    )
    found: dict[str, list[CustomField]] = {}
    for row in rows:
        found.setdefault(row.record_type, []).append(_field(row))
    return {record_type: tuple(fields) for record_type, fields in found.items()}


def _field(row: Any) -> CustomField:
    return CustomField(
        name=row.name, kind=row.kind, label=row.label, label_zh=row.label_zh, help=row.help,
        help_zh=row.help_zh, choices=tuple(CustomChoice(*triple) for triple in row.choices),
        required=row.required, retired=row.retired, group=row.group_title,
        group_zh=row.group_title_zh, verified=row.verified, sensitive=row.sensitive,
        seen_by=tuple(row.seen_by or ()), edited_by=tuple(row.edited_by or ()),
        protected=row.protected, target=row.target,
    )


def checked_values(
    session: Session, record_type: str, values: Mapping[str, Any],
    held: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the custom values among ``values`` by field name, ready for ``Record.extra``.

    Args:
        session: any session.
        record_type: kind of record.
        values: values by column or key; those without the prefix are passed over.
        held: what the record holds by field name.

    Raises:
        BadValue: a value does not fit its field.
    """
    given = {key: value for key, value in values.items() if key.startswith(PREFIX)}
    return cleaned(custom_fields_of(session, record_type), given, held) if given else {}


def refused_fields(
    session: Session, actor: Actor, record_type: str, values: Iterable[str]
) -> dict[str, Message]:
    """Return which custom fields among ``values`` an actor may not fill in, and why.

    Args:
        session: any session.
        actor: who would write them.
        record_type: kind of record.
        values: names of columns and keys of custom fields.
    """
    given = {key for key in values if key.startswith(PREFIX)}
    if not given:
        return {}
    return {
        field.key: Message(NOT_YOURS)
        for field in custom_fields_of(session, record_type)
        if field.key in given and not field.is_edited_by(actor)
    }


def hidden_fields(session: Session, actor: Actor, record_type: str) -> frozenset[str]:
    """Return the keys of the custom fields that an actor does not see."""
    return frozenset(field.key for field in custom_fields_of(session, record_type)
                     if not field.is_seen_by(actor))


def sensitive_fields(session: Session, actor: Actor, model: type[Any]) -> frozenset[str]:
    """Return the keys of the sensitive custom fields of a model that an actor sees."""
    record_type = getattr(model, "__record_type__", "")
    if not record_type:
        return frozenset()
    return frozenset(field.key for field in custom_fields_of(session, record_type)
                     if field.sensitive and field.is_seen_by(actor))


def search_values(session: Session, record: Any) -> list[Any]:
    """Return the sensitive values among a record's custom values under which it is found."""
    extra: dict[str, Any] = record.extra or {}
    if not any(isinstance(value, SensitiveValue) for value in extra.values()):
        return []
    return [extra[field.name] for field in custom_fields_of(session, record.__record_type__)
            if field.name in extra and field.sensitive and not field.seen_by]


def search_texts(session: Session, record: Any) -> list[str]:
    """Return the texts of a record's custom values under which it is found."""
    extra: dict[str, Any] = record.extra or {}
    if not extra:
        return []
    return [
        text for field in custom_fields_of(session, record.__record_type__)
        if field.name in extra for text in field.words(extra[field.name])
    ]


# --- what an admin does ------------------------------------------------------------------------
def _row(session: Session, record_type: str, name: str) -> models.CustomFieldRow:
    row = session.scalar(
        select(models.CustomFieldRow).where(
            models.CustomFieldRow.record_type == record_type, models.CustomFieldRow.name == name
        )
    )
    if row is None:
        raise LookupError(f"{record_type}: {name}")
    return row


def define_field(
    session: Session, actor: Actor, model: type[Any], field: CustomField
) -> None:
    """Add a field to a kind of record.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: class with the ``Record`` mixin.
        field: the definition.

    Raises:
        BadDefinition: it is faulty, its name is taken, or there are too many.
    """
    record_type = model.__record_type__
    with write(session):
        present = _read(session).get(record_type, ())
        found = problems(field)
        if len(field.key) > LONGEST_KEY:
            found["name"] = Message(N_("At most %(most)s characters."),
                                    {"most": LONGEST_KEY - len(PREFIX)})
        if "name" not in found and field.name in {one.name for one in present}:
            found["name"] = Message(N_("This value is taken already."))
        if "name" not in found and hasattr(model, field.key):
            found["name"] = Message(N_("The kind of record has such a column already."))
        if field.target and current_host().record_type(field.target) is None:
            found["target"] = Message(N_("There is no such kind of record."))
        if len(present) >= _MOST:
            found["name"] = Message(N_("At most %(most)s fields."), {"most": _MOST})
        if found:
            raise BadDefinition(found)
        row = models.CustomFieldRow(record_type=record_type, position=len(present))
        _put(row, field)
        session.add(row)
        session.flush()
        _note(session, actor, row, "create", {"field": [None, field_as_mapping(field)]})


def change_field(session: Session, actor: Actor, record_type: str, field: CustomField) -> None:
    """Change a field's labels, help, choices, and whether it is required or retired.

    Name and kind stay, and so does whether it is sensitive once a record holds a value: the audit
    trail and the search index have copied clear values. A value that records may hold is not
    taken out of the choices: it would be shown as a bare code; retire the field, or rename the
    label.

    Raises:
        LookupError: there is no such field.
        BadDefinition: it is faulty, or a choice is missing.
    """
    with write(session):
        row = _row(session, record_type, field.name)
        before = _field(row)
        field = dataclasses.replace(field, kind=before.kind, target=before.target)
        found = problems(field)
        lost = {one.value for one in before.choices} - {one.value for one in field.choices}
        if "choices" not in found and lost:
            found["choices"] = Message(
                N_("%(values)s: records may hold it, so it has to stay; its label can change."),
                {"values": ", ".join(sorted(lost))},
            )
        if "sensitive" not in found and before.sensitive != field.sensitive and _is_used(
                session, record_type, field.name):
            found["sensitive"] = Message(N_(
                "Records hold values, which the history and the search know already. Retire this "
                "field and add a new one."))
        if found:
            raise BadDefinition(found)
        if before == field:
            return
        _put(row, field)
        session.flush()
        old, new = field_as_mapping(before), field_as_mapping(field)
        changes = {
            name: [old.get(name), new.get(name)] for name in {*old, *new}
            if old.get(name) != new.get(name)
        }
        _note(session, actor, row, "change", changes)
        if bool(before.seen_by) != bool(field.seen_by) and _is_used(
                session, record_type, field.name):
            enqueue(session, actor, INDEX_AGAIN, {"record_type": record_type, "name": field.name},
                    title=N_("Index the records of a field"))


def _is_used(session: Session, record_type: str, name: str) -> bool:
    kind = current_host().record_type(record_type)
    if kind is None:
        return True
    model: Any = kind.model
    return session.scalar(
        select(model.id).where(model.extra[name].as_string().is_not(None)).limit(1)) is not None


def retire_field(
    session: Session, actor: Actor, record_type: str, name: str, retired: bool = True
) -> None:
    """Take a field out of use, or back into it; values of records stay in any case.

    Raises:
        LookupError: there is no such field.
    """
    field = _field(_row(session, record_type, name))
    change_field(session, actor, record_type, dataclasses.replace(field, retired=retired))


def arrange_fields(session: Session, actor: Actor, record_type: str, names: Sequence[str]) -> None:
    """Put the fields of a kind of record in an order; those not named come last, as they were."""
    with write(session):
        rows = list(session.scalars(
            select(models.CustomFieldRow).where(models.CustomFieldRow.record_type == record_type)
            .order_by(models.CustomFieldRow.position, models.CustomFieldRow.id)
        ))
        before = [row.name for row in rows]
        wanted = {name: place for place, name in enumerate(names)}
        rows.sort(key=lambda row: wanted.get(row.name, len(wanted)))
        after = [row.name for row in rows]
        if before == after:
            return
        for place, row in enumerate(rows):
            row.position = place
        session.flush()
        _note(session, actor, rows[0], "change", {"position": [before, after]}, record_type)


def import_fields(
    session: Session, actor: Actor, model: type[Any], fields: Iterable[CustomField]
) -> tuple[int, int]:
    """Add and change fields as a file says, all or nothing; fields that it leaves out stay.

    Returns:
        How many were added, and how many were there already.

    Raises:
        BadDefinition: one is faulty, or has another kind than the field of its name.
    """
    added = known = 0
    with write(session):
        for field in fields:
            present = {one.name: one for one in _read(session).get(model.__record_type__, ())}
            there = present.get(field.name)
            if there is None:
                define_field(session, actor, model, field)
                added += 1
                continue
            if (there.kind, there.target) != (field.kind, field.target):
                raise BadDefinition({field.name: Message(
                    N_("The field is there already, with another kind.")
                )})
            change_field(session, actor, model.__record_type__, field)
            known += 1
    return added, known


def field_as_mapping(field: CustomField) -> dict[str, Any]:
    """Return a definition as plain values, without what is empty; the form of files."""
    found: dict[str, Any] = {"name": field.name, "kind": field.kind, "label": field.label}
    for name in (*TEXTS, "target"):
        if getattr(field, name):
            found[name] = getattr(field, name)
    for name in FLAGS:
        if getattr(field, name):
            found[name] = True
    for name in ROLES:
        if getattr(field, name):
            found[name] = list(getattr(field, name))
    if field.choices:
        found["choices"] = [
            {name: text for name, text in dataclasses.asdict(choice).items() if text}
            for choice in field.choices
        ]
    return found


def _put(row: models.CustomFieldRow, field: CustomField) -> None:
    row.name, row.kind = field.name, field.kind
    row.label, row.label_zh = field.label.strip(), field.label_zh.strip()
    row.help, row.help_zh = field.help.strip(), field.help_zh.strip()
    row.choices = [[one.value, one.label, one.label_zh] for one in field.choices]
    row.group_title, row.group_title_zh = field.group.strip(), field.group_zh.strip()
    row.target = field.target
    for name in FLAGS:
        setattr(row, name, getattr(field, name))
    for name in ROLES:
        setattr(row, name, sorted(getattr(field, name)))


def _note(
    session: Session, actor: Actor, row: models.CustomFieldRow, action: str,
    changes: dict[str, Any], number: str = "",
) -> None:
    invalidate_rights(session)
    for call in _watchers.get(row.record_type, ()):
        call(session, actor)
    record_act(
        session, actor, action, record_type=AUDIT_TYPE, record_id=row.id,
        number=(number or f"{row.record_type} {row.name}")[:40], changes=changes,
    )
