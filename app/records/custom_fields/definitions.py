"""What a custom field is, and which values fit it.

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

from app.access.actor import Actor
from app.access.sensitive.keyring import ring
from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.access.sensitive.values import SensitiveValue
from app.i18n import N_, Message
from app.records.custom_fields.cleaning import BadValue, value_fitting

PREFIX = "x_"
"""What keys of custom fields begin with, beside the names of columns."""
FIELD_KINDS: dict[str, str] = {
    "text": N_("Short text"),
    "long_text": N_("Long text"),
    "number": N_("Numeric value"),
    "money": N_("Amount of money"),
    "date": N_("Date"),
    "boolean": N_("Yes or no"),
    "choice": N_("One choice"),
    "choices": N_("Several choices"),
    "phone": N_("Phone number"),
    "id_number": N_("Identity number with check digit"),
    "card": N_("Bank card with check digit"),
    "plate": N_("Plate number of a car"),
    "vin": N_("Vehicle identification number with check digit"),
    "file": N_("File"),
    "record": N_("Link to a record"),
}
FILE, RECORD = "file", "record"
CHOICE_KINDS = frozenset({"choice", "choices"})
# What names a person is masked and encrypted whatever an admin says (requirement A3).
ALWAYS_SENSITIVE = frozenset({"phone", "id_number", "card"})
# Kind of mask by kind of field; a field of any other kind cannot be sensitive.
MASKS = {
    "text": "text", "number": "hidden", "money": "hidden", "date": "hidden", "choice": "hidden",
    "phone": "phone", "id_number": "id_number", "card": "card", "plate": "text",
    "vin": "id_number",
}
# Kinds whose values are more than one short text; none of them can be sensitive.
LONG_KINDS = frozenset({"long_text", "choices"})
_MOST_CHOICES = 200
_MOST_ROLES = 50
_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
_LONGEST_NAME = 40
# Columns with keys of fields have this length; fields of earlier versions may exceed it.
LONGEST_KEY = 40
_LONGEST_CHOICE = 40
_LONGEST_LABEL = 120
_LONGEST_HELP = 200


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
        group: English title of the section it stands in, ``group_zh`` the Chinese one; without
            any, it stands under "More information".
        verified: whether somebody has to verify what is entered, where the kind of record knows
            verification.
        sensitive: whether values are masked and encrypted, as a sensitive column is.
        seen_by: ids of the roles that see it; empty for everybody who sees the record.
        edited_by: ids of the roles that fill it in; empty for everybody who sees it.
        protected: whether a change waits for a second person, where the kind of record knows that.
        target: kind of record that a link leads to; empty for other kinds of field.
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
    group: str = ""
    group_zh: str = ""
    verified: bool = False
    sensitive: bool = False
    seen_by: tuple[int, ...] = ()
    edited_by: tuple[int, ...] = ()
    protected: bool = False
    target: str = ""

    @property
    def key(self) -> str:
        """Name under which forms, lists, history and the API know the field."""
        return PREFIX + self.name

    @property
    def mask(self) -> str:
        """Kind of sensitive value that it holds; empty where it is not sensitive."""
        return MASKS.get(self.kind, "") if self.sensitive else ""

    def is_seen_by(self, actor: Actor) -> bool:
        """Return whether an actor who sees the record sees this field of it."""
        return actor.is_system or not self.seen_by or not actor.role_ids.isdisjoint(self.seen_by)

    def is_edited_by(self, actor: Actor) -> bool:
        """Return whether an actor who changes the record may fill in this field."""
        return self.is_seen_by(actor) and (
            actor.is_system or not self.edited_by
            or not actor.role_ids.isdisjoint(self.edited_by))

    def clean(self, value: Any) -> Any:
        """Return a value as a record holds it, or ``None`` for nothing.

        Args:
            value: text, number, date, truth value or list of texts, by kind; of a sensitive field
                also what it holds. A mask comes back as it is: who knows the record decides.

        Raises:
            BadValue: it does not fit.
        """
        if value is None or value == "" or value == []:
            return None
        if isinstance(value, SensitiveValue) and self.sensitive:
            return value
        if not self.sensitive:
            return value_fitting(self, value)
        if isinstance(value, str) and looks_masked(value):
            return value
        kept = value_fitting(self, value)
        return SensitiveValue.of(self.mask, str(kept), ring()) if kept is not None else None

    def as_text(self, stored: Any) -> str:
        """Return a stored value of a short kind as a clear text, which ``from_text`` reads."""
        if stored is None:
            return ""
        if isinstance(stored, SensitiveValue):
            return stored.reveal()
        return str(stored).lower() if self.kind == "boolean" else str(stored)

    def from_text(self, text: str) -> Any:
        """Return the stored value that a clear text stands for, or ``None`` for an empty one.

        Raises:
            BadValue: it does not fit.
        """
        return self.clean(text == "true" if self.kind == "boolean" and text else text)

    def read(self, stored: Any) -> Any:
        """Return a stored value as Python knows it: a date, a decimal, a list.

        A value that no longer fits, say after an import by hand, is given as text.
        """
        if stored is None or isinstance(stored, SensitiveValue):
            return stored
        try:
            if self.kind == "date":
                return dt.date.fromisoformat(stored)
            if self.kind in ("number", "money"):
                return decimal.Decimal(str(stored))
        except (TypeError, ValueError, decimal.InvalidOperation):
            return str(stored)
        return stored

    def words(self, stored: Any) -> list[str]:
        """Return the texts under which a value is found by search.

        What some people do not see, nobody finds: a hit would tell them.
        """
        if self.seen_by or isinstance(stored, SensitiveValue):
            return []
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
                       ("help", _LONGEST_HELP), ("help_zh", _LONGEST_HELP),
                       ("group", _LONGEST_LABEL), ("group_zh", _LONGEST_LABEL)):
        if len(getattr(field, name)) > most:
            found[name] = Message(N_("At most %(most)s characters."), {"most": most})
    if bool(field.target) != (field.kind == RECORD):
        found["target"] = Message(N_("A link needs the kind of record that it leads to."))
    wrong = _choice_problem(field)
    if wrong is not None:
        found["choices"] = wrong
    return found | _protection_problems(field)


def _protection_problems(field: CustomField) -> dict[str, Message]:
    found: dict[str, Message] = {}
    if field.sensitive and field.kind not in MASKS:
        found["sensitive"] = Message(N_("Values of this kind cannot be masked."))
    if field.kind in ALWAYS_SENSITIVE and not field.sensitive:
        found["sensitive"] = Message(N_("Values of this kind are always masked."))
    for name in ("seen_by", "edited_by"):
        if len(getattr(field, name)) > _MOST_ROLES:
            found[name] = Message(N_("At most %(most)s roles."), {"most": _MOST_ROLES})
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


def cleaned(
    fields: Sequence[CustomField], values: Mapping[str, Any], held: Mapping[str, Any]
) -> dict[str, Any]:
    """Return values by field name, ready to be stored.

    Args:
        fields: the fields of the kind of record.
        values: values by key (``x_`` and name).
        held: what the record holds by field name; its mask in ``values`` leaves a value alone.

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
        found[field.name] = _unmasked(field, field.clean(value), held.get(field.name))
    return found


def _unmasked(field: CustomField, value: Any, held: Any) -> Any:
    """Return a value; of a mask, what it stands for.

    Raises:
        BadValue: it is a mask of something else.
    """
    if not field.sensitive or not isinstance(value, str):
        return value
    if isinstance(held, SensitiveValue) and held.masked == value:
        return held
    raise BadValue(field.key, Message(MASK_GIVEN))
