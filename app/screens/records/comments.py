"""Comments on a record page, and the earlier part of its timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.database import db
from app.records.comments import comment, people_who_see
from app.records.followers import follow, look
from app.records.mentions import Names, read_names
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.records.timeline import Timeline
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, is_partial

_LONGEST_COMMENT = 10_000
_MOST_SENT = 50
_MOST_SKIPPED = 20_000


def numbered_record(screen: Screen, pk: str) -> Any:
    """Return the record with a key.

    Raises:
        NotFound: there is none, the caller may not see it, or rows of this table are no records.
    """
    record = screen.get_or_404(pk)
    if not hasattr(record, "__record_type__"):
        abort(404)
    return record


class CommentsPage(Page):
    """Comments of a record, who follows it, and who has it open.

    Args:
        screen: the screen.
        record_header: names the record.
        timeline: shows the comments among what else happened.
        origin: the list that one came from.
    """

    def __init__(
        self, screen: Screen, record_header: RecordHeader, timeline: Timeline, origin: Origin
    ) -> None:
        super().__init__(screen)
        self._header, self._timeline, self._origin = record_header, timeline, origin

    @expose("/people/<pk>")
    @requires("comment")
    def people(self, pk: str) -> Response:
        """Return people whom a comment can name: those who may see the record."""
        record = numbered_record(self.screen, pk)
        text = request.args.get("q", "").replace("\x00", "").strip()[:50]
        found = people_who_see(db.session, record, text, self.screen.class_permission_name)
        return jsonify(people=[
            {"id": key, "name": name, "remark": department} for key, name, department in found
        ])

    @expose("/follow/<pk>", methods=["POST"])
    @requires("show")
    def follow(self, pk: str) -> Response | str:
        """Follow a record, or no longer."""
        record = numbered_record(self.screen, pk)
        follow(db.session, actor(), record, request.form.get("following") == "1")
        if is_partial():
            return self._watch_part(record)
        return redirect(self._origin.page_of(record.id))

    @expose("/presence/<pk>", methods=["POST"])
    @requires("show")
    def presence(self, pk: str) -> str:
        """Note that the caller has the record open; say who else has, and whether one follows."""
        return self._watch_part(numbered_record(self.screen, pk))

    def _watch_part(self, record: Any) -> str:
        editing = "editing" in request.form
        watch = look(db.session, actor(), record, editing)
        return self.screen.render(
            "screens/records/_watch.html", record=record, others=watch.others,
            following=watch.following, editing=editing,
        )

    @expose("/timeline/<pk>")
    @requires("show")
    def earlier_entries(self, pk: str) -> str:
        """Show entries of the timeline that come before those that the page began with."""
        skip = whole_number(request.args.get("skip", ""))
        if skip is None or not 0 <= skip <= _MOST_SKIPPED:
            abort(404)
        record = self.screen.get_or_404(pk)
        return self.screen.render(
            "screens/records/timeline.html", record=record, partial=is_partial(),
            title=self._header.title(record), **self._timeline.values(record, skip),
        )

    @expose("/comment/<pk>", methods=["POST"])
    @requires("comment")
    def comment(self, pk: str) -> Response | str:
        """Put a comment on a record."""
        record = numbered_record(self.screen, pk)
        text = request.form.get("text", "").replace("\x00", "").strip()
        if not text or len(text) > _LONGEST_COMMENT:
            abort(400, description=gettext("Write something first, but no novel."))
        sent = request.form.getlist("mention")[:_MOST_SENT]
        chosen = [key for text in sent if (key := whole_number(text))]
        names = read_names(db.session, record, text, chosen, self.screen.class_permission_name)
        comment(db.session, actor(), record, text, mentions=names.people,
                view=self.screen.class_permission_name)
        remarks = _remarks(names)
        if is_partial():
            return self.screen.render(
                "screens/records/_timeline.html", record=record, remarks=remarks,
                **self._timeline.values(record),
            )
        for remark in remarks:
            flash(remark, "warning")
        return redirect(self._origin.page_of(record.id))


def _remarks(names: Names) -> list[str]:
    """Return what the writer has to know of names that told nobody."""
    found = []
    if names.unknown:
        found.append(gettext(
            "Nobody who may see this record is called %(names)s: nobody was told.",
            names=_listed(names.unknown),
        ))
    if names.several:
        found.append(gettext(
            "Several people are called %(names)s: choose one from the list while you type.",
            names=_listed(names.several),
        ))
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"@{name}" for name in names)
