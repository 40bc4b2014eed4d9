"""The audit trail in words: acts, kinds of record, fields with their values."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.access.actor import Actor
from app.access.scope import concealed_keys
from app.host.host import current_host
from app.records.custom_fields.store import hidden_fields
from app.screens.columns.audit_values import ValueReader
from app.screens.current_builder import current_builder
from app.screens.registry import registry
from app.sdk import N_
from app.sdk.screens import current_person, translated
from app.sdk.services import db
from app.web.texts import column_msgid
from app.workflow.services import LOG_ID

# Acts of the core in words; those of plugins show their names unless their catalogue has them.
ACTIONS = {
    "create": N_("Created"), "update": N_("Changed"), "change": N_("Changed"),
    "delete": N_("Deleted"), "restore": N_("Restored"), "purge": N_("Purged"),
    "transition": N_("Workflow step"),
    "comment": N_("Commented"), "sign_in": N_("Signed in"), "sign_out": N_("Signed out"),
    "sign_in_refused": N_("Sign-in refused"), "sign_out_everywhere": N_("Ended all sessions"),
    "unlock": N_("Unlocked"), "denied": N_("Denied"), "export": N_("Exported"),
    "import": N_("Imported"), "import_taken_back": N_("Took an import back"),
    "erased": N_("Erased personal data"), "hold_placed": N_("Placed a legal hold"),
    "hold_lifted": N_("Lifted a legal hold"),
    "merge": N_("Merged"), "merge_undone": N_("Undid a merge"),
    "generate": N_("Made demonstration data"),
    "download": N_("Downloaded"), "print": N_("Printed"),
    "file_read": N_("Opened a file"), "file_add": N_("Added a file"),
    "file_remove": N_("Removed a file"), "reveal": N_("Revealed"),
    "copy_personal_data": N_("Made a copy of all data"),
    "call": N_("Called the number"), "share_out": N_("Shared out"),
    "share_view": N_("Shared a view"), "drop_view": N_("Deleted a shared view"),
    "order_views": N_("Ordered shared views"),
    "mask_audit": N_("Masked older entries"),
    "verify_audit": N_("Checked the audit trail"),
    "publish_workflow": N_("Published a workflow"), "plugin_enabled": N_("Plugin switched on"),
    "plugin_disabled": N_("Plugin switched off"),
    "plugin_data_deleted": N_("Data of a plugin deleted"), "password_change": N_("Set a password"),
    "settings": N_("Changed settings"), "test": N_("Sent a test"), "reorder": N_("Put in order"),
    "policy_switched": N_("Chose a deadline policy"),
    "policy_published": N_("Published a deadline policy"), "retire": N_("Retired"),
    "extension_pending": N_("Asked for more time"), "extension_approved": N_("Granted more time"),
    "extension_refused": N_("Refused more time"),
    "deadlines_moved": N_("Moved the deadlines"), "review": N_("Reviewed"),
    "verified": N_("Verified"), "rejected": N_("Rejected"), "unverified": N_("Unverified"),
    "calendar_day": N_("Set a day of the calendar"), "calendar_week": N_("Changed working hours"),
}
# What an entry may be about, beside kinds of record and screens.
KINDS = {
    "access.user": N_("Account"), "access.role": N_("Role"), "host.plugin": N_("Plugin"),
    "jobs.job": N_("Job"), "notices.channel": N_("Channel of notices"),
    "deadlines": N_("Deadlines"), "workflow.definition": N_("Workflow"),
}
# Facts of acts that are no columns of a record.
FACTS = {
    "address": N_("Page"), "asked": N_("Attempt"), "breaks": N_("Altered entries"),
    "by": N_("By"), "chosen": N_("Chosen records"), "clock": N_("Clock"),
    "colour": N_("Colour"),
    "columns": N_("Columns"), "comment": N_("Comment"), "count": N_("Count"),
    "created": N_("New"), "updated": N_("Changed"), "day": N_("Day"),
    "load": N_("Load"), "quota": N_("Quota"),
    "department": N_("Department"),
    "document": N_("Document"), "email": N_("Email"), "file": N_("File"),
    "first_name": N_("Name"), "granted": N_("Granted"), "hash": N_("Mark of the content"),
    "head": N_("Mark of the end"), "in_force": N_("In force"), "kind": N_("Kind"),
    "entries": N_("Entries"), "revealed": N_("Revealed"),
    "lines": N_("Lines"), "list": N_("List"), "locked": N_("Locked"), "name": N_("Name"),
    "order": N_("Order"), "reaches": N_("Sees by kind of record"),
    "roles": N_("Roles"), "scope": N_("Sees"), "sha256": N_("Checksum"),
    "shared": N_("Shared with others"), "size": N_("Size"), "taken": N_("Taken away"),
    "team": N_("Team"), "title": N_("Title"), "username": N_("User name"), "active": N_("Active"),
    "job": N_("Job"), "hours": N_("Hours"),
    "note": N_("Note"), "status": N_("Answer"), "person": N_("Person"),
    "action": N_("Act"), "number": N_("Number"), "record_type": N_("Kind of record"),
    "rows": N_("Entries"), "files": N_("Attachments"), "left_out": N_("Left out"),
    "since": N_("First day"), "until": N_("Last day"),
}
# Kinds of comment, by which the trail names them.
COMMENT_KINDS = {
    "comment": N_("Comment"), "progress": N_("Progress told to the customer"),
    "system": N_("Written by the system"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry, ready to be drawn.

    Attributes:
        entry: the row.
        what: the act in words.
        kind: the kind of record in words.
        url: page of the record, if there is one.
        changes: label, before and after; before is ``None`` for facts that had no earlier value.
        number: number of the record.
        reason: why it was done.
        concealed: whether number, reason and changes are withheld: the record is confidential,
            and the reader does not see it.
    """

    entry: Any
    what: str
    kind: str
    url: str
    changes: tuple[tuple[str, Any, Any], ...]
    number: str = ""
    reason: str = ""
    concealed: bool = False


