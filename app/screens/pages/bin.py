"""Deleting a record, and the recycle bin from which it can be taken back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import and_, select
from werkzeug.wrappers import Response

from app.database import db
from app.people.services import names_of
from app.records.services import restore
from app.screens import saving
from app.screens.access import requires
from app.screens.columns import label_of
from app.screens.context import actor, is_partial, row_scope
from app.screens.limits import whole_number
from app.screens.offers import Refused, Stale

_MOST_SHOWN = 200


class BinPages:
    """Deletion of a record view."""

    def remove_record(self, record: Any, version: int | None) -> None:
        """Delete a row; override to call a service.

        Raises:
            Refused: it cannot be deleted, with a sentence.
            Stale: someone else changed it meanwhile.
        """
        saving.delete(db.session, actor(), record, version)

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @requires("delete")
    def delete(self, pk: str) -> Response | tuple[str, int] | str:
        """Ask, then delete; only a POST deletes."""
        record = self.found(pk)
        if request.method == "GET":
            return self.render_template(
                "screens/delete.html", view=self, record=record, title=self.record_title(record),
                partial=is_partial(),
            )
        version = whole_number(request.form.get("version"))
        try:
            with saving.conflicts():
                self.remove_record(record, version)
        except Refused as error:
            flash(str(error.message), "danger")
        except Stale:
            flash(gettext("Someone changed it meanwhile. Look again before you delete."), "danger")
        except saving.Conflict:
            flash(gettext("Other records belong to it, so it cannot be deleted."), "danger")
        else:
            text = gettext("%(record)s has been deleted.", record=str(record))
            if hasattr(record, "deleted_at"):
                # Kept in the signed session until the next page, which offers to take it back.
                flash([text, self.url("restore", pk=record.id)], "undo")
            else:
                flash(text, "success")
            address = self.url("list")
            if is_partial():
                return Response("", headers={"HX-Redirect": address})
            return redirect(address)
        return redirect(self.url("show", pk=pk))

    # --- recycle bin -------------------------------------------------------------------------
    def _binned(self) -> Any:
        model = self.datamodel.obj
        if "deleted_at" not in model.__mapper__.columns:
            abort(404)
        return and_(row_scope(model), model.deleted_at.is_not(None))

    @expose("/bin/")
    @requires("delete")
    def bin(self) -> str:
        """Show what has been deleted and can be restored, the latest first."""
        model = self.datamodel.obj
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
        return self.render_template(
            "screens/bin.html", view=self, rows=rows[:_MOST_SHOWN], names=names, text=text,
            more=len(rows) > _MOST_SHOWN, most=_MOST_SHOWN,
        )

    @expose("/restore/<pk>", methods=["POST"])
    @requires("delete")
    def restore(self, pk: str) -> Response:
        """Take a record out of the recycle bin."""
        key = self.datamodel.parse_key(pk)
        condition = self._binned()
        record = None if key is None else db.session.scalar(
            select(self.datamodel.obj).where(self.datamodel.key == key, condition)
        )
        if record is None:
            abort(404)
        restore(db.session, actor(), record)
        flash(gettext("%(record)s has been restored.", record=str(record)), "success")
        return redirect(self.url("show", pk=record.id) if self.can("can_show")
                        else self.url("list"))
