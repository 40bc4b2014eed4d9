"""The audit trail: read only, searched, checked against alteration, exported."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from flask import Response, abort, flash, redirect, request, stream_with_context
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response as BaseResponse

from app.access.audit import chain_head, verify_chain
from app.access.models import AuditEntry
from app.admin.audit_words import (
    action_label,
    as_text,
    concealed_entries,
    kind_labels,
    lines_of,
    record_types,
    seen_changes,
)
from app.admin.pages import PageView, settings
from app.sdk import N_
from app.sdk.screens import (
    csv_parts,
    current_person,
    is_partial,
    requires,
    whole_number,
    write_datetime,
    zone,
)
from app.sdk.services import db, record_act, utcnow, write
from app.web.input_limits import LARGEST_BIG_KEY
from app.web.texts import who_acted

PAGE_SIZE = 50
LONGEST_TEXT = 120
MOST_BREAKS = 20
_EXPORT_BATCH = 500
SIGN_INS = ("sign_in", "sign_in_refused", "sign_out", "sign_out_everywhere", "unlock",
            "password_change")


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
        before = whole_number(arguments.get("before"), LARGEST_BIG_KEY)
        if before is None and arguments.get("before"):
            raise ValueError(arguments["before"])
        return cls(
            since=days.get("since"), until=days.get("until"), before=before, **texts)

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


class AuditView(PageView):
    """What was done by whom and when."""

    route_base = "/audit"
    default_view = "index"
    class_permission_name = "core.Audit"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_export", "can_verify"]
    list_title = N_("Audit trail")
    icon = "history"
    # Acts that the screen is about; without any it shows all.
    only: ClassVar[tuple[str, ...]] = ()
    never: ClassVar[tuple[str, ...]] = ()

    def conditions(self, search: Search) -> list[ColumnElement[bool]]:
        """Return what is shown: what is looked for among what the screen is about."""
        found = search.conditions()
        if self.only:
            found.append(AuditEntry.action.in_(self.only))
        if self.never:
            found.append(AuditEntry.action.notin_(self.never))
        return found

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show a page of entries, newest first."""
        search = self._search()
        entries = db.session.execute(
            select(AuditEntry.__table__).where(*self.conditions(search))
            .order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)
        ).all()
        more = len(entries) > PAGE_SIZE
        entries = entries[:PAGE_SIZE]
        older = {**search.arguments(), "before": entries[-1].id} if more else None
        types = sorted(record_types().values(), key=lambda item: item.label)
        return self.render_template(
            "admin/audit_body.html" if is_partial() else "admin/audit.html",
            view=self, lines=lines_of(entries), search=search,
            older=self.url(**older) if older else "",
            newest=self.url(**search.arguments()) if search.before is not None else "",
            actions=sorted({(name, action_label(name)) for name in self._acts()},
                           key=lambda pair: pair[1]),
            types=[(item.model.__record_type__, gettext(item.label)) for item in types],
        )

    def _acts(self) -> list[str]:
        used = self._used_actions()
        return [name for name in self.only or used if name not in self.never]

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
        for broken in verify_chain(db.session):
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
                       record_type=self.class_permission_name or "", changes=search.arguments())
        rows = db.session.execute(
            select(AuditEntry.__table__).where(*self.conditions(search))
            .order_by(AuditEntry.id.desc()).limit(settings().export_rows)
            .execution_options(yield_per=_EXPORT_BATCH)
        )
        header = [gettext(text) for text in (
            N_("Entry"), N_("When"), N_("Who"), N_("What"), N_("Kind"), N_("Number"),
            N_("Before and after"), N_("Reason"), N_("Address"), N_("Chain"))]
        kinds = kind_labels()
        person = current_person()
        lines = (
            [row.id, write_datetime(row.at), who_acted(row.actor_name), action_label(row.action),
             kinds.get(row.record_type, row.record_type),
             *(("", "", "") if row.id in concealed
               else (row.number, as_text(seen_changes(row, person)), row.reason)),
             row.address, row.chain]
            for part in rows.partitions(_EXPORT_BATCH)
            for concealed in [concealed_entries(part, person)]
            for row in part
        )
        response = Response(
            stream_with_context(csv_parts(header, lines)), mimetype="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = (
            f'attachment; filename="audit-{utcnow():%Y%m%d}.csv"'
        )
        return response


class SignInLogView(AuditView):
    """Who signed in and out, and who was refused (登录日志)."""

    route_base = "/audit/sign-ins"
    class_permission_name = "core.SignInLog"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_export"]
    list_title = N_("Sign-in log")
    icon = "login-2"
    only = SIGN_INS


class OperationLogView(AuditView):
    """What people did once they were inside (操作日志)."""

    route_base = "/audit/operations"
    class_permission_name = "core.OperationLog"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_export"]
    list_title = N_("Operation log")
    icon = "list-details"
    never = SIGN_INS