def action_label(action: str) -> str:
    """Return an act in the language of the page."""
    return gettext(ACTIONS.get(action, action.replace("_", " ")))


def record_types() -> dict[str, Any]:
    """Return the kinds of record by name."""
    return {kind.model.__record_type__: kind for kind in current_host().record_types()}


def kind_labels() -> dict[str, str]:
    """Return what each kind of record, screen and other thing is called on the page."""
    labels: dict[str, str] = {}
    for view in current_builder().baseviews:
        title = getattr(view, "list_title", "")
        if title and view.class_permission_name:
            labels.setdefault(view.class_permission_name, translated(title))
    for model, screen in registry().main_screens().items():
        labels[getattr(model, "__record_type__", model.__tablename__)] = translated(
            screen.record_label)
    for item in current_host().dictionaries():
        labels[item.name] = gettext(item.title)
    labels |= {name: gettext(label) for name, label in KINDS.items()}
    return labels | {name: gettext(item.label) for name, item in record_types().items()}


def _setting_labels() -> dict[str, dict[str, str]]:
    """Return what plugins call their settings, by plugin and name."""
    return {
        item.form.name: {field.name: gettext(field.label) for field in item.form.fields}
        for item in current_host().contributions("register_settings")
    }


def _readers(entries: Iterable[Any]) -> dict[str, ValueReader]:
    """Return what turns values into words, by kind; one statement for each kind with relations."""
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.record_type].append(entry)
    readers = {}
    for screen in registry().main_screens().values():
        kind = screen.operations.kind
        if kind in by_kind:
            readers[kind] = ValueReader(screen)
            readers[kind].learn(by_kind[kind])
    return readers


def fact_label(name: str) -> str:
    """Return a fact of an act in the language of the page."""
    return gettext(FACTS[name]) if name in FACTS else gettext(column_msgid(name))


def shown(value: Any) -> Any:
    """Return a plain value as people write it: Yes and No, lists with commas."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(str(shown(item)) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{fact_label(str(key))}: {shown(item)}" for key, item in value.items())
    return value


def changes_in_words(
    changes: Mapping[str, Any] | None, reader: ValueReader | None = None,
    labels: Mapping[str, str] | None = None,
) -> tuple[tuple[str, Any, Any], ...]:
    """Return label, value before and value after of everything that an entry holds."""
    found = []
    for name, value in (changes or {}).items():
        if name == LOG_ID:  # it means something to the undoing of a step alone
            continue
        pair = isinstance(value, list) and len(value) == 2
        if pair and reader is not None and reader.knows(name):
            (change,) = reader.changes({name: value})
            found.append((str(change.label), change.before, change.after))
            continue
        before, after = value if pair else (None, value)
        label = (labels or {}).get(name) or fact_label(name)
        if name == "kind" and isinstance(after, str) and after in COMMENT_KINDS:
            after = gettext(COMMENT_KINDS[after])
        found.append((label, shown(before), shown(after)))
    return tuple(found)


def concealed_entries(entries: Sequence[Any], person: Actor) -> set[int]:
    """Return keys of entries about confidential records that a person does not see.

    Args:
        entries: entries of the trail.
        person: who reads them.
    """
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.record_id:
            keys[entry.record_type].add(entry.record_id)
    types = record_types()
    concealed = {
        kind: concealed_keys(db.session, person, types[kind].model, found)
        for kind, found in keys.items() if kind in types
    }
    return {
        entry.id for entry in entries
        if entry.record_id and entry.record_id in concealed.get(entry.record_type, ())
    }


def seen_changes(entry: Any, person: Actor) -> Mapping[str, Any] | None:
    """Return what an entry holds, without custom fields that a person does not see.

    Args:
        entry: of the trail.
        person: who reads it.
    """
    if not entry.changes or not entry.record_type:
        return entry.changes
    hidden = hidden_fields(db.session, person, entry.record_type)
    return {name: value for name, value in entry.changes.items() if name not in hidden}


def lines_of(entries: Iterable[Any]) -> list[AuditLine]:
    """Return entries with words and addresses; those of confidential records without values."""
    entries = list(entries)
    person = current_person()
    concealed = concealed_entries(entries, person)
    types, labels = record_types(), kind_labels()
    readers = _readers(entry for entry in entries if entry.id not in concealed)
    settings = _setting_labels()
    lines = []
    for entry in entries:
        kind = types.get(entry.record_type)
        label: str = labels.get(entry.record_type) or entry.record_type
        if entry.id in concealed:
            lines.append(
                AuditLine(entry, action_label(entry.action), label, "", (), concealed=True))
            continue
        address = ""
        if kind is not None and entry.record_id and person.can("can_show", kind.view):
            address = url_for(kind.endpoint, pk=entry.record_id)
        lines.append(AuditLine(
            entry, action_label(entry.action), label,
            address,
            changes_in_words(
                seen_changes(entry, person), readers.get(entry.record_type),
                settings.get(entry.number, {}) if entry.action == "settings" else {},
            ), entry.number, entry.reason,
        ))
    return lines


def as_text(changes: Mapping[str, Any] | None) -> str:
    """Return changes as one line of text, for a file."""
    return "; ".join(
        f"{name}: {after}" if before is None else f"{name}: {before} → {after}"
        for name, before, after in changes_in_words(changes)
    )
