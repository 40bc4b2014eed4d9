"""Deleting a record, and the recycle bin from which it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from sqlalchemy import and_, func, select
from werkzeug.wrappers import Response

from app.database import db, utcnow
from app.errors import Conflict, Rejected, StaleRecord
from app.forms.build import translate
from app.people.services import names_of
from app.records.deleting import deletion_refusal
from app.records.files import FileStore
from app.records.mixin import is_binned
from app.records.purging import StillNeeded, purge, purge_due
from app.screens.columns.columns import label_of
from app.screens.records.header import RecordHeader
from app.screens.records.tabs import TabsPage
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, row_scope

_MOST_SHOWN = 200
# One request must not hold the database for long.
_MOST_PURGED = 500
# Sentences of plugins that one answer gives.
_MOST_REASONS = 5


def _days() -> int:
    return current_app.config["CARELINE_SETTINGS"].bin_days


class RecycleBinPage(Page):
    """Deletion, restoring and purging of the records of a screen.

    Args:
        screen: the screen.
        record_header: names the record.
        tabs_page: knows what belongs to a record.

    Class attributes:
        bin_template: what the list of deleted records is drawn with.
    """

    bin_template = "screens/records/bin.html"

    def __init__(
        self, screen: Screen, record_header: RecordHeader, tabs_page: TabsPage
    ) -> None:
        super().__init__(screen)
        self._header, self._tabs = record_header, tabs_page

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @requires("delete")
    def delete(self, pk: str) -> Response | tuple[str, int] | str:
        """Ask, then delete; only a POST deletes."""
        record = self.screen.get_or_404(pk)
        if request.method == "GET":
            refused = deletion_refusal(
                db.session, actor(), self.screen.operations, record)
            return self.screen.render(
                "screens/records/delete.html", record=record, title=self._header.title(record),
                partial=is_partial(), belongings=self._tabs.belongings(record),
                refused=None if refused is None else translate(refused),
            )
        version = whole_number(request.form.get("version"))
        try:
            self.screen.operations.delete(db.session, actor(), record, version)
        except StaleRecord:
            flash(gettext("Someone changed it meanwhile. Look again before you delete."), "danger")
        except Conflict:
            flash(gettext("Other records belong to it, so it cannot be deleted."), "danger")
        except Rejected as error:
            flash(translate(error.message), "danger")
        else:
            text = gettext("%(record)s has been deleted.", record=str(record))
            if hasattr(record, "deleted_at"):
                # Kept in the signed session until the next page, which offers to take it back.
                flash(
                    [text, self.screen.url("restore", pk=record.id)],  # pyright: ignore[reportArgumentType] -- JSON
                    "undo")
            else:
                flash(text, "success")
            return go_to(self.screen.url("list"))
        return go_to(self.screen.url("show", pk=pk))

    # --- recycle bin -------------------------------------------------------------------------
    def _binned(self) -> Any:
        model = self.screen.model
        if "deleted_at" not in model.__mapper__.columns:
            abort(404)
        return and_(row_scope(model), is_binned(model))

    @expose("/bin/")
    @requires("delete")
    def bin(self) -> str:
        """Show what has been deleted and can be restored, the latest first."""
        model = self.screen.model
        condition = self._binned()
        text = request.args.get("q", "").replace("\x00", "").strip()[:100]
        statement = (
            select(model.id, label_of(model).label("label"), model.deleted_at, model.updated_by_id)
            .where(condition).order_by(model.deleted_at.desc(), model.id.desc())
            .limit(_MOST_SHOWN + 1)
        )
        if text:
            statement = statement.where(label_of(model).icontains(text, autoescape=True))
        rows = db.session.execute(statement).all()
        names = names_of(db.session, {row.updated_by_id for row in rows} - {None})
        return self.screen.render(
            self.bin_template, rows=rows[:_MOST_SHOWN], names=names, text=text,
            more=len(rows) > _MOST_SHOWN, most=_MOST_SHOWN, days=_days(),
            due=self._due_count(), **self.context([row.id for row in rows]),
        )

    def context(self, keys: Sequence[int]) -> dict[str, Any]:
        """Return further values for the template of the bin.

        Args:
            keys: of the records that it shows.
        """
        return {}

    # --- purging -----------------------------------------------------------------------------
    def _due(self) -> Any:
        """Return the condition of what may be purged, by those who may."""
        if not actor().can("can_purge", "core.RecycleBin"):
            abort(403)
        return and_(self._binned(), purge_due(self.screen.model, utcnow(), _days()))

    def _due_count(self) -> int:
        if not actor().can("can_purge", "core.RecycleBin"):
            return 0
        return db.session.scalar(
            select(func.count()).select_from(self.screen.model).where(self._due())
        ) or 0

    @expose("/purge", methods=["GET", "POST"])
    @requires("delete")
    def purge(self) -> Response | str:
        """Ask, then purge what has lain in the recycle bin longer than the retention."""
        model, due = self.screen.model, self._due()
        if request.method == "GET":
            return self.screen.render(
                "screens/records/purge.html", number=self._due_count(), days=_days(),
                most=_MOST_PURGED, partial=is_partial(),
            )
        store = FileStore(current_app.config["CARELINE_SETTINGS"])
        keys = db.session.scalars(
            select(model.id).where(due).order_by(model.deleted_at, model.id).limit(_MOST_PURGED)
        ).all()
        done, kept, denied = 0, [], []
        for key in keys:
            record = db.session.get(model, key)
            if record is None:
                continue
            try:
                purge(db.session, actor(), store, record)
                done += 1
            except StillNeeded as needed:
                kept.append(needed.number)
            except Rejected as error:
                denied.append((record.number, error.message))
        if done:
            flash(ngettext("%(num)s record has been purged.", "%(num)s records have been purged.",
                           done), "success")
        if kept:
            flash(gettext("Other records refer to these, so they stay: %(records)s",
                          records=", ".join(kept[:20])), "warning")
        for number, reason in denied[:_MOST_REASONS]:
            flash(gettext("%(record)s stays: %(reason)s",
                          record=number, reason=translate(reason)), "warning")
        return go_to(self.screen.url("bin"))

    @expose("/restore/<pk>", methods=["POST"])
    @requires("delete")
    def restore(self, pk: str) -> Response:
        """Take a record out of the recycle bin."""
        key = self.screen.datamodel.parse_key(pk)
        condition = self._binned()
        record = None if key is None else db.session.scalar(
            select(self.screen.model).where(self.screen.datamodel.key == key, condition)
        )
        if record is None:
            abort(404)
        self.screen.operations.restore(db.session, actor(), record)
        flash(gettext("%(record)s has been restored.", record=str(record)), "success")
        return redirect(self.screen.url("show", pk=record.id) if self.screen.can("can_show")
                        else self.screen.url("list"))
