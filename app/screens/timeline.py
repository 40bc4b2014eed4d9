"""The timeline of a record: changes, comments and files, in one order.

Four statements whatever the length: changes, labels of what they name, comments, files. A page
holds the newest ``MOST`` entries, or as many of the earlier ones.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy import and_, exists, select, union_all
from sqlalchemy.orm import Session, aliased

from app.access.models import AuditEntry
from app.i18n import N_
from app.records.models import Comment, File
from app.screens.cells import choice_of
from app.screens.columns import Column
from app.screens.custom import shown_value
from app.screens.formats import write_date, write_datetime, write_size
from app.screens.offers import FieldChange, TimelineEntry
from app.screens.texts import column_label, translated

MOST = 200
_WORDS = {
    "create": N_("created this"),
    "change": N_("changed this"),
    "delete": N_("deleted this"),
    "restore": N_("restored this"),
    "transition": N_("moved this on"),
    "import": N_("imported this"),
    "reveal": N_("revealed a masked value"),
    "export": N_("exported this"),
    "extension_pending": N_("asked for more time"),
    "extension_approved": N_("granted more time"),
    "extension_refused": N_("refused more time"),
    "deadlines_moved": N_("moved the deadlines"),
    "file_read": N_("opened a file"),
    "file_remove": N_("removed a file"),
    "print": N_("printed this"),
}
_ICONS = {
    "create": "plus", "delete": "trash", "restore": "restore",
    "extension_pending": "hourglass", "extension_approved": "check", "extension_refused": "x",
    "deadlines_moved": "hourglass",
}
# Acts that have an entry of their own, or that say nothing to a reader.
_ELSEWHERE = ("comment", "file_add", "denied")
# Acts that a bulk change or an import does with many records.
_IN_BULK = ("create", "change", "delete", "restore", "import")
_QUIET = frozenset({"export", "reveal", "print", "file_read", "import"})


class ValueReader:
    """Turns values of the audit trail into shown text.

    Args:
        view: the record view, for labels, choices and relations.
    """

    def __init__(self, view: Any) -> None:
        self._view = view
        self._by_attribute: dict[str, Column] = {
            column.attribute.key: column
            for column in view.columns.values()
            if column.custom is None and hasattr(column.attribute, "key")
        }
        self._by_attribute |= view.custom.columns()
        self._names: dict[str, dict[int, str]] = {}

    def learn(self, entries: Sequence[Any]) -> None:
        """Read the labels of all related rows that the entries name, in one statement."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            for name, pair in (entry.changes or {}).items():
                column = self._by_attribute.get(name)
                if column is None or column.target is None or not _is_pair(pair):
                    continue
                wanted[column.name].update(value for value in pair if isinstance(value, int))
        self._names = related_labels(self._view, wanted)

    def knows(self, name: str) -> bool:
        """Return whether a name of an entry is a column of the record."""
        return name in self._by_attribute

    def changes(self, changes: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
        """Return field changes with labels and shown values."""
        found = []
        for name, pair in (changes or {}).items():
            if not _is_pair(pair):
                continue
            column = self._by_attribute.get(name)
            label = column.label if column is not None else column_label(name)
            found.append(
                FieldChange(label=label, before=self._shown(column, pair[0]),
                            after=self._shown(column, pair[1]))
            )
        return tuple(found)

    def _shown(self, column: Column | None, value: Any) -> str:
        if value is None or value == "":
            return ""
        if column is None:
            return str(value)
        if column.custom is not None and column.kind != "date":
            return shown_value(column.custom, value)
        if column.kind == "boolean":
            return gettext("Yes") if value else gettext("No")
        if column.target is not None:
            return self._names.get(column.name, {}).get(value, f"#{value}")
        if column.kind == "choice":
            return translated(choice_of(self._view.choices_of(column.name), value).label)
        try:
            if column.kind == "datetime":
                return write_datetime(dt.datetime.fromisoformat(value))
            if column.kind == "date":
                return write_date(dt.date.fromisoformat(value))
        except (TypeError, ValueError):
            return str(value)
        return str(value)


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2


def related_labels(view: Any, wanted: Mapping[str, set[int]]) -> dict[str, dict[int, str]]:
    """Return labels of rows of several kinds by column and key, in one statement.

    Args:
        view: the record view.
        wanted: keys by name of a relation's column.
    """
    parts = [
        view.datamodel.get_related_interface(name).label_select(keys, name)
        for name, keys in wanted.items() if keys
    ]
    names: dict[str, dict[int, str]] = {name: {} for name in wanted}
    if parts:
        for name, key, label in view.datamodel.session.execute(union_all(*parts)):
            names[name][key] = str(label)
    return names


@dataclasses.dataclass(frozen=True, slots=True)
class TimelinePage:
    """A stretch of a timeline.

    Attributes:
        entries: what happened, newest first.
        earlier: how many entries come before those that are not shown yet; ``None`` at the end.
    """

    entries: Sequence[TimelineEntry]
    earlier: int | None


def page_of(session: Session, view: Any, record: Any, skip: int = 0) -> TimelinePage:
    """Return a stretch of what happened to a record, newest first.

    Args:
        session: any session.
        view: the record view; its ``told`` puts what it knows into the entries.
        record: the record.
        skip: how many of the newest entries to pass over.
    """
    rows = skip + MOST
    while True:
        entries, is_whole = _newest(session, view, record, rows)
        if is_whole or len(entries) > skip:
            break
        # Many rows were one entry.
        rows *= 2
    shown = view.told(record, entries)[skip:skip + MOST]
    end = skip + len(shown)
    return TimelinePage(shown, None if is_whole and end >= len(entries) else end)


def _newest(
    session: Session, view: Any, record: Any, most: int
) -> tuple[list[TimelineEntry], bool]:
    """Return the newest entries without a gap, from so many rows of each kind, and if it is all."""
    kind = view.audit_type or getattr(record, "__record_type__", record.__tablename__)
    audit = session.execute(
        select(
            AuditEntry.at, AuditEntry.actor_name, AuditEntry.action, AuditEntry.changes,
            AuditEntry.reason, AuditEntry.change_set, _together().label("together"),
        )
        .where(
            AuditEntry.record_type == kind, AuditEntry.record_id == record.id,
            AuditEntry.action.not_in(_ELSEWHERE),
        )
        .order_by(AuditEntry.id.desc())
        .limit(most + 1)
    ).all()
    reader = ValueReader(view)
    reader.learn(audit)
    sources = [([_from_audit(acts, reader) for acts in _by_change_set(audit)], len(audit))]
    if hasattr(record, "__record_type__"):
        for found in (_comments(session, kind, record.id, most + 1),
                      _files(session, view, kind, record.id, most + 1)):
            sources.append((found, len(found)))
    entries = sorted(
        (entry for found, _ in sources for entry in found),
        key=lambda entry: entry.at, reverse=True,
    )
    # Where rows of a kind were left out, others that are older than its last one wait for them.
    cut = [found[-1].at for found, rows in sources if rows > most]
    if not cut:
        return entries, True
    return [entry for entry in entries if entry.at > max(cut)], False


def _together() -> Any:
    """Return the SQL that says whether other records of the kind changed in the same go."""
    other = aliased(AuditEntry)
    return and_(
        AuditEntry.action.in_(_IN_BULK),
        exists().where(
            other.change_set == AuditEntry.change_set,
            other.record_type == AuditEntry.record_type, other.record_id != AuditEntry.record_id,
            other.action == AuditEntry.action,
        ),
    )


def _by_change_set(audit: Sequence[Any]) -> list[list[Any]]:
    """Return acts, the newest first; changes of one change set that follow each other are one."""
    groups: list[list[Any]] = []
    for act in audit:
        last = groups[-1][-1] if groups else None
        if last is not None and act.action == last.action == "change" and (
            act.change_set == last.change_set
        ):
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups


def _from_audit(acts: Sequence[Any], reader: ValueReader) -> TimelineEntry:
    entry = acts[0]
    changes: dict[str, Any] = {}
    # From the oldest to the newest: a field that changed twice goes from its first value on.
    for act in reversed(acts):
        for name, pair in (act.changes or {}).items():
            known = changes.get(name)
            changes[name] = [known[0], pair[1]] if known and _is_pair(pair) else pair
    kind = "transition" if entry.action == "transition" else "change"
    if kind == "transition":
        # Where the record went stands in the line of the entry.
        changes.pop("state", None)
    return TimelineEntry(
        at=entry.at, who=entry.actor_name, what=_WORDS.get(entry.action, entry.action),
        kind="system" if entry.action in _QUIET else kind,
        text=entry.reason, changes=reader.changes(changes),
        icon=_ICONS.get(entry.action, ""), together=bool(entry.together),
    )


def _comments(session: Session, kind: str, record_id: int, most: int) -> list[TimelineEntry]:
    rows = session.execute(
        select(Comment.at, Comment.author_name, Comment.text, Comment.kind)
        .where(Comment.record_type == kind, Comment.record_id == record_id)
        .order_by(Comment.id.desc())
        .limit(most)
    )
    return [
        TimelineEntry(
            at=row.at, who=row.author_name, text=row.text, kind=row.kind,
            what=N_("told the customer") if row.kind == "progress" else N_("wrote"),
        )
        for row in rows
    ]


def _preview(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "image"
    return "pdf" if media_type == "application/pdf" else ""


def _files(
    session: Session, view: Any, kind: str, record_id: int, most: int
) -> list[TimelineEntry]:
    rows = session.execute(
        select(File.id, File.at, File.author_name, File.name, File.size, File.media_type)
        .where(
            File.record_type == kind, File.record_id == record_id, File.deleted_at.is_(None)
        )
        .order_by(File.id.desc())
        .limit(most)
    )
    return [
        TimelineEntry(
            at=row.at, who=row.author_name, kind="file", what=N_("added a file"),
            text=f"{row.name} ({write_size(row.size)})", url=view.file_url(record_id, row.id),
            preview=_preview(row.media_type),
        )
        for row in rows
    ]
