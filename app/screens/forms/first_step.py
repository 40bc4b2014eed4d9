"""The first step of a workflow, taken with the form for a new record in one transaction.

Who takes a call often knows what the next step asks: both are filled in on one page and saved with
one button, or neither is.
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

BUTTON = "with_step"
"""Name of the button that saves with the step."""
_PREFIX = "step-"


@dataclasses.dataclass(slots=True)
class FirstStep:
    """The step that a form for a new record offers beside its fields.

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
    def is_wanted(self) -> bool:
        """Whether the form was sent with the step's button."""
        return request.form.get(BUTTON) == self.offer.name

    def take(self, screen: Screen, record: Any) -> None:
        """Take the step, in the transaction that has made the record.

        Args:
            screen: screen of the record.
            record: the new record.

        Raises:
            Rejected, Invalid: the rules do not allow it.
        """
        values = screen.part(RecordActions).values(self.form)
        try:
            screen.operations.act(db.session, actor(), record, self.offer.name, values)
        except (Rejected, Invalid) as error:
            self.refused = error
            raise


def first_step_of(screen: Screen) -> FirstStep | None:
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
    return FirstStep(offer, (offer.form or FlaskForm)(prefix=_PREFIX, meta={"csrf": False}))
