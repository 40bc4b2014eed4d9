"""What a field of a form would refuse about a value of a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.errors import Rejected
from app.i18n import N_, Message
from app.records.custom_fields.cleaning import BadValue
from app.records.values import is_empty
from app.screens.columns.columns import Column
from app.screens.columns.limits import LARGEST_INTEGER, LONGEST_TEXT, largest_number

TEXTS = ("text", "long_text", "sensitive")
REQUIRED = N_("This field is required.")


class RowRejected(Rejected):
    """A cell or a row of a file is not taken."""


def to_the_minute(moment: dt.datetime) -> dt.datetime:
    """Return a moment as a form holds it."""
    return moment.replace(second=0, microsecond=0)


def error_of(column: Column, value: Any) -> Message | None:
    """Return what a field of a form would refuse about a value of the right type."""
    if is_empty(value):
        return Message(REQUIRED) if column.is_required else None
    if column.kind == "sensitive" and looks_masked(value):
        return Message(MASK_GIVEN)
    if column.field is not None:
        try:
            column.field.clean(value)
        except BadValue as error:
            return error.errors[column.field.key]
        return None
    if column.kind in TEXTS:
        length = getattr(column.attribute.property.columns[0].type, "length", None) or LONGEST_TEXT
        if len(value) > length:
            return Message(N_("At most %(most)s characters."), {"most": length})
    if column.kind in ("integer", "decimal"):
        most = LARGEST_INTEGER if column.kind == "integer" else largest_number(column) - 1
        if abs(value) > most:
            return Message(N_("Must be at most %(most)s."), {"most": most})
    return None
