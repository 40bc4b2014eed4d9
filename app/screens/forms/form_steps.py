"""A step of a workflow that is taken with the form of a record, in one transaction.

Who takes a call often knows what the next step asks, and who looks into a case corrects what was
written down: both are filled in on one page and saved with one button, or neither is.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm

from app.database import db
from app.errors import Invalid, Rejected
from app.screens.bulk.action_forms import offer_of
from app.screens.bulk.record_actions import RecordActions
from app.screens.contracts import ActionOffer
from app.screens.screen import Screen
from app.web.request import actor
from app.web.texts import translated
from app.workflow.operations import WorkflowOperations

BUTTON, BUTTON_AND_NEXT = "with_step", "with_step_next"
"""Names of the buttons that save with the step; the second leads on to the next record."""
_PREFIX = "step-"


@dataclasses.dataclass(slots=True)
class FormStep:
    """The step that the form of a record offers beside its fields.

    Attributes:
        offer: the step.
        form: its fields, filled with what was sent.
        refused: why it could not be taken.
    """

    offer: ActionOffer
    form: FlaskForm
    refused: Rejected | Invalid | None = None

    @property
    def title(self) -> str:
        """Heading of its part of the form."""
        return translated(self.offer.label)

    @property
    def button(self) -> str:
        """Text of the button that saves with it."""
        return gettext("Save and %(step)s", step=self.title.lower())

    @property
    def button_and_next(self) -> str:
        """Text of the button that leads on to the next record as well."""
        return gettext("Save, %(step)s and next", step=self.title.lower())

    @property
    def is_wanted(self) -> bool:
        """Whether the form was sent with one of the step's buttons."""
        return self.offer.name in (request.form.get(BUTTON), request.form.get(BUTTON_AND_NEXT))

    @staticmethod
    def sent() -> list[tuple[str, str]]:
        """Return what was sent of a step, by name, for a page that asks something in between."""
        return [(name, value) for name in request.form for value in request.form.getlist(name)
                if name in (BUTTON, BUTTON_AND_NEXT) or name.startswith(_PREFIX)]

    def take(self, screen: Screen, record: Any) -> None:
        """Take the step, in the transaction that has made or changed the record.

        Args:
            screen: screen of the record.
            record: the record.

        Raises:
            Rejected, Invalid: the rules do not allow it.
        """
        values = screen.part(RecordActions).values(self.form)
        try:
            screen.operations.act(db.session, actor(), record, self.offer.name, values)
        except (Rejected, Invalid) as error:
            self.refused = error
            raise


def first_step_of(screen: Screen) -> FormStep | None:
    """Return the step that the form of a new record offers to the caller, if any.

    Args:
        screen: the screen.
    """
    operations, name = screen.operations, screen.declared.first_step
    if not name or not isinstance(operations, WorkflowOperations):
        return None
    action = operations.step_at_once(db.session, actor(), name)
    if action is None:
        return None
    offer = offer_of(action, screen.declared.action_forms)
    # The form of the record has been checked for forgery already.
    return FormStep(offer, (offer.form or FlaskForm)(prefix=_PREFIX, meta={"csrf": False}))


def step_of(screen: Screen, record: Any) -> FormStep | None:
    """Return the step that the form of a record offers to the caller, if any.

    Args:
        screen: the screen.
        record: the record as it is now.
    """
    wanted = screen.declared.form_steps
    if not wanted:
        return None
    actions = screen.part(RecordActions)
    for offer in actions.offers(record):
        if offer.name in wanted and not offer.blocked_reason and actions.is_allowed(offer):
            return FormStep(offer, (offer.form or FlaskForm)(
                prefix=_PREFIX, meta={"csrf": False}, **actions.defaults(offer.name, record)))
    return None
