"""Which values fit a custom field of each kind, and how a record holds them. Pure.

What a text, a number, a date or a choice is, the forms say (``app.forms.cleaning``), for custom
fields as for any other; numbers with check digits, files and links are known here alone.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.errors import Invalid
from app.forms.cleaning import HIGHEST_ID, InvalidValue, clean_field
from app.forms.definition import Choice, Field, Kind
from app.i18n import N_, Message
from app.records.custom_fields import check_digits

if TYPE_CHECKING:
    from app.records.custom_fields.definitions import CustomField

LONGEST = {"text": 200, "long_text": 10_000, "phone": 40, "id_number": 18, "card": 40,
           "plate": 20, "vin": 17, "record": 40}
PLACES = 6
CENTS = 2
_LARGEST_NUMBER = 10**12 - 1
_LONGEST_KEY = 10
_PLACES_OF = {"money": CENTS}
_FORM_KINDS = {
    "long_text": Kind.LONG_TEXT, "number": Kind.DECIMAL, "money": Kind.DECIMAL, "date": Kind.DATE,
    "boolean": Kind.BOOLEAN, "choice": Kind.CHOICE, "choices": Kind.MULTI_CHOICE,
}
"""Kinds that are read otherwise than a line of text."""


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


def _read(field: CustomField, value: Any) -> Any:
    """Return a value as the fields of all forms read it; nothing comes back as ``None``."""
    try:
        read = clean_field(_field_of(field), value)
    except InvalidValue as error:
        raise BadValue(field.key, error.message) from None
    return None if read == [] else read


def _field_of(field: CustomField) -> Field:
    """Return a custom field as the field of a form, without what only custom fields know."""
    kind = _FORM_KINDS.get(field.kind, Kind.TEXT)
    return Field(
        field.name, kind, field.label, length=LONGEST.get(field.kind), places=_PLACES_OF.get(
            field.kind, PLACES), choices=tuple(
                Choice(one.value, one.label) for one in field.choices),
        minimum=-_LARGEST_NUMBER if kind is Kind.DECIMAL else None,
        maximum=_LARGEST_NUMBER if kind is Kind.DECIMAL else None)


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
    text = _read(field, str(value) if isinstance(value, int) else value)
    found = canonical(text) if text else text
    if found == "":
        raise BadValue(field.key, Message(wrong))
    return found


def _number(field: CustomField, value: Any) -> int | float | None:
    if isinstance(value, float):
        # A sheet holds 0.1 + 0.2 as seventeen digits that nobody typed.
        value = round(value, PLACES)
    number = _read(field, value)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _date(field: CustomField, value: Any) -> str | None:
    day = _read(field, value)
    return day.isoformat() if day else None


def _choice(field: CustomField, value: Any) -> str | None:
    if field.sensitive:
        # A file holds labels, and nothing else translates them where values are masked.
        value = next((one.value for one in field.choices if value in (one.label, one.label_zh)),
                     value)
    return _read(field, value)


def _choices(field: CustomField, value: Any) -> list[str] | None:
    if not isinstance(value, list | tuple):
        raise BadValue(field.key, Message(N_("Not a valid choice.")))
    chosen = _read(field, list(value)) or ()
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
    text = _read(field, value)
    return text.upper() if text else None


_CLEANERS: dict[str, Callable[[CustomField, Any], Any]] = {
    "text": _read, "long_text": _read, "number": _number, "date": _date, "boolean": _read,
    "choice": _choice, "choices": _choices, "money": _number, "phone": _phone,
    "id_number": _id_number, "card": _card, "plate": _plate, "vin": _vin,
    "file": _file, "record": _number_of_record,
}
