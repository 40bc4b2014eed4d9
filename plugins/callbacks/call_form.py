"""What is typed on the page of a callback: which fields there are, and their values. Pure."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from plugins.callbacks import script_text
from plugins.callbacks.choices import DISSATISFIED, FAIR, SATISFIED

TYPED = frozenset({
    "question", "answer", "outcome_id", "identity_checked", "satisfaction", "summary",
    "suggestion", "minutes", "next_contact_at", "next_offer",
})
"""Fields of the page whose contents are saved while they are typed."""

_FIELDS = ("outcome_id", "satisfaction", "summary", "suggestion", "minutes", "next_contact_at")
_WORST_FIRST = (DISSATISFIED, FAIR, SATISFIED)


def values_of(sent: Mapping[str, str], zone: dt.tzinfo) -> dict[str, Any]:
    """Return the values of the form of a contact from what the page has sent.

    Args:
        sent: texts by name of the field; a time is that of the clock on the wall.
        zone: time zone of that clock.
    """
    values: dict[str, Any] = {name: sent.get(name, "") for name in _FIELDS}
    # A time that was typed goes before the one that was chosen among the offers.
    values["next_contact_at"] = values["next_contact_at"] or sent.get("next_offer", "")
    with contextlib.suppress(ValueError):
        values["next_contact_at"] = dt.datetime.fromisoformat(
            values["next_contact_at"]).replace(tzinfo=zone)
    return {**values, "identity_checked": sent.get("identity_checked") == "1"}


def worst_level(answered: Iterable[tuple[script_text.Question, str]]) -> str:
    """Return the worst of the levels that were answered, or an empty text.

    Args:
        answered: questions with their answers.
    """
    given = {answer for question, answer in answered if question.kind == "level"}
    return next((level for level in _WORST_FIRST if level in given), "")


def suggestion_of(answered: Iterable[tuple[script_text.Question, str]]) -> str:
    """Return what was answered to the question named ``suggestion``, or an empty text."""
    return next((answer for question, answer in answered if question.name == "suggestion"), "")


def summary_of(answered: Iterable[tuple[str, str]]) -> str:
    """Return a first version of what was said, one line for each question.

    Args:
        answered: texts of questions and of their answers, as people read them.
    """
    return "\n".join(f"{question} {answer}" for question, answer in answered)


def minutes_between(start: dt.datetime | None, end: dt.datetime) -> int:
    """Return how many minutes a contact took, begun ones counted; at least 1, at most 600."""
    if start is None:
        return 1
    return min(max(-(-int((end - start).total_seconds()) // 60), 1), 600)
