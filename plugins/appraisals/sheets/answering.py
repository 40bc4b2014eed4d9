"""What somebody has typed into a sheet, read by the form: whose items, and what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.forms import FilledBy, Item, ScoredForm, Signer, read_item
from app.sdk.models import File
from app.sdk.services import Actor, attachments, utcnow
from app.sdk.workflow import Message
from plugins.appraisals.sheets.models import Sheet


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """Answers that were read, and what could not be.

    Attributes:
        answers: cleaned answers of the items asked.
        errors: sentences by name of the item.
    """

    answers: dict[str, Any]
    errors: dict[str, Message]


def own_items(form: ScoredForm) -> list[Item]:
    """Return the items that only the person appraised answers."""
    return [item for item in form.items
            if item.filled_by is FilledBy.SUBJECT and not item.is_filled_in]


def rated_items(form: ScoredForm) -> list[Item]:
    """Return the items that the appraiser answers: neither the person's own nor those of facts."""
    return [item for item in form.items
            if item.filled_by is not FilledBy.SUBJECT and not item.is_filled_in]


def read(items: Iterable[Item], typed: Mapping[str, Any], *, corrects: bool = False) -> Read:
    """Return the answers to some items; what was not sent counts as empty.

    Args:
        items: the items asked.
        typed: what was typed, by name of the item, units under the name and ``__units``.
        corrects: whether units count that a figure has given otherwise.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for item in items:
        given, error = read_item(item, typed, corrects=corrects)
        answers |= given
        if error is not None:
            errors[item.name] = error
    return Read(answers, errors)


def left_out_of(form: ScoredForm, names: Iterable[str]) -> list[str]:
    """Return those of several names that are scored items of the form, in its order."""
    wanted = set(names)
    return [item.name for item in form.scored_items if item.name in wanted]


def signer(actor: Actor) -> Signer:
    """Return somebody as the one who answers and signs now."""
    return Signer(actor.user_id, actor.name, utcnow())


def files_of(session: Session, sheet: Sheet) -> list[File]:
    """Return the files that may be an answer: those on the sheet, and on the one it replaces.

    Args:
        session: any session.
        sheet: the sheet.
    """
    earlier = files_of(session, sheet.replaces) if sheet.replaces is not None else []
    return [*earlier, *attachments(session, sheet)]
