"""What operations offer, as buttons and dialogs: labels, WTForms, reasons."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.forms.build import form_class, translate
from app.forms.choices import SelectChoice
from app.forms.definition import Form
from app.i18n import N_
from app.records.actions import AvailableAction
from app.screens.contracts import ActionOffer
from app.web.language import lazy

LONGEST_COMMENT = 20_000


@functools.lru_cache(maxsize=512)
def action_form(
    name: str, form: Form | None, outcomes: tuple[tuple[str, str], ...], comment: bool
) -> type[FlaskForm] | None:
    """Return the form that an action asks for, or ``None`` when it asks for nothing.

    Args:
        name: name of the action.
        form: fields to fill.
        outcomes: pairs of value and message id, of which one is chosen.
        comment: whether a comment is asked for.
    """
    if not (form or outcomes or comment):
        return None
    fields: dict[str, Any] = {}
    if outcomes:
        fields["outcome"] = RadioField(
            lazy(N_("Outcome")), [InputRequired()],
            choices=[SelectChoice(value, lazy(label)) for value, label in outcomes],
        )
    if comment:
        fields["comment"] = TextAreaField(
            lazy(N_("Comment")), [InputRequired(), Length(max=LONGEST_COMMENT)]
        )
    base = form_class(form) if form else FlaskForm
    return cast("type[FlaskForm]", type(f"{name.title()}Form", (base,), fields))


def offer_of(
    action: AvailableAction, forms: Mapping[str, type[FlaskForm]] | None = None
) -> ActionOffer:
    """Return an action as a screen offers it.

    Args:
        action: what the operations of the record offer.
        forms: forms of a screen's own, by name of the action, for what a definition cannot ask,
            e.g. a password.
    """
    own: Callable[..., FlaskForm] | None = (forms or {}).get(action.name)
    if own is None and callable(action.form):
        own = functools.partial(_made_late, action)
    return ActionOffer(
        name=action.name, label=action.label, icon=action.icon, primary=action.primary,
        blocked_reason=translate(action.blocked) if action.blocked is not None else "",
        form=own or action_form(action.name, action.made_form(), action.outcomes, action.comment),
        confirm=action.confirm, permission=action.permission, bulk=action.bulk,
        danger=action.danger,
    )


def _made_late(action: AvailableAction, **arguments: Any) -> FlaskForm:
    """Return the form of an action whose definition is made when it is asked for."""
    form = action_form(action.name, action.made_form(), action.outcomes, action.comment)
    return (form or FlaskForm)(**arguments)
