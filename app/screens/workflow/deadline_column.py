"""The deadline of a record in lists and at the head of its page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext

from app.database import db, utcnow
from app.deadlines import services as deadlines
from app.deadlines.clock_status import ClockStatus
from app.host.host import current_host
from app.i18n import N_
from app.lazy_texts import lazy_gettext
from app.screens.columns.columns import Column
from app.screens.contracts import Chip
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.records.deadline_badges import TONES, deadline_badges
from app.screens.records.header import RecordHeader
from app.web.formats import write_datetime
from app.web.theme import language

DEADLINE = "deadline"
_CLOCK_WORDS = {
    ClockStatus.OK: N_("Due %(when)s"),
    ClockStatus.WARNING: N_("Due soon: %(when)s"),
    ClockStatus.BREACHED: N_("Overdue since %(when)s"),
    ClockStatus.PAUSED: N_("Paused; was due %(when)s"),
    ClockStatus.STOPPED: N_("Done"),
}


class DeadlineColumn(ExtraColumns):
    """The badge of the clock that is due first, as a column of lists."""

    labels: ClassVar[Mapping[str, Any]] = {DEADLINE: lazy_gettext("Deadline")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the badge of the clock that is due first, for the rows of a page."""
        keys = [row[0] for row in rows]
        return {DEADLINE: deadline_badges(db.session, self.screen.model.__record_type__, keys)}

    def exported(self, name: str) -> Column | None:
        """Give the time that is due first for the badge of the list."""
        if name != DEADLINE:
            return super().exported(name)
        return dataclasses.replace(self.screen.describe("due_at"), label=self.labels[name])


class DeadlineHeader(RecordHeader):
    """A heading with a badge for each running clock."""

    def badges(self, record: Any) -> Sequence[Chip]:
        """Return a badge for each running clock."""
        kind = self.screen.model.__record_type__
        found = deadlines.chips(db.session, kind, [record.id], utcnow()).get(record.id, [])
        titles = self._clock_titles()
        shown = []
        for chip in found:
            if chip.status is ClockStatus.STOPPED:
                continue
            tone, icon, _word = TONES[chip.status]
            when = gettext(_CLOCK_WORDS[chip.status], when=write_datetime(chip.due_at))
            title = titles.get(chip.key, chip.key)
            shown.append(Chip(label=f"{title}: {when}", tone=tone, icon=icon))
        return shown

    def _clock_titles(self) -> dict[str, str]:
        return {
            rule.key: rule.titled(language())
            for item in current_host().contributions("register_deadline_policies")
            if item.record_type == self.screen.model.__record_type__
            for policy in item.policies
            for rule in policy.clocks
        }
