"""Values of a JSON body, checked against the columns they are meant for."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from app.errors import Invalid
from app.forms.build import translate
from app.forms.cleaning import in_reach
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.definitions import CustomField
from app.screens.columns.columns import Column
from app.screens.columns.limits import LARGEST_INTEGER, LONGEST_TEXT, largest_number


class BadPayload(Invalid):
    """What a program sent does not fit; ``errors`` gives a sentence by field."""


Selectable = Callable[[Column, Iterable[int]], Mapping[int, str]]


def read_payload(
    body: Any,
    columns: Sequence[Column],
    choices: Callable[[str], Sequence[Any]],
    selectable: Selectable,
    partial: bool,
) -> dict[str, Any]:
    """Return the values of a JSON body in their right types.

    Args:
        body: decoded JSON.
        columns: columns that may be written.
        choices: values of a choice column, by name.
        selectable: labels of related rows that the caller may choose.
        partial: whether missing fields are left as they are, as in a change.

    Raises:
        BadPayload: unknown fields, missing ones, or values that do not fit.
    """
    if not isinstance(body, dict):
        raise BadPayload({"": gettext("The body must be a JSON object.")})
    known = {column.name: column for column in columns}
    errors = {name: gettext("There is no such field.") for name in body if name not in known}
    values: dict[str, Any] = {}
    for name, column in known.items():
        if name not in body:
            if not partial and column.needs_value:
                errors[name] = gettext("This field is required.")
            continue
        try:
            values[name] = _value(column, body[name], choices, selectable)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise BadPayload(errors)
    return values


def _value(
    column: Column, given: Any, choices: Callable[[str], Sequence[Any]], selectable: Selectable
) -> Any:
    if given is None or given == "":
        if column.needs_value:
            raise ValueError(gettext("This field is required."))
        return None if column.nullable or given is None else given
    if column.field is not None:
        return _fitting(column.field, given)
    if column.kind == "relation":
        return _relation(column, given, selectable)
    # A column that only the view gives choices is a text by its own account.
    listed = choices(column.name) if column.kind in ("choice", "text") else ()
    if listed or column.kind == "choice":
        if given not in [choice.value for choice in listed]:
            raise ValueError(gettext("Not a valid choice."))
        return given
    return _READERS[column.kind](column, given)


def _fitting(field: CustomField, given: Any) -> Any:
    try:
        return field.clean(given)
    except BadValue as error:
        raise ValueError(translate(error.message)) from error


def _relation(column: Column, given: Any, selectable: Selectable) -> int:
    key = given.get("id") if isinstance(given, dict) else given
    # ``True`` is an ``int`` too, and no key.
    if isinstance(key, int) and not isinstance(key, bool) and 0 < key <= LARGEST_INTEGER and (
            key in selectable(column, [key])):
        return key
    raise ValueError(gettext("Choose one from the list."))


def _text(column: Column, given: Any) -> str:
    if not isinstance(given, str) or "\x00" in given:
        raise ValueError(gettext("This must be a text."))
    length = getattr(column.attribute.property.columns[0].type, "length", None) or LONGEST_TEXT
    if len(given) > length:
        raise ValueError(gettext("At most %(most)s characters.", most=length))
    return given.strip()


def _integer(column: Column, given: Any) -> int:
    if type(given) is not int or abs(given) > LARGEST_INTEGER:
        raise ValueError(gettext("This must be a whole number."))
    return given


def _decimal(column: Column, given: Any) -> decimal.Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError(gettext("This must be a number."))
    try:
        number = decimal.Decimal(str(given))
    except decimal.InvalidOperation:
        raise ValueError(gettext("This must be a number.")) from None
    if not number.is_finite() or abs(number) >= largest_number(column):
        raise ValueError(gettext("This must be a number."))
    return number


def _boolean(column: Column, given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError(gettext("This must be true or false."))
    return given


def _date(column: Column, given: Any) -> dt.date:
    try:
        day = dt.date.fromisoformat(given)
        if not in_reach(day):
            raise ValueError(given)
        return day
    except (TypeError, ValueError):
        raise ValueError(gettext("This must be a date such as 2026-11-22.")) from None


def _datetime(column: Column, given: Any) -> dt.datetime:
    message = gettext("This must be a time with zone, such as 2026-11-22T14:05:00+08:00.")
    try:
        moment = dt.datetime.fromisoformat(given)
        if moment.tzinfo is None or not in_reach(moment):
            raise ValueError(message)
        return moment.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(message) from None


def _json(column: Column, given: Any) -> Any:
    if not isinstance(given, dict | list):
        raise ValueError(gettext("This must be a JSON object or list."))
    return given


_READERS: dict[str, Callable[[Column, Any], Any]] = {
    "text": _text, "long_text": _text, "sensitive": _text, "integer": _integer, "decimal": _decimal,
    "boolean": _boolean, "date": _date, "datetime": _datetime, "json": _json,
}
