"""The audit trail: read only, searched, checked against alteration, exported."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response as BaseResponse

from app.access.models import AuditEntry
from app.admin.pages import PageView, settings
from app.sdk import N_
from app.sdk.core import chain_breaks, chain_head, current_host
from app.sdk.screens import csv_parts, current_person, is_partial, requires, write_datetime, zone
from app.sdk.services import db, record_act, utcnow, write

PAGE_SIZE = 50
LONGEST_TEXT = 120
MOST_BREAKS = 20
# Acts of the core in words; those of plugins show their names unless their catalogue has them.
ACTIONS = {
    "create": N_("Created"), "update": N_("Changed"), "change": N_("Changed"),
    "delete": N_("Deleted"), "restore": N_("Restored"), "purge": N_("Purged"),
    "transition": N_("Workflow step"),
    "comment": N_("Commented"), "sign_in": N_("Signed in"), "sign_out": N_("Signed out"),
    "sign_in_failed": N_("Failed sign-in"), "denied": N_("Denied"), "export": N_("Exported"),
    "import": N_("Imported"), "download": N_("Downloaded"), "file_read": N_("Opened a file"),
    "reveal": N_("Revealed"), "verify_audit": N_("Checked the audit trail"),
    "publish_workflow": N_("Published a workflow"), "plugin_enabled": N_("Plugin switched on"),
    "plugin_disabled": N_("Plugin switched off"), "password": N_("Set a password"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; empty parts do not matter.

    Attributes:
        since: first day, in the shown time zone.
        until: last day.
        person: part of a name.
        action: name of an act.
        record_type: name of a kind of record.
        number: number of a record.
        before: entries older than this one, for paging.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    person: str = ""
    action: str = ""
    record_type: str = ""
    number: str = ""
    before: int | None = None

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> Search:
        """Read an address.

        Raises:
            ValueError: a day or a position is malformed.
        """
        days = {
            name: dt.date.fromisoformat(arguments[name])
            for name in ("since", "until") if arguments.get(name)
        }
        texts = {
            name: arguments.get(name, "").strip().replace("\x00", "")[:LONGEST_TEXT]
            for name in ("person", "action", "record_type", "number")
        }
        if any(not 2000 <= day.year < 2200 for day in days.values()):
            raise ValueError("a day in no year of ours")
        before = arguments.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):
            raise ValueError(before)
        return cls(**days, **texts, before=int(before) if before else None)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what the search means in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.since:
            found.append(AuditEntry.at >= _midnight(self.since))
        if self.until:
            found.append(AuditEntry.at < _midnight(self.until) + dt.timedelta(days=1))
        if self.person:
            found.append(AuditEntry.actor_name.icontains(self.person, autoescape=True))
        for name in ("action", "record_type", "number"):
            if value := getattr(self, name):
                found.append(getattr(AuditEntry, name) == value)
        if self.before is not None:
            found.append(AuditEntry.id < self.before)
        return found

    def arguments(self) -> dict[str, str]:
        """Return the address of the first page of this search."""
        return {
            field.name: str(value) for field in dataclasses.fields(self)
            if field.name != "before" and (value := getattr(self, field.name))
        }


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One entry, ready to be drawn.

    Attributes:
        entry: the row.
        what: the act in words.
        kind: the kind of record in words.
        url: page of the record, if there is one.
        changes: name, before and after; before is ``None`` for facts that had no earlier value.
    """

    entry: Any
    what: str
    kind: str
    url: str
    changes: tuple[tuple[str, Any, Any], ...]


def action_label(action: str) -> str:
    """Return an act in the language of the page."""
    return gettext(ACTIONS.get(action, action.replace("_", " ")))


def _changes(changes: Mapping[str, Any] | None) -> tuple[tuple[str, Any, Any], ...]:
    found = []
    for name, value in (changes or {}).items():
        pair = isinstance(value, list) and len(value) == 2
        before, after = value if pair else (None, value)
        found.append((name, before, after))
    return tuple(found)


def _types() -> dict[str, Any]:
    return {
        item.model.__record_type__: item
        for item in current_host().contributions("register_record_types")
    }


