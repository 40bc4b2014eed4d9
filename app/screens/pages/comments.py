"""Comments on a record page."""

from __future__ import annotations

from flask import abort, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.database import db
from app.records.comments import comment
from app.screens.access import requires
from app.screens.context import actor, is_partial

_LONGEST_COMMENT = 10_000


class CommentPages:
    """Comments of a record view."""

    @expose("/comment/<pk>", methods=["POST"])
    @requires("comment")
    def comment(self, pk: str) -> Response | str:
        """Put a comment on a record."""
        record = self.found(pk)
        text = request.form.get("text", "").replace("\x00", "").strip()
        if not text or len(text) > _LONGEST_COMMENT:
            abort(400, description=gettext("Write something first, but no novel."))
        kind = "progress" if request.form.get("kind") == "progress" else "comment"
        comment(db.session, actor(), record, text, kind)
        if is_partial():
            return self.render_template(
                "screens/parts/timeline.html", view=self, record=record,
                entries=self.timeline(record),
            )
        return redirect(self.url("show", pk=record.id))
