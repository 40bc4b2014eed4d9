"""Which values fit a custom field of each kind, and how a record holds them. Pure."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.errors import Invalid
from app.forms.cleaning import HIGHEST_ID, in_reach
from app.i18n import N_, Message
from app.records.custom_fields import check_digits

if TYPE_CHECKING:
    from app.records.custom_fields.definitions import CustomField

LONGEST = {"text": 200, "long_text": 10_000, "phone": 40, "id_number": 18, "card": 40,
           "plate": 20, "vin": 17, "record": 40}
PLACES = 6
CENTS = 2
_LARGEST_NUMBER = 10**12
_LONGEST_KEY = 10


class BadValue(Invalid):
    """A value does not fit its custom field; ``key`` names the field."""

    def __init__(self, key: str, message: Message) -> None:
        super().__init__({key: message})
        self.key = key


def value_fitting(field: CustomField, value: Any) -> Any:
    """Return a value as a record holds it in clear, or ``None`` for nothing.

    Args:
        field: the field, whose kind decides.
        value: as a form, a file or a program gives it; not empty.

    Raises:
        BadValue: it does not fit.
    """
    return _CLEANERS[field.kind](field, value)


def _text(field: CustomField, value: Any) -> str | None:
    if not isinstance(value, str) or "\x00" in value:
        raise BadValue(field.key, Message(N_("This must be a text.")))
    value = value.strip()
    if len(value) > LONGEST[field.kind]:
        raise BadValue(field.key, Message(N_("At most %(most)s characters."),
                                          {"most": LONGEST[field.kind]}))
    return value or None


def _phone(field: CustomField, value: Any) -> str | None:
    return _checked(field, value, check_digits.phone, N_("This is no phone number."))


def _id_number(field: CustomField, value: Any) -> str | None:
    return _checked(field, value, check_digits.id_number, N_(
        "This is no identity number: 18 characters, of which the last checks the others."))


def _card(field: CustomField, value: Any) -> str | None:
    return _checked(field, value, check_digits.card, N_(
        "This is no card number: 12 to 19 digits, of which the last checks the others."))


def _plate(field: CustomField, value: Any) -> str | None:
    return _checked(field, value, check_digits.plate, N_(
        "This is no plate number such as 苏A12345."))


def _vin(field: CustomField, value: Any) -> str | None:
    return _checked(field, value, check_digits.vin, N_(
        "This is no vehicle identification number: 17 characters, of which the ninth checks the "
        "others."))


def _checked(
    field: CustomField, value: Any, canonical: Callable[[str], str], wrong: str
) -> str | None:
    """Return a number in its canonical form; an empty form says that it is none."""
    text = _text(field, str(value) if isinstance(value, int) else value)
    found = canonical(text) if text else text
    if found == "":
        raise BadValue(field.key, Message(wrong))
    return found


def _money(field: CustomField, value: Any) -> int | float:
    amount = _number(field, value)
    if round(amount, CENTS) != amount:
        raise BadValue(field.key, Message(N_("At most %(places)s decimal places."),
                                          {"places": CENTS}))
    return amount


def _number(field: CustomField, value: Any) -> int | float:
    wrong = BadValue(field.key, Message(N_("This must be a number.")))
    if isinstance(value, bool) or not isinstance(value, int | float | str | decimal.Decimal):
        raise wrong
    try:
        number = decimal.Decimal(str(value))
    except decimal.InvalidOperation:
        raise wrong from None
    if not number.is_finite() or abs(number) >= _LARGEST_NUMBER:
        raise wrong
    number = round(number, PLACES)
    return int(number) if number == number.to_integral_value() else float(number)


def _date(field: CustomField, value: Any) -> str:
    try:
        if isinstance(value, dt.datetime):
            raise ValueError(value)
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        if not in_reach(day):
            raise ValueError(day)
    except (TypeError, ValueError):
        raise BadValue(
            field.key, Message(N_("This must be a date such as 2026-11-22."))
        ) from None
    return day.isoformat()


def _boolean(field: CustomField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue(field.key, Message(N_("This must be true or false.")))
    return value


def _choice(field: CustomField, value: Any) -> str:
    if field.sensitive:
        # A file holds labels, and nothing else translates them where values are masked.
        value = next((one.value for one in field.choices if value in (one.label, one.label_zh)),
                     value)
    if value not in [choice.value for choice in field.choices]:
        raise BadValue(field.key, Message(N_("Not a valid choice.")))
    return value


def _choices(field: CustomField, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise BadValue(field.key, Message(N_("Not a valid choice.")))
    chosen = {_choice(field, one) for one in value}
    return [choice.value for choice in field.choices if choice.value in chosen]


def _file(field: CustomField, value: Any) -> int:
    """Return the key of an attachment; whether it lies on the record, who writes it asks."""
    text = str(value).strip()
    is_key = len(text) <= _LONGEST_KEY and text.isascii() and text.isdigit()
    if isinstance(value, bool) or not is_key or not 0 < int(text) <= HIGHEST_ID:
        raise BadValue(field.key, Message(N_("Choose one of the files that lie on the record.")))
    return int(text)


def _number_of_record(field: CustomField, value: Any) -> str | None:
    """Return the number of a record; whether there is one, who writes it asks."""
    text = _text(field, value)
    return text.upper() if text else None


_CLEANERS: dict[str, Callable[[CustomField, Any], Any]] = {
    "text": _text, "long_text": _text, "number": _number, "date": _date, "boolean": _boolean,
    "choice": _choice, "choices": _choices, "money": _money, "phone": _phone,
    "id_number": _id_number, "card": _card, "plate": _plate, "vin": _vin,
    "file": _file, "record": _number_of_record,
}
