"""Which records bulk work left out, and why: the first in a note, all of them on a page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask import flash
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from markupsafe import Markup

from app.database import db
from app.forms.build import translate
from app.i18n import LinkedText
from app.records.bulk import RecordOutcome
from app.screens.preferences import keep_preference, read_preference
from app.screens.screen import Page
from app.web.permission_check import requires
from app.web.request import actor

REASONS_SHOWN = 5
_LONGEST_NAME = 60
_PLACE = "\0"


def name_of(record: Any) -> str:
    """Return what a note calls a record: its number, else the beginning of its name."""
    return getattr(record, "number", None) or str(record)[:_LONGEST_NAME]


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that bulk work left out.

    Attributes:
        reason: why, in the language of the page.
        name: its number, or what it is called; empty where the person may not see it.
        key: its primary key; 0 where nothing is to be opened.
        address: path of a page that helps on; empty without one.
        link_text: what the link to it is called.
    """

    reason: str
    name: str = ""
    key: int = 0
    address: str = ""
    link_text: str = ""

    @classmethod
    def of_outcome(cls, outcome: RecordOutcome) -> LeftOut:
        """Return what bulk work says of a record that it left out."""
        reason = translate(outcome.reason) if outcome.reason is not None else ""
        link = (reason.address, reason.link_text) if isinstance(reason, LinkedText) else ("", "")
        if outcome.record is None:
            return cls(str(reason), "", 0, *link)
        return cls(str(reason), name_of(outcome.record), outcome.record_id, *link)

    @property
    def explanation(self) -> str:
        """Why, with the link that helps on."""
        return self._linked(self.reason)

    def __str__(self) -> str:
        return self.reason if not self.name else gettext(
            "%(record)s: %(reason)s", record=self.name, reason=self.reason)

    @property
    def line(self) -> str:
        """Which record and why, with the link that helps on."""
        return self._linked(str(self))

    def _linked(self, text: str) -> str:
        return LinkedText(text, self.address, self.link_text) if self.address else text


class SkippedPage(Page):
    """What bulk work of a screen could not do."""

    def _name(self) -> str:
        return f"left_out:{self.screen.class_permission_name}"

    def flash(self, left: Sequence[LeftOut]) -> None:
        """Tell which records were left out of bulk work, and why; many of them on a page."""
        if not left:
            return
        lines = {str(one): one.line for one in left[:REASONS_SHOWN]}
        # The sentence is markup only after it has been escaped: links come into it afterwards.
        before, _, after = ngettext(
            "%(num)s record was left out: %(reasons)s",
            "%(num)s records were left out: %(reasons)s", len(left), reasons=_PLACE,
        ).partition(_PLACE)
        text = Markup("{}{}{}").format(before, Markup("; ").join(lines.values()), after)
        if len(left) > REASONS_SHOWN:
            # A note travels in a cookie: the whole list would not fit.
            keep_preference(db.session, actor(), self._name(), {
                "records": [dataclasses.asdict(one) for one in left],
            })
            text = Markup('{} … <a href="{}">{}</a>').format(
                text, self.screen.url("left_out"), gettext("Show all")
            )
        flash(text, "warning")

    @expose("/bulk/left-out")
    @requires("list")
    def left_out(self) -> str:
        """Show every record that the caller's last large bulk work on this list left out."""
        kept = read_preference(db.session, actor(), self._name())
        left = [LeftOut(**one) for one in kept.get("records", ())]
        found = {row.id: row for row in self.screen.datamodel.get_many([one.key for one in left])}
        return self.screen.render("screens/bulk/left_out.html", lines=[
            (found.get(one.key), one) for one in left if not one.key or one.key in found
        ])
