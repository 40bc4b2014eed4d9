"""Deleting a record, and the recycle bin from which it can be taken back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.database import db
from app.screens import saving
from app.screens.access import requires
from app.screens.context import actor, is_partial
from app.screens.offers import Refused, Stale


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
        version = request.form.get("version", "")
        try:
            self.remove_record(record, int(version) if version.isdigit() else None)
        except Refused as error:
            flash(str(error.message), "danger")
        except Stale:
            flash(gettext("Someone changed it meanwhile. Look again before you delete."), "danger")
        except saving.Conflict:
            flash(gettext("Other records belong to it, so it cannot be deleted."), "danger")
        else:
            flash(gettext("%(record)s has been deleted.", record=str(record)), "success")
            return redirect(self.url("list"))
        return redirect(self.url("show", pk=pk))
