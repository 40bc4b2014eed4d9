"""Answers to a form with points, as a page sends them and as a document writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.forms.scored import Item, ItemKind, localised
from app.forms.scoring import UNITS
from app.forms.signing import PASSWORD, REASONS, VOIDED, standing
from app.web.formats import write_date, write_datetime
from app.web.texts import translated


def typed_answers(items: Iterable[Item], sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what a page has sent by name: all files of an item, a password only where one signs.

    A browser may fill in a password by itself; without the tick beside it nobody signs.

    Args:
        items: the items of the form.
        sent: the form of the request.
    """
    found: dict[str, Any] = dict(sent.items())
    for item in items:
        if item.kind is ItemKind.FILE and item.name in sent:
            found[item.name] = sent.getlist(item.name)
        elif item.kind is ItemKind.SIGNATURE and not found.pop(item.name, ""):
            found.pop(item.name + PASSWORD, None)
    return found


def chosen_files(held: Any) -> frozenset[str]:
    """Return the keys of the files of an answer, as it is stored or as it was sent.

    Args:
        held: the answer.
    """
    several: Iterable[Any] = held if isinstance(held, list | tuple) else ()
    return frozenset(str(one["id"] if isinstance(one, Mapping) else one) for one in several)


def written_answer(item: Item, answers: Mapping[str, Any], language: str) -> str:
    """Return an answer as a document writes it; an empty text leaves the box to be filled by hand.

    Args:
        item: the item.
        answers: all answers.
        language: ``zh`` or ``en``.
    """
    if item.kind is ItemKind.SIGNATURE:
        return "\n".join(signature_lines(item, answers))
    held = answers.get(item.name)
    if held in (None, ""):
        return ""
    if item.kind is ItemKind.FILE:
        return "\n".join(one["name"] for one in held)
    if item.kind is ItemKind.DATE:
        return write_date(dt.date.fromisoformat(held))
    level = item.level(str(held))
    text = str(held) if level is None else f"{held} {localised(level, 'text', language)}".strip()
    units = answers.get(item.name + UNITS, "")
    return text + (f" + {units} {item.text(language, 'unit')}" if units else "")


def signature_lines(item: Item, answers: Mapping[str, Any]) -> list[str]:
    """Return who has signed an item and when, with the signatures that were voided before.

    Args:
        item: a signature.
        answers: all answers.
    """
    lines = [
        gettext("Signed by %(name)s at %(time)s, %(reason)s at %(voided)s", name=one["name"],
                time=_time(one["at"]), reason=translated(REASONS[one["reason"]]),
                voided=_time(one["voided_at"]))
        for one in answers.get(item.name + VOIDED) or ()]
    held = standing(item, answers)
    if held is not None:
        lines.append(gettext("Signed by %(name)s at %(time)s", name=held["name"],
                             time=_time(held["at"])))
    return lines


def _time(text: str) -> str:
    return write_datetime(dt.datetime.fromisoformat(text))
