"""What a custom field is, and which values fit it. Pure.

An admin defines fields as data; their values lie in ``Record.extra`` under the field's name.
Everywhere else a custom field goes by its key, ``x_`` and the name, beside the columns.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Invalid
from app.forms.cleaning import in_reach
from app.i18n import N_, Message

PREFIX = "x_"
FIELD_KINDS: dict[str, str] = {
    "text": N_("Text"),
    "long_text": N_("Long text"),
    "number": N_("Numeric value"),
    "date": N_("Date"),
    "boolean": N_("Yes or no"),
    "choice": N_("One choice"),
    "choices": N_("Several choices"),
}
CHOICE_KINDS = frozenset({"choice", "choices"})
LONGEST = {"text": 200, "long_text": 10_000}
PLACES = 6
_LARGEST_NUMBER = 10**12
_MOST_CHOICES = 200
_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
_LONGEST_NAME = 40
_LONGEST_CHOICE = 40
_LONGEST_LABEL = 120
_LONGEST_HELP = 200


class BadValue(Invalid):
    """A value does not fit its custom field; ``key`` names the field."""

    def __init__(self, key: str, message: Message) -> None:
        super().__init__({key: message})
        self.key = key


@dataclasses.dataclass(frozen=True, slots=True)
class CustomChoice:
    """One value of a choice field: what is stored, and its label in both languages."""

    value: str
    label: str
    label_zh: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A field that an admin added to a kind of record.

    Attributes:
        name: identifier, unique for the kind of record; never changes.
        kind: one of ``KINDS``; never changes, for the values that are there would not fit.
        label: English label; ``label_zh`` the Chinese one.
        help: a sentence below the field; ``help_zh`` the Chinese one.
        choices: values of a choice field, in order.
        required: whether forms and the API ask for it.
        retired: whether it is no longer filled in; its values stay and are shown.
    """

    name: str
    kind: str = "text"
    label: str = ""
    label_zh: str = ""
    help: str = ""
    help_zh: str = ""
    choices: tuple[CustomChoice, ...] = ()
    required: bool = False
    retired: bool = False

    @property
    def key(self) -> str:
        """Name under which forms, lists, history and the API know the field."""
        return PREFIX + self.name

    def clean(self, value: Any) -> Any:
        """Return a value as it is stored, or ``None`` for nothing.

        Args:
            value: text, number, date, truth value or list of texts, by kind.

        Raises:
            BadValue: it does not fit.
        """
        if value is None or value == "" or value == []:
            return None
        return _CLEANERS[self.kind](self, value)

    def read(self, stored: Any) -> Any:
        """Return a stored value as Python knows it: a date, a decimal, a list.

        A value that no longer fits, say after an import by hand, is given as text.
        """
        if stored is None:
            return None
        try:
            if self.kind == "date":
                return dt.date.fromisoformat(stored)
            if self.kind == "number":
                return decimal.Decimal(str(stored))
        except (TypeError, ValueError, decimal.InvalidOperation):
            return str(stored)
        return stored

    def words(self, stored: Any) -> list[str]:
        """Return the texts under which a value is found by search."""
        if self.kind in CHOICE_KINDS:
            values = stored if isinstance(stored, list) else [stored]
            known = {choice.value: choice for choice in self.choices}
            return [
                text for value in values if (choice := known.get(value)) is not None
                for text in (choice.label, choice.label_zh) if text
            ]
        return [stored] if isinstance(stored, str) and self.kind != "date" else []


def problems(field: CustomField) -> dict[str, Message]:
    """Return what is wrong with a definition, by attribute."""
    found: dict[str, Message] = {}
    if not _NAME.fullmatch(field.name) or len(field.name) > _LONGEST_NAME:
        found["name"] = Message(N_("Use small Latin letters, digits and single underscores, "
                                   "beginning with a letter."))
    if field.kind not in FIELD_KINDS:
        found["kind"] = Message(N_("There is no such kind of field."))
    if not field.label.strip():
        found["label"] = Message(N_("This field is required."))
    for name, most in (("label", _LONGEST_LABEL), ("label_zh", _LONGEST_LABEL),
                       ("help", _LONGEST_HELP), ("help_zh", _LONGEST_HELP)):
        if len(getattr(field, name)) > most:
            found[name] = Message(N_("At most %(most)s characters."), {"most": most})
    wrong = _choice_problem(field)
    if wrong is not None:
        found["choices"] = wrong
    return found


def _choice_problem(field: CustomField) -> Message | None:
    if field.kind not in CHOICE_KINDS:
        return Message(N_("Only choices have values to choose from.")) if field.choices else None
    values = [choice.value for choice in field.choices]
    if not values:
        return Message(N_("Name at least one value to choose from."))
    if len(values) > _MOST_CHOICES:
        return Message(N_("At most %(most)s values."), {"most": _MOST_CHOICES})
    for choice in field.choices:
        if not _NAME.fullmatch(choice.value) or len(choice.value) > _LONGEST_CHOICE:
            return Message(N_("%(value)s: use small Latin letters, digits and single underscores, "
                              "beginning with a letter."), {"value": choice.value[:40]})
        if not choice.label or max(len(choice.label), len(choice.label_zh)) > _LONGEST_LABEL:
            return Message(N_("%(value)s needs a label of at most %(most)s characters."),
                           {"value": choice.value, "most": _LONGEST_LABEL})
    if len(set(values)) < len(values):
        return Message(N_("Each value can be there only once."))
    return None


def cleaned(fields: Sequence[CustomField], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by field name, ready to be stored.

    Args:
        fields: the fields of the kind of record.
        values: values by key (``x_`` and name).

    Raises:
        BadValue: an unknown or retired field, an emptied required one, or a value that does
            not fit.
    """
    known = {field.key: field for field in fields}
    found: dict[str, Any] = {}
    for key, value in values.items():
        field = known.get(key)
        if field is None:
            raise BadValue(key, Message(N_("There is no such field.")))
        if field.retired:
            raise BadValue(key, Message(N_("This field is no longer filled in.")))
        found[field.name] = field.clean(value)
    return found


def _text(field: CustomField, value: Any) -> str | None:
    if not isinstance(value, str) or "\x00" in value:
        raise BadValue(field.key, Message(N_("This must be a text.")))
    value = value.strip()
    if len(value) > LONGEST[field.kind]:
        raise BadValue(field.key, Message(N_("At most %(most)s characters."),
                                          {"most": LONGEST[field.kind]}))
    return value or None


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
    if value not in [choice.value for choice in field.choices]:
        raise BadValue(field.key, Message(N_("Not a valid choice.")))
    return value


def _choices(field: CustomField, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise BadValue(field.key, Message(N_("Not a valid choice.")))
    chosen = {_choice(field, one) for one in value}
    return [choice.value for choice in field.choices if choice.value in chosen]


_CLEANERS = {
    "text": _text, "long_text": _text, "number": _number, "date": _date, "boolean": _boolean,
    "choice": _choice, "choices": _choices,
}
