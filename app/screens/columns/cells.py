"""How values are shown: in cells of a list, on record pages, in exports."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from markupsafe import Markup, escape

from app.screens.columns.columns import Column
from app.screens.columns.people import people_writer
from app.screens.contracts import Choice
from app.web.formats import date_writer, datetime_writer, write_number, zone
from app.web.texts import translated

Writer = Callable[[Any], Any]
_EMPTY = Markup('<span class="nothing" aria-hidden="true">–</span>')
_LONG_TEXT_SHOWN = 120


def badge(choice: Choice) -> Markup:
    """Return a value as a badge: icon and text on a quiet ground, or plain text without tone.

    Args:
        choice: label, tone and icon.
    """
    label = translated(choice.label)
    if not choice.tone:
        return escape(label)
    icon = current_app.extensions["careline.icon"]
    drawn = icon(choice.icon or _ICONS.get(choice.tone, "point"))
    # A text with a link is equal to the text alone, and to one with another link.
    draw = _drawn if type(label) is str else _drawn.__wrapped__
    return draw(choice.tone, drawn, label)


@functools.lru_cache(maxsize=1024)
def _drawn(tone: str, icon: Markup, label: str) -> Markup:
    return Markup('<span class="badge tone-{}">{}{}</span>').format(tone, icon, label)


# Without an icon of its own a badge still shows its tone by a form.
_ICONS = {
    "good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle",
    "calm": "progress", "still": "circle-dashed",
}


def choice_of(choices: Sequence[Choice], value: Any) -> Choice:
    """Return the choice with a value; a value that is no longer offered shows itself."""
    for choice in choices:
        if choice.value == value:
            return choice
    return Choice(value, str(value))


def _yes_no() -> Writer:
    icon = current_app.extensions["careline.icon"]
    yes = Markup('<span class="yes">{}</span>').format(icon("check", title=gettext("Yes")))
    no = Markup('<span class="no">{}</span>').format(icon("minus", title=gettext("No")))
    return lambda value: yes if value else no


def _shorten(value: Any) -> Any:
    text = " ".join(str(value).split())
    if len(text) <= _LONG_TEXT_SHOWN:
        return text
    return Markup('<span title="{}">{}…</span>').format(text[:600], text[:_LONG_TEXT_SHOWN])


def _json(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moments() -> Writer:
    write = datetime_writer()

    def moment(value: dt.datetime) -> Markup:
        # Both parts are digits and month names: nothing to escape, and this runs for every cell.
        exact = value.isoformat(timespec="minutes")
        return Markup(f'<time datetime="{exact}">{write(value)}</time>')

    return moment


def _days() -> Writer:
    write = date_writer()
    return lambda value: Markup(f'<time datetime="{value.isoformat()}">{write(value)}</time>')


# Kinds whose values are written by something that is made once for a page.
_PREPARED: dict[str, Callable[[], Writer]] = {
    "boolean": _yes_no, "datetime": _moments, "date": _days}


def writer(
    column: Column,
    choices: Sequence[Choice] = (),
    formatter: Writer | None = None,
    full: bool = False,
) -> Writer:
    """Return the function that turns a value of a column into what is shown.

    Args:
        column: the column.
        choices: its values, for choice columns.
        formatter: the view's own function; what it returns is escaped unless it is markup.
        full: show long texts whole, as record pages do.
    """
    if formatter is not None:
        return formatter
    shown: Writer
    if column.is_many:
        shown = _several(_Badges(choices))
    elif choices:
        shown = _Badges(choices).__getitem__
    elif column.target is User:
        shown = people_writer()
    elif column.kind in _PREPARED:
        shown = _PREPARED[column.kind]()
    else:
        shown = {
            "integer": write_number, "decimal": write_number, "json": _json, "sensitive": str,
            "long_text": str if full else _shorten,
        }.get(column.kind, _same)
    return lambda value: _EMPTY if value is None or value == "" else shown(value)


class _Badges(dict[Any, Any]):
    """Badges by value, drawn where a value is met: a page shows few of those that there are.

    Args:
        choices: the values; what is none of them shows itself.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = {choice.value: choice for choice in choices}

    def __missing__(self, value: Any) -> Any:
        choice = self._choices.get(value)
        self[value] = shown = value if choice is None else badge(choice)
        return shown


def _several(badges: _Badges) -> Writer:
    return lambda chosen: Markup(", ").join(badges[value] for value in chosen)


def _same(value: Any) -> Any:
    return value


def plain_writer(column: Column, choices: Sequence[Choice] = ()) -> Writer:
    """Return the function that turns a value into what a file holds.

    Texts, numbers and days stay what they are; a time becomes the one on the clocks of the house,
    without a zone, to the minute.
    """
    labels = {choice.value: translated(choice.label) for choice in choices}
    if column.is_many:
        return lambda value: ", ".join(str(labels.get(one, one)) for one in value or ())
    if labels:
        return lambda value: "" if value is None else labels.get(value, value)
    if column.kind == "boolean":
        yes, no = gettext("Yes"), gettext("No")
        return lambda value: "" if value is None else (yes if value else no)
    if column.kind == "datetime":
        return lambda value: "" if value is None else _on_the_clock(value)
    if column.kind == "json":
        return lambda value: "" if value is None else _json(value)
    if column.kind == "sensitive":
        return lambda value: "" if value is None else str(value)
    return lambda value: "" if value is None else value


def _on_the_clock(value: dt.datetime) -> dt.datetime:
    return value.astimezone(zone()).replace(tzinfo=None, second=0, microsecond=0)
