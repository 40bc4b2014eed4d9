"""The base view of records that a workflow drives: offers, deadlines, log, drawing.

Everything that may be done is asked of the engine; the view adds no rule of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from app.database import db, utcnow
from app.deadlines import services as deadlines
from app.deadlines.clock_status import ClockStatus
from app.host.host import current_host
from app.i18n import N_
from app.screens.columns.columns import Column
from app.screens.contracts import Chip, Choice, TimelineEntry
from app.screens.records.deadline_badges import TONES, deadline_badges
from app.screens.view import RecordView
from app.screens.workflow.board import WorkflowBoard
from app.screens.workflow.diagram_page import FlowPages
from app.screens.workflow.extensions import ExtensionPages
from app.screens.workflow.row_actions import RowSteps
from app.web.formats import write_datetime
from app.web.texts import translated
from app.web.theme import language
from app.workflow import services as workflow
from app.workflow.definition import Category, Workflow

_TONES = {
    Category.OPEN: ("calm", "progress"),
    Category.WAITING: ("warn", "hourglass"),
    Category.DONE: ("good", "circle-check"),
    Category.CANCELLED: ("still", "circle-minus"),
}
_CLOCK_WORDS = {
    ClockStatus.OK: N_("Due %(when)s"),
    ClockStatus.WARNING: N_("Due soon: %(when)s"),
    ClockStatus.BREACHED: N_("Overdue since %(when)s"),
    ClockStatus.PAUSED: N_("Paused; was due %(when)s"),
    ClockStatus.STOPPED: N_("Done"),
}


def _lazy(message: str) -> Any:
    from app.web.language import lazy

    return lazy(message)


class WorkflowView(ExtensionPages, FlowPages, WorkflowBoard, RowSteps, RecordView):
    """Screens of a model with the ``WorkflowRecord`` mixin.

    Class attributes:
    """

    show_template = "screens/workflow/record.html"

    # --- definition --------------------------------------------------------------------------
    def shipped(self) -> Workflow:
        """Return the workflow as shipped, for labels of states."""
        return self.operations.shipped

    def choices_of(self, column: str) -> Sequence[Choice]:
        """Return the states as choices of the column ``state``."""
        if column != "state":
            return super().choices_of(column)
        return [
            Choice(state.name, state.label, *_TONES[state.category])
            for state in self.shipped().states
        ]

    # --- actions -----------------------------------------------------------------------------
    def action_defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Fill a transition's form with what the record holds in columns of the same names."""
        if record is None:
            return {}
        transition = next(
            (one for one in workflow.workflow_of(db.session, record).transitions
             if one.name == name), None,
        )
        if transition is None or transition.form is None:
            return {}
        return {
            field.name: value
            for field in transition.form.fields
            if (value := getattr(record, field.name, None)) not in (None, "")
        }

    def shipped_label(self, state: str) -> str:
        """Return the shown name of a state."""
        for choice in self.choices_of("state"):
            if choice.value == state:
                return translated(choice.label)
        return state

    # --- deadlines ---------------------------------------------------------------------------
    def extra_columns(self) -> Mapping[str, Any]:
        """Add the deadline chip as a column of lists."""
        return {**super().extra_columns(), "deadline": _lazy(N_("Deadline"))}

    def extra_cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the chip of the clock that is due first, for the rows of a page."""
        cells = dict(super().extra_cells(rows))
        cells["deadline"] = deadline_badges(
            db.session, self._record_type(), [row[0] for row in rows]
        )
        return cells

    def exported_column(self, name: str) -> Column | None:
        """Give the time that is due first for the chip of the list."""
        if name != "deadline":
            return super().exported_column(name)
        return dataclasses.replace(self._described("due_at"), label=self.extra_columns()[name])

    def _record_type(self) -> str:
        return self.datamodel.obj.__record_type__

    def header_chips(self, record: Any) -> Sequence[Chip]:
        """Return a chip for each running clock."""
        found = deadlines.chips(
            db.session, self._record_type(), [record.id], utcnow()
        ).get(record.id, [])
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
            if item.record_type == self._record_type()
            for policy in item.policies
            for rule in policy.clocks
        }

    # --- timeline ----------------------------------------------------------------------------
    def told(self, record: Any, entries: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
        """Name transitions in what happened; their changes of fields stay with them."""
        labels = {one.name: one.label for one in self.shipped().transitions}
        lines = [line for line in workflow.log(db.session, record) if line.transition]
        entries = list(super().told(record, entries))
        places = [i for i, entry in enumerate(entries) if entry.kind == "transition"]
        # Newest first here, oldest first there; both are written in one transaction.
        for place, line in zip(places, reversed(lines), strict=False):
            action = translated(labels.get(line.transition, line.transition))
            target = self.shipped_label(line.target)
            entries[place] = dataclasses.replace(
                entries[place], text=line.comment, icon="arrow-right",
                what=action if line.source == line.target else f"{action} → {target}",
                # The state stands in the line already.
                changes=tuple(change for change in entries[place].changes
                              if change.label is not self.columns["state"].label),
            )
        return entries
