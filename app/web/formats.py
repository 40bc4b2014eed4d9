"""How dates, times and numbers are written, quick enough for every cell of a list.

Babel's formatters parse their pattern with each call; a list would spend a fifth of its time
there. Chinese pages write 2026-11-22 14:05, English ones 22 Nov 2026, 14:05.
"""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import zoneinfo
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@functools.lru_cache(maxsize=8)
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


def zone() -> zoneinfo.ZoneInfo:
    """Return the time zone in which times are shown."""
    return _zone(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def _is_chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"


def write_date(value: dt.date | None) -> str:
    """Return a date as text; empty without one.

    Args:
        value: a date.
    """
    return "" if value is None else date_writer()(value)


def date_writer() -> Callable[[dt.date], str]:
    """Return what writes dates in the language of the page, for many of them."""
    return _chinese_date if _is_chinese() else _english_date


def _chinese_date(value: dt.date) -> str:
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def _english_date(value: dt.date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def write_datetime(value: dt.datetime | None) -> str:
    """Return a time to the minute in the shown zone; empty without one.

    Args:
        value: a time in UTC.
    """
    return "" if value is None else datetime_writer()(value)


def datetime_writer() -> Callable[[dt.datetime], str]:
    """Return what writes times in the language of the page, for many of them."""
    date, place = date_writer(), zone()
    between = " " if date is _chinese_date else ", "

    def write(value: dt.datetime) -> str:
        # Flask-AppBuilder's own columns hold the server's local time, without a zone.
        value = value.astimezone(place)
        return f"{date(value)}{between}{value.hour:02}:{value.minute:02}"

    return write


def write_number(value: Any) -> str:
    """Return a number with thousands separated; empty without one."""
    if value is None:
        return ""
    if isinstance(value, decimal.Decimal | float):
        return f"{value:,f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return f"{value:,}"


def write_ago(value: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """Return how long ago (or ahead) a moment is, in words: "5 minutes ago", "in 2 days".

    Args:
        value: the moment.
        now: the present; taken from the clock by default.
    """
    if value is None:
        return ""
    seconds = ((now or dt.datetime.now(dt.UTC)) - value).total_seconds()
    span = write_span(abs(seconds))
    if not span:
        return gettext("just now")
    return gettext("%(span)s ago", span=span) if seconds > 0 else gettext("in %(span)s", span=span)


def write_span(seconds: float) -> str:
    """Return a length of time in its largest unit; empty below a minute."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return ""
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ngettext("%(num)s day", "%(num)s days", hours // 24)


def write_size(octets: int) -> str:
    """Return the size of a file, e.g. ``1.4 MB``.

    Args:
        octets: size in octets.
    """
    size = float(octets)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def install(app: Flask) -> None:
    """Give templates the filters ``date``, ``datetime``, ``number``, ``ago`` and ``size``.

    Args:
        app: the application.
    """
    app.jinja_env.filters.update(
        date=write_date, datetime=write_datetime, number=write_number, ago=write_ago,
        size=write_size,
    )
