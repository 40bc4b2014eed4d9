"""Linking a record with another one of any kind by hand, and taking such a link away."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, jsonify, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.collaboration.links import RELATED, is_linked, link, unlink
from app.collaboration.references import get
from app.database import db
from app.records.mixin import named
from app.screens.query.record_search import cleaned, records_found, records_numbered
from app.screens.records.comments import numbered_record
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial
from app.web.texts import translated

_EACH = 5
_UNPROCESSABLE = 422


class LinksPage(Page):
    """Links that people make: "related". What an act has linked stays linked.

    Args:
        screen: the screen.
        record_header: names the record.
        origin: the list that one came from.
    """

    def __init__(self, screen: Screen, record_header: RecordHeader, origin: Origin) -> None:
        super().__init__(screen)
        self._header, self._origin = record_header, origin

    @expose("/link/<pk>", methods=["GET", "POST"])
    @requires("comment")
    def link(self, pk: str) -> BaseResponse | tuple[str, int] | str:
        """Ask for the other record, and link it."""
        record = numbered_record(self.screen, pk)
        if request.method == "GET":
            return self._page(record)
        other = _chosen(request.form.get("other", ""))
        if other is None:
            return self._page(record, gettext("Choose a record that you may see.")), _UNPROCESSABLE
        if other is record:
            return self._page(
                record, gettext("A record cannot be linked with itself.")), _UNPROCESSABLE
        if is_linked(db.session, record, other):
            flash(gettext("%(number)s is linked already.", number=other.number), "info")
        else:
            link(db.session, actor(), record, other)
            flash(gettext("%(number)s is linked now.", number=other.number), "success")
        return go_to(self._origin.page_of(record.id))

    @expose("/link/<pk>/options")
    @requires("comment")
    def link_options(self, pk: str) -> Response:
        """Return records of every kind that can be linked, as a person types."""
        record = numbered_record(self.screen, pk)
        text = cleaned(request.args.get("q", ""))
        hits = [*records_numbered(text), *(
            (screen, hit) for screen, found in records_found(text, _EACH) for hit in found)]
        options = {
            f"{screen.model.__record_type__}:{hit.id}":
                f"{translated(screen.record_label)} {named(hit.number, hit.title)}"
            for screen, hit in hits
        }
        options.pop(f"{record.__record_type__}:{record.id}", None)
        return jsonify(options=[
            {"value": value, "label": label} for value, label in options.items()])

    @expose("/unlink/<pk>", methods=["POST"])
    @requires("comment")
    def unlink(self, pk: str) -> BaseResponse:
        """Take away a link that somebody made."""
        record = numbered_record(self.screen, pk)
        other = _chosen(request.form.get("other", ""))
        if other is None:
            abort(404)
        for one, two in ((record, other), (other, record)):
            if unlink(db.session, actor(), one, two, RELATED):
                flash(gettext("%(number)s is no longer linked.", number=other.number), "success")
        return go_to(self._origin.page_of(record.id))

    def _page(self, record: Any, problem: str = "") -> str:
        return self.screen.render(
            "screens/records/link.html", record=record, title=self._header.title(record),
            problem=problem, partial=is_partial(), next_url=self._origin.page_of(record.id))


def _chosen(value: str) -> Any | None:
    """Return the record that a choice stands for, if the caller may see it."""
    record_type, _, key = value.partition(":")
    number = whole_number(key)
    return None if number is None else get(db.session, actor(), record_type, number)