def lines_of(entries: Iterable[Any]) -> list[Line]:
    """Return entries with words and addresses."""
    types = _types()
    person = current_person()
    lines = []
    for entry in entries:
        kind = types.get(entry.record_type)
        opens = kind is not None and entry.record_id and person.can("can_show", kind.view)
        lines.append(Line(
            entry, action_label(entry.action),
            gettext(kind.label) if kind else entry.record_type,
            url_for(kind.endpoint, pk=entry.record_id) if opens else "",
            _changes(entry.changes),
        ))
    return lines


class AuditView(PageView):
    """What was done by whom and when."""

    route_base = "/audit"
    default_view = "index"
    class_permission_name = "core.Audit"
    base_permissions = ["can_list", "can_export", "can_verify"]
    list_title = N_("Audit trail")
    icon = "history"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show a page of entries, newest first."""
        search = self._search()
        entries = db.session.execute(
            select(AuditEntry.__table__).where(*search.conditions())
            .order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)
        ).all()
        more = len(entries) > PAGE_SIZE
        entries = entries[:PAGE_SIZE]
        older = {**search.arguments(), "before": entries[-1].id} if more else None
        types = sorted(_types().values(), key=lambda item: item.label)
        return self.render_template(
            "admin/audit_body.html" if is_partial() else "admin/audit.html",
            view=self, lines=lines_of(entries), search=search,
            older=self.url(**older) if older else "",
            newest=self.url(**search.arguments()) if search.before is not None else "",
            actions=sorted({(name, action_label(name)) for name in self._used_actions()},
                           key=lambda pair: pair[1]),
            types=[(item.model.__record_type__, gettext(item.label)) for item in types],
        )

    @staticmethod
    def _search() -> Search:
        try:
            return Search.from_arguments(request.args)
        except ValueError:
            abort(400)

    @staticmethod
    def _used_actions() -> list[str]:
        """Return the acts that occur, by walking the index from one to the next."""
        found: list[str] = []
        last = ""
        while len(found) < 100:
            after = db.session.scalar(
                select(AuditEntry.action).where(AuditEntry.action > last)
                .order_by(AuditEntry.action).limit(1)
            )
            if after is None:
                break
            found.append(after)
            last = after
        return found

    @expose("/verify", methods=["POST"])
    @requires("verify")
    def verify(self) -> BaseResponse:
        """Walk the whole chain and say whether it holds; the check is itself an entry."""
        breaks = []
        for broken in chain_breaks(db.session):
            breaks.append(broken)
            if len(breaks) == MOST_BREAKS:
                break
        head = chain_head(db.session)
        with write(db.session):
            record_act(db.session, current_person(), "verify_audit",
                       changes={"head": head, "breaks": [one.entry_id for one in breaks]})
        if breaks:
            numbers = ", ".join(str(one.entry_id) for one in breaks)
            flash(gettext("The audit trail has been altered at these entries: %(entries)s",
                          entries=numbers), "danger")
        else:
            flash(gettext("The audit trail holds. Keep this mark elsewhere to notice a cut-off "
                          "end later: %(head)s", head=head), "success")
        return redirect(self.url())

    @expose("/export")
    @requires("export")
    def export(self) -> Response:
        """Give the entries that match as CSV; noted in the trail itself."""
        search = self._search()
        with write(db.session):
            record_act(db.session, current_person(), "export",
                       record_type=self.class_permission_name, changes=search.arguments())
        rows = db.session.execute(
            select(AuditEntry.__table__).where(*search.conditions())
            .order_by(AuditEntry.id.desc()).limit(settings().export_rows)
            .execution_options(yield_per=500)
        )
        header = [gettext(text) for text in (
            N_("Entry"), N_("When"), N_("Who"), N_("What"), N_("Kind"), N_("Number"),
            N_("Before and after"), N_("Reason"), N_("Address"), N_("Chain"))]
        lines = (
            [row.id, write_datetime(row.at), row.actor_name, action_label(row.action),
             row.record_type, row.number, _as_text(row.changes), row.reason, row.address, row.chain]
            for row in rows
        )
        response = Response(
            stream_with_context(csv_parts(header, lines)), mimetype="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = (
            f'attachment; filename="audit-{utcnow():%Y%m%d}.csv"'
        )
        return response


def _as_text(changes: Mapping[str, Any] | None) -> str:
    return "; ".join(
        f"{name}: {after}" if before is None else f"{name}: {before} → {after}"
        for name, before, after in _changes(changes)
    )
