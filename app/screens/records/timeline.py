"""The timeline of a record: changes, comments, files and what was told of deadlines, in one order.

Four statements whatever the length: changes, labels of what they name, comments with files, and
the deadlines of a record that has any. A page holds the newest ``MOST`` entries, or as many of the
earlier ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, exists, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.access.models import AuditEntry
from app.database import AnySelect, db
from app.i18n import N_
from app.records.models import Comment, File
from app.screens.columns.audit_values import ValueReader, is_pair
from app.screens.contracts import TimelineEntry
from app.screens.records.deadline_lines import deadline_lines
from app.screens.records.links import link_text
from app.screens.screen import Part
from app.statements import built_once
from app.web.formats import write_size
from app.workflow.services import LOG_ID

MOST = 200
_WORDS = {
    "create": N_("created this"),
    "change": N_("changed this"),
    "delete": N_("deleted this"),
    "restore": N_("restored this"),
    "transition": N_("moved this on"),
    "import": N_("imported this"),
    "reveal": N_("revealed a masked value"),
    "call": N_("called the number"),
    "export": N_("exported this"),
    "extension_pending": N_("asked for more time"),
    "extension_approved": N_("granted more time"),
    "extension_refused": N_("refused more time"),
    "deadlines_moved": N_("moved the deadlines"),
    "link": N_("linked a record"),
    "unlink": N_("removed a link"),
    "file_read": N_("opened a file"),
    "file_remove": N_("removed a file"),
    "print": N_("printed this"),
    "erased": N_("erased the personal data of this"),
    "hold_placed": N_("placed a legal hold on this"),
    "hold_lifted": N_("lifted the legal hold on this"),
    "merge": N_("merged this with another record"),
    "merge_undone": N_("undid a merge of this"),
    "review": N_("reviewed this"),
    "share_out": N_("shared this out"),
}
_ICONS = {
    "create": "plus", "delete": "trash", "restore": "restore",
    "review": "calendar-check",
    "extension_pending": "hourglass", "extension_approved": "check", "extension_refused": "x",
    "deadlines_moved": "hourglass", "link": "link", "unlink": "unlink",
    "erased": "user-x", "hold_placed": "gavel", "hold_lifted": "gavel",
    "merge": "arrows-join", "merge_undone": "arrow-back-up", "share_out": "users-group",
}
# Acts that have an entry of their own, or that say nothing to a reader.
_ELSEWHERE = ("comment", "file_add", "denied")
# Acts that a bulk change or an import does with many records.
_IN_BULK = ("create", "change", "delete", "restore", "import")
_QUIET = frozenset({"export", "reveal", "call", "print", "file_read", "import"})


@dataclasses.dataclass(frozen=True, slots=True)
class TimelinePage:
    """A stretch of a timeline.

    Attributes:
        entries: what happened, newest first.
        earlier: how many entries come before those that are not shown yet; ``None`` at the end.
    """

    entries: Sequence[TimelineEntry]
    earlier: int | None


class Timeline(Part):
    """What happened to a record, in one order."""

    def values(self, record: Any, skip: int = 0) -> dict[str, Any]:
        """Return values for the template of a timeline, from the entry after ``skip`` others on."""
        page = self.page(record, skip)
        return {"entries": page.entries, "earlier": page.earlier}

    def page(self, record: Any, skip: int = 0) -> TimelinePage:
        """Return a stretch of what happened to a record, newest first.

        Args:
            record: the record.
            skip: how many of the newest entries to pass over.
        """
        rows = skip + MOST
        while True:
            entries, is_whole = self._newest(record, rows)
            if is_whole or len(entries) > skip:
                break
            # Many rows were one entry.
            rows *= 2
        shown = self.decorate(record, entries)[skip:skip + MOST]
        end = skip + len(shown)
        return TimelinePage(shown, None if is_whole and end >= len(entries) else end)

    def decorate(self, record: Any, entries: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
        """Return the entries, newest first, with what this kind of record knows of them."""
        return entries

    def further(self, record: Any, most: int) -> Sequence[Sequence[TimelineEntry]]:
        """Return entries of further sources, each with its newest ones first.

        Args:
            record: the record.
            most: most entries of each source.
        """
        return ()

    def _newest(self, record: Any, most: int) -> tuple[list[TimelineEntry], bool]:
        """Return the newest entries without a gap, from so many rows of each, and if it is all."""
        session, kind = db.session, self.screen.operations.kind
        audit = session.execute(_acts_of(), _asked(kind, record.id, most + 1)).all()
        reader = ValueReader(self.screen)
        reader.learn(audit)
        sources = [([_from_audit(acts, reader) for acts in _by_change_set(audit)], len(audit))]
        if hasattr(record, "__record_type__"):
            said = sorted(
                session.execute(_comments_and_files(), _asked(kind, record.id, most + 1)),
                key=lambda row: row.at, reverse=True)
            for found in (_comments(row for row in said if not row.file_id),
                          self._files(record.id, (row for row in said if row.file_id))):
                sources.append((found, len(found)))
        if hasattr(record, "due_at"):
            lines = _deadlines(session, record, most + 1)
            sources.append((lines, len(lines)))
        sources += [(found, len(found)) for found in self.further(record, most + 1)]
        entries = sorted(
            (entry for found, _ in sources for entry in found),
            key=lambda entry: entry.at, reverse=True,
        )
        # Where rows of a kind were left out, others older than its last one wait for them.
        cut = [found[-1].at for found, rows in sources if rows > most]
        if not cut:
            return entries, True
        return [entry for entry in entries if entry.at > max(cut)], False

    def _files(self, record_id: int, rows: Iterable[Any]) -> list[TimelineEntry]:
        return [
            TimelineEntry(
                at=row.at, who=row.author_name, kind="file", what=N_("added a file"),
                text=f"{row.text} ({write_size(row.size)})",
                url=self.screen.url("file", pk=record_id, file_id=row.file_id),
                preview=_preview(row.kind),
            )
            for row in rows
        ]


def _asked(kind: str, record_id: int, most: int) -> dict[str, Any]:
    """Return the values of the statements below."""
    return {"kind": kind, "record": record_id, "most": most}


@built_once
def _acts_of() -> AnySelect:
    return (
        select(
            AuditEntry.at, AuditEntry.actor_name, AuditEntry.action, AuditEntry.changes,
            AuditEntry.reason, AuditEntry.change_set, _together().label("together"),
        )
        .where(
            AuditEntry.record_type == bindparam("kind"),
            AuditEntry.record_id == bindparam("record"), AuditEntry.action.not_in(_ELSEWHERE),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(bindparam("most"))
    )


@built_once
def _comments_and_files() -> CompoundSelect[Any]:
    """Return the newest comments and the newest files, each with so many rows, in one statement."""
    files = (
        select(File.at, File.author_name, File.name.label("text"),
               File.media_type.label("kind"), File.id.label("file_id"), File.size.label("size"))
        .where(
            File.record_type == bindparam("kind"), File.record_id == bindparam("record"),
            File.deleted_at.is_(None),
        )
        .order_by(File.at.desc(), File.id.desc())
        .limit(bindparam("most"))
    ).subquery()
    comments = (
        select(Comment.at, Comment.author_name, Comment.text.label("text"),
               Comment.kind.label("kind"), literal(0).label("file_id"), literal(0).label("size"))
        .where(Comment.record_type == bindparam("kind"), Comment.record_id == bindparam("record"))
        .order_by(Comment.at.desc(), Comment.id.desc())
        .limit(bindparam("most"))
    ).subquery()
    # A compound takes no limit for each of its parts.
    return union_all(select(comments), select(files))


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
            changes[name] = [known[0], pair[1]] if known and is_pair(pair) else pair
    kind = "transition" if entry.action == "transition" else "change"
    if kind == "transition":
        # Where the record went stands in the line of the entry.
        changes.pop("state", None)
    log_id = changes.pop(LOG_ID, None)
    linked = changes.pop("link", None) if entry.action in ("link", "unlink") else None
    return TimelineEntry(
        at=entry.at, who=entry.actor_name, what=_WORDS.get(entry.action, entry.action),
        kind="system" if entry.action in _QUIET else kind,
        text=entry.reason if linked is None else link_text(linked), changes=reader.changes(changes),
        icon=_ICONS.get(entry.action, ""), together=bool(entry.together), log_id=log_id,
    )


def _comments(rows: Iterable[Any]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=row.at, who=row.author_name, text=row.text, kind=row.kind,
            what=N_("told the customer") if row.kind == "progress" else N_("wrote"),
        )
        for row in rows
    ]


def _deadlines(session: Session, record: Any, most: int) -> list[TimelineEntry]:
    return [
        TimelineEntry(at=line.at, who="", what=line.text, icon="alarm")
        for line in deadline_lines(session, record, most)
    ]


def _preview(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "image"
    return "pdf" if media_type == "application/pdf" else ""
