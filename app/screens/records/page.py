"""The page of a record: header, details, tabs, timeline, and the way to the next record."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.screens.bulk.record_actions import RecordActions
from app.screens.bulk.undo import UndoPage
from app.screens.forms.field_edit import FieldPage
from app.screens.records.additions import RecordAdditions
from app.screens.records.details import RecordDetails
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.records.tabs import TabsPage
from app.screens.records.timeline import Timeline
from app.screens.screen import Page, Screen
from app.web.permission_check import requires


class RecordPage(Page):
    """The page of one record.

    Args:
        screen: the screen.
        record_header: heading and badges.
        record_details: the values.
        record_actions: what can be done.
        field_page: which values are changed in their place.
        tabs_page: what else belongs to the record.
        record_additions: what other plugins put on it, and its links.
        timeline: what happened to it.
        origin: the list that one came from.
        undo_page: offers to take the last step back.
    """

    def __init__(
        self, screen: Screen, record_header: RecordHeader, record_details: RecordDetails,
        record_actions: RecordActions, field_page: FieldPage, tabs_page: TabsPage,
        record_additions: RecordAdditions, timeline: Timeline, origin: Origin,
        undo_page: UndoPage,
    ) -> None:
        super().__init__(screen)
        self._additions = record_additions
        self._header, self._details, self._actions = record_header, record_details, record_actions
        self._fields, self._tabs = field_page, tabs_page
        self._timeline, self._origin, self._undo = timeline, origin, undo_page

    def context(self, record: Any) -> dict[str, Any]:
        """Return further values for the template of the page."""
        return {}

    @expose("/show/<pk>")
    @requires("show")
    def show(self, pk: str) -> str:
        """Show one record."""
        screen = self.screen
        record = screen.get_or_404(pk)
        offers = [
            offer for offer in self._actions.offers(record) if self._actions.is_allowed(offer)
        ]
        # What usually comes next stands first, what cannot be done now last.
        offers.sort(key=lambda offer: (bool(offer.blocked_reason), not offer.primary))
        additions = self._additions.shown(record)
        sections = self._details.sections(record)
        if additions.facts:
            sections.append({"title": "", "fields": additions.facts, "empty": 0,
                             "is_empty": False})
        return screen.render(
            screen.declared.show_template, record=record, title=self._header.title(record),
            sections=sections, chips=[*self._header.badges(record), *additions.chips],
            added_actions=additions.actions, links=additions.links, offers=offers,
            tabs=self._tabs.tabs(record), **self._timeline.values(record),
            can_edit=screen.can("can_edit") and not screen.change_refusal(record),
            can_delete=screen.can("can_delete"), changeable=self._fields.changeable(record),
            can_comment=screen.can("can_comment") and hasattr(record, "__record_type__"),
            origin=self._origin.arguments(), undo=self._undo.pending(record),
            **self.context(record),
        )

    @expose("/step/<pk>/<way>")
    @requires("show")
    def step(self, pk: str, way: str) -> Response:
        """Go to the record before or after this one in the list one came from."""
        if way not in ("previous", "next"):
            abort(404)
        record = self.screen.get_or_404(pk)
        before, after = self.screen.datamodel.neighbours(self._origin.list_query(), record.id)
        target = before if way == "previous" else after
        if target is None:
            flash(
                gettext("This is the first one.") if way == "previous"
                else gettext("This is the last one."), "info",
            )
            target = record.id
        return redirect(self._origin.page_of(target))
