"""The base view of records that a workflow drives: offers, deadlines, log, drawing.

Everything that may be done is asked of the engine; the view adds no rule of its own.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.database import db, utcnow, write
from app.deadlines import services as deadlines
from app.deadlines.clock_status import ClockStatus
from app.forms.build import form_class, translate
from app.host.host import current_host
from app.i18n import N_
from app.records.services import StaleRecord
from app.screens.columns.columns import Column
from app.screens.contracts import ActionOffer, Chip, Choice, Refused, Stale, TimelineEntry
from app.screens.records.deadline_badges import TONES, deadline_badges
from app.screens.view import RecordView
from app.screens.workflow.board import WorkflowBoard
from app.screens.workflow.diagram_page import FlowPages
from app.screens.workflow.extensions import ExtensionPages
from app.screens.workflow.row_actions import RowSteps
from app.web.formats import write_datetime
from app.web.request import actor
from app.web.texts import translated
from app.web.theme import language
from app.workflow import services as workflow
from app.workflow.deadline_sync import clocks_follow
from app.workflow.definition import Category, Evidence, Transition, Workflow
from app.workflow.engine import LONGEST_COMMENT, Standing

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


@functools.lru_cache(maxsize=512)
def form_of(transition: Transition) -> type[FlaskForm] | None:
    """Return the form that a transition asks for, or ``None`` when it asks for nothing."""
    if not (transition.form or transition.outcomes or transition.evidence):
        return None
    fields: dict[str, Any] = {}
    if transition.outcomes:
        fields["outcome"] = RadioField(
            _lazy(N_("Outcome")), [InputRequired()],
            choices=[SelectChoice(one.value, _lazy(one.label)) for one in transition.outcomes],
        )
    if Evidence.COMMENT in transition.evidence:
        fields["comment"] = TextAreaField(
            _lazy(N_("Comment")), [InputRequired(), Length(max=LONGEST_COMMENT)]
        )
    base = form_class(transition.form) if transition.form else FlaskForm
    return type(f"{transition.name.title()}Form", (base,), fields)


def _lazy(message: str) -> Any:
    from app.web.language import lazy

    return lazy(message)


class WorkflowView(ExtensionPages, FlowPages, WorkflowBoard, RowSteps, RecordView):
    """Screens of a model with the ``WorkflowRecord`` mixin.

    Class attributes:
        workflow_name: name of the workflow that drives the records.
        offer_icons: icons of transitions by name.
    """

    workflow_name = ""
    offer_icons: Mapping[str, str] = {}
    show_template = "screens/workflow/record.html"

    # --- definition --------------------------------------------------------------------------
    def shipped(self) -> Workflow:
        """Return the workflow as shipped, for labels of states."""
        for binding in current_host().contributions("register_workflows"):
            if binding.workflow.name == self.workflow_name:
                return binding.workflow
        raise LookupError(f"{type(self).__name__}: no workflow is named {self.workflow_name!r}")

    def choices_of(self, column: str) -> Sequence[Choice]:
        """Return the states as choices of the column ``state``."""
        if column != "state":
            return super().choices_of(column)
        return [
            Choice(state.name, state.label, *_TONES[state.category])
            for state in self.shipped().states
        ]

    # --- offers ------------------------------------------------------------------------------
    def offers(self, record: Any) -> Sequence[ActionOffer]:
        """Return the transitions that the engine allows or blocks with a reason."""
        if record.workflow_id is None:
            return ()
        return [
            self._offer_of(offer.transition, translate(offer.reason) if offer.reason else "")
            for offer in workflow.offers(db.session, actor(), record)
            if offer.standing is not Standing.FORBIDDEN
        ]

    def bulk_offers(self) -> Sequence[ActionOffer]:
        """Return the transitions that may be taken for many records."""
        return [self._offer_of(one, "") for one in self.shipped().transitions if one.bulk]

    def _offer_of(self, transition: Transition, reason: str) -> ActionOffer:
        return ActionOffer(
            name=transition.name,
            label=transition.label,
            icon=self.offer_icons.get(transition.name, ""),
            primary=transition.primary,
            blocked_reason=reason,
            form=form_of(transition),
            confirm=transition.confirm,
            permission="",  # The workflow says who may take it, not a right to edit fields.
            bulk=transition.bulk,
        )

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

    def act(self, record: Any, name: str, values: Mapping[str, Any], version: int | None) -> Any:
        """Take a transition through the engine."""
        try:
            done = workflow.perform(db.session, actor(), record, name, values, version)
        except StaleRecord as stale:
            raise Stale(stale.record) from stale
        except workflow.AlreadyTaken as taken:
            raise Refused(
                gettext("%(name)s has taken it already.", name=taken.holder_name)
            ) from taken
        except workflow.NotAllowed as refused:
            raise Refused(translate(refused.reason)) from refused
        except workflow.Invalid as invalid:
            raise Refused(self._invalid_text(invalid)) from invalid
        label = self.shipped_label(done.plan.target)
        return gettext("%(number)s is now: %(state)s", number=record.number, state=label)

    def _invalid_text(self, invalid: workflow.Invalid) -> str:
        parts = []
        for name, message in invalid.errors.items():
            column = self.columns.get(name.removesuffix("_id"))
            label = f"{translated(column.label)}: " if column is not None else ""
            parts.append(label + translate(message))
        return " ".join(parts)

    def shipped_label(self, state: str) -> str:
        """Return the shown name of a state."""
        for choice in self.choices_of("state"):
            if choice.value == state:
                return translated(choice.label)
        return state

    # --- changing ----------------------------------------------------------------------------
    def change_record(self, record: Any, values: Mapping[str, Any], version: int | None) -> None:
        """Change a record; its deadlines follow what they depend on."""
        with write(db.session):
            before = workflow.facts_of(record)
            super().change_record(record, values, version)
            clocks_follow(db.session, actor(), record, before)

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
