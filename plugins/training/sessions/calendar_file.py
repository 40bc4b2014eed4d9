"""A session as an iCalendar file (RFC 5545). Pure."""

from __future__ import annotations

import datetime as dt


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line broken into parts of at most 75 octets, never within a character."""
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 73:
            parts.append("")
            size = 0
        parts[-1] += sign
        size += octets
    return "\r\n ".join(parts)


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar_file(
    uid: str, title: str, starts_at: dt.datetime, ends_at: dt.datetime, place: str,
    description: str, made_at: dt.datetime, cancelled: bool = False,
) -> str:
    """Return a calendar with one event.

    Args:
        uid: identifier that stays the same when the event is sent again.
        title: what it is called.
        starts_at, ends_at: aware moments.
        place: where; may be empty.
        description: what else there is to know; may be empty.
        made_at: when the file was made; aware.
        cancelled: whether the event is called off.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Careline//Training//EN",
        "METHOD:PUBLISH", "BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_moment(made_at)}",
        f"DTSTART:{_moment(starts_at)}", f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else ()),
        *([f"DESCRIPTION:{_escaped(description)}"] if description else ()),
        *(["STATUS:CANCELLED"] if cancelled else ()),
        "END:VEVENT", "END:VCALENDAR", "",
    ]
    return "\r\n".join(map(_folded, lines))
