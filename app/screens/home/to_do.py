"""What a person has to do next, of all plugins in one list: the most urgent first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.host.contributions import Card
from app.i18n import N_
from app.people.clock import local_zone

# So many stand open; the others are unfolded.
SHOWN = 12
# Stands for the list among the cards of the page.
LIST = Card(
    name="core.to_do", title=N_("To do next"), load=dict, template="screens/home/to_do.html",
    view="core.Home", width=12,
)


@dataclasses.dataclass(frozen=True, slots=True)
class ToDoLine:
    """A line of the list.

    Attributes:
        kind: what it is (message id).
        row: the line as its card gives it.
        due_at: when it has to be done, aware; ``None`` without a time.
        is_late: whether that time has passed.
    """

    kind: str
    row: Mapping[str, Any]
    due_at: dt.datetime | None
    is_late: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from: the whole list of one kind, with figures.

    Attributes:
        title: title of the card (message id).
        url: its whole list; may be empty.
        figures: ``label``, ``value`` and ``url`` of each.
    """

    title: str
    url: str
    figures: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class ToDo:
    """The list.

    Attributes:
        first: the lines that stand open.
        others: the lines that are unfolded.
        sources: where all of a kind stands.
    """

    first: Sequence[ToDoLine]
    others: Sequence[ToDoLine]
    sources: Sequence[Source]


def moment(due: dt.datetime | dt.date | None) -> dt.datetime | None:
    """Return when something is due; a day counts until its end in the organisation's zone."""
    if due is None or isinstance(due, dt.datetime):
        return due
    return dt.datetime.combine(due, dt.time.max, tzinfo=local_zone())


def in_one_list(
    loaded: Iterable[tuple[Card, Mapping[str, Any]]], now: dt.datetime, shown: int = SHOWN
) -> ToDo:
    """Return the lines of several cards by due time, those without one at the end.

    Lines that are due at the same time, or never, keep the order of their cards.

    Args:
        loaded: cards in order, each with what it shows: ``rows``, each with ``due`` (aware time,
            day or ``None``), ``figures``, ``more_url``.
        now: current time.
        shown: how many stand open.
    """
    tasks: list[ToDoLine] = []
    sources: list[Source] = []
    for card, content in loaded:
        for row in content.get("rows") or ():
            due_at = moment(row.get("due"))
            tasks.append(ToDoLine(card.to_do, row, due_at, due_at is not None and due_at < now))
        sources.append(
            Source(card.title, content.get("more_url") or "", content.get("figures") or ()))
    tasks.sort(key=lambda one: (one.due_at is None, one.due_at or now))
    return ToDo(tasks[:shown], tasks[shown:], sources)
