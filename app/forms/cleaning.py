"""Reading submitted values by a form: right types out, one message for each wrong field. Pure.

The same rules hold for a web form, the REST API, an import and a bulk action.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from app.errors import Rejected
from app.forms.definition import LONGEST_TEXT, Field, Form, Kind
from app.i18n import N_, Message

# The largest key of an INTEGER column of PostgreSQL.
HIGHEST_ID = 2**31 - 1
MOST_DIGITS = 18
# Years that a date may lie in. Beyond them deadlines and time zones lead out of what Python and
# the databases can hold; one such value would break every page that shows it.
FIRST_YEAR, LAST_YEAR = 1800, 9000
# Category Cc of Unicode without tab and line feed. An import reads millions of signs, and a
# pattern does it in a tenth of the time that asking for the category of each takes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class InvalidValue(Rejected):
    """A value cannot be taken."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(Message(msgid, params))


def clean(
    form: Form, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Message]]:
    """Read values by a form.

    Args:
        form: the form.
        values: by field name, as texts (a web form) or as JSON values. Unknown names are left.

    Returns:
        Cleaned values of all fields that had no error (``None``, or an empty list for kinds that
        hold several, where nothing was given or the field is hidden), and the errors by name.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for field in form.fields:
        cleaned[field.name] = empty_value(field)
        if not field.is_visible(cleaned):
            continue
        try:
            value = clean_field(field, values.get(field.name))
            if is_empty(field, value):
                if field.is_required(cleaned):
                    raise InvalidValue(N_("This field is required."))
            else:
                cleaned[field.name] = value
        except InvalidValue as error:
            errors[field.name] = error.message
    return {name: value for name, value in cleaned.items() if name not in errors}, errors


def in_reach(day: dt.date) -> bool:
    """Return whether a date or time lies in a year that everything can handle."""
    return FIRST_YEAR <= day.year < LAST_YEAR


def empty_value(field: Field) -> Any:
    """Return what an unfilled field holds."""
    return [] if field.kind in (Kind.MULTI_CHOICE, Kind.FILE) else None


def is_empty(field: Field, value: Any) -> bool:
    """Return whether a cleaned value counts as not filled; "no" is an answer."""
    return value is None or value == "" or value == []


def clean_field(field: Field, value: Any) -> Any:
    """Return the value of one field in its right type.

    Args:
        field: the field, whose kind and bounds decide.
        value: a text (a web form) or a JSON value; several in a list.

    Raises:
        InvalidValue: it is malformed, not among the choices or out of bounds.
    """
    # A password is what was typed, to the last space.
    if isinstance(value, str) and field.kind is not Kind.SIGNATURE:
        value = unicodedata.normalize("NFC", value).strip()
    if value is None or value == "":
        return empty_value(field)
    return _CLEANERS[field.kind](field, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidValue(N_("Enter a text."))
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(value):
        raise InvalidValue(N_("The text holds control characters."))
    if len(value) > field.most_characters:
        raise InvalidValue(N_("At most %(most)s characters."), most=field.most_characters)
    return value


def _line(field: Field, value: Any) -> str:
    text = _text(field, value)
    if "\n" in text:
        raise InvalidValue(N_("Enter a single line."))
    return text


def _bounded(field: Field, value: Any, low: Any, high: Any) -> Any:
    if low is not None and value < low:
        raise InvalidValue(N_("Must be at least %(least)s."), least=field.minimum or low)
    if high is not None and value > high:
        raise InvalidValue(N_("Must be at most %(most)s."), most=field.maximum or high)
    return value


def _integer(field: Field, value: Any) -> int:
    try:
        if isinstance(value, bool | float) or len(str(value)) > MOST_DIGITS:
            raise ValueError
        number = int(value)
    except (TypeError, ValueError):
        raise InvalidValue(N_("Enter a whole number.")) from None
    return _bounded(field, number, field.minimum, field.maximum)


def _rating(field: Field, value: Any) -> int:
    number = _integer(field, value)
    low = 1 if field.minimum is None else field.minimum
    return _bounded(field, number, low, 5 if field.maximum is None else field.maximum)


def _decimal(field: Field, value: Any) -> decimal.Decimal:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = decimal.Decimal(str(value))
        if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
            raise ValueError
    except (ValueError, decimal.InvalidOperation):
        raise InvalidValue(N_("Enter a number.")) from None
    if number != round(number, field.places):
        raise InvalidValue(N_("At most %(places)s decimal places."), places=field.places)
    return _bounded(field, round(number, field.places), field.minimum, field.maximum)


def _date(field: Field, value: Any) -> dt.date:
    try:
        if isinstance(value, dt.datetime):
            raise ValueError
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidValue(N_("Enter a date like 2026-01-31.")) from None
    if not in_reach(day):
        raise InvalidValue(N_("Enter a date like 2026-01-31."))
    low, high = (
        dt.date.fromisoformat(bound) if bound else None for bound in (field.minimum, field.maximum)
    )
    return _bounded(field, day, low, high)


def _datetime(field: Field, value: Any) -> dt.datetime:
    try:
        moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        if moment.tzinfo is None or not in_reach(moment):
            raise ValueError
        return moment.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise InvalidValue(N_("Enter a date and time with its time zone.")) from None


_TRUE, _FALSE = {"true", "1", "on", "yes", "y"}, {"false", "0", "off", "no", "n"}


def _boolean(field: Field, value: Any) -> bool:
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise InvalidValue(N_("Enter yes or no."))
    return text in _TRUE


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in {choice.value for choice in field.choices}:
        raise InvalidValue(N_("Choose one of the values offered."))
    return value


def _several(value: Any) -> Sequence[Any]:
    """Return several values as they came, or a single one as the only one of them."""
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [value]


def _multi_choice(field: Field, value: Any) -> list[str]:
    chosen = list(dict.fromkeys(_choice(field, one) for one in _several(value)))
    return _counted(field, chosen)


def _counted(field: Field, items: list[Any]) -> list[Any]:
    if items and field.minimum is not None and len(items) < field.minimum:
        raise InvalidValue(N_("At least %(least)s."), least=field.minimum)
    if field.maximum is not None and len(items) > field.maximum:
        raise InvalidValue(N_("At most %(most)s."), most=field.maximum)
    return items


def _id(field: Field, value: Any) -> int:
    try:
        if isinstance(value, bool | float) or len(str(value)) > MOST_DIGITS + 1:
            raise ValueError
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= HIGHEST_ID:
        raise InvalidValue(N_("Choose one of the values offered."))
    return number


def _secret(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise InvalidValue(N_("This is not your password."))
    return value


def _files(field: Field, value: Any) -> list[int]:
    return _counted(field, list(dict.fromkeys(_id(field, one) for one in _several(value))))


_CLEANERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.MULTI_CHOICE: _multi_choice,
    Kind.PERSON: _id,
    Kind.DEPARTMENT: _id,
    Kind.RECORD: _id,
    Kind.FILE: _files,
    Kind.SIGNATURE: _secret,
    Kind.RATING: _rating,
}
