"""Telling what of a change waits for the decision of somebody else."""

from __future__ import annotations

from flask import flash
from markupsafe import Markup

from app.forms.build import translate
from app.i18n import LinkedText
from app.records.changes import waiting_of


def flash_waiting(changes: object) -> bool:
    """Tell the person what of their change waits; return whether anything does.

    Args:
        changes: what ``Operations.change`` returned.
    """
    message = waiting_of(changes)
    if message is None:
        return False
    text = translate(message)
    # A note travels in a cookie, which keeps markup and forgets any other kind of text.
    flash(Markup(text.__html__()) if isinstance(text, LinkedText) else text, "info")
    return True
