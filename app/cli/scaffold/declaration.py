"""What a new plugin is made from: a TOML file with titles, fields and a few choices. Pure.

    name = "drives"                      # folder, table prefix and part of every permission
    number_prefix = "SJ"
    steps = true                         # whether records go through a workflow
    approval = true                      # whether a supervisor approves what is finished
    deadline_hours = 16                  # working hours from the first state to the last
    panel = true                         # a tab on the page of the customer

    [title]
    en = "Test drives"
    zh = "试驾"

    [record]
    en = "Test drive"
    zh = "试驾"

    [[fields]]
    name = "driver"
    kind = "text"
    label = {en = "Driver", zh = "试驾人"}
    required = true
"""

from __future__ import annotations

import dataclasses
import keyword
import re
import tomllib
from collections.abc import Mapping
from typing import Any

KINDS = (
    "text", "long_text", "phone", "id_number", "number", "amount", "date", "moment", "yes_no",
    "choice", "customer", "vehicle", "loan", "department", "person",
)
# Kinds that refer to a row: its table and its class.
TARGETS = {
    "customer": ("customers_customer", "Customer"), "vehicle": ("customers_vehicle", "Vehicle"),
    "loan": ("customers_loan", "Loan"), "department": ("people_department", "Department"),
    "person": ("ab_user", "User"),
}
# What two records can be told apart by; an encrypted value is another one each time.
_UNIQUE_KINDS = ("text", "number")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
_LETTERS = re.compile(r"[A-Z]{2,4}")
_ICON = re.compile(r"[a-z][a-z0-9-]{1,40}")
_LONGEST_LABEL = 60
_KEYS = {"name", "title", "record", "number_prefix", "icon", "steps", "approval", "deadline_hours",
         "panel", "fields"}
_MOST_HOURS = 2000
_MOST_FIELDS = 60
# Beside number, owner and date: what fits on a line.
_LISTED = 5
# What every record has already, or what Python and SQLAlchemy keep for themselves.
TAKEN = frozenset({
    "id", "number", "version", "created_at", "updated_at", "deleted_at", "extra", "owner",
    "owner_id", "department", "department_id", "team", "team_id", "created_by", "created_by_id",
    "updated_by", "updated_by_id", "state", "is_open", "due_at", "workflow_id", "title",
    "metadata", "registry",
})


class DeclarationError(ValueError):
    """The declaration cannot be used; the message is one sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    en: str
    zh: str


@dataclasses.dataclass(frozen=True, slots=True)
class NewField:
    """A field of the record.

    Attributes:
        name: name in Python and in addresses.
        kind: one of ``KINDS``.
        label: what people read.
        required: whether a record must have it.
        unique: whether no two records may have the same.
        choices: values with their labels, for the kind ``choice``.
    """

    name: str
    kind: str
    label: Words
    required: bool = False
    unique: bool = False
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def column(self) -> str:
        """Name of the column: relations keep a key."""
        return f"{self.name}_id" if self.target else self.name

    @property
    def target(self) -> str:
        """Class of the row that it refers to; empty for a plain value."""
        return TARGETS[self.kind][1] if self.kind in TARGETS else ""

    @property
    def table(self) -> str:
        """Table of the row that it refers to."""
        return TARGETS[self.kind][0]


@dataclasses.dataclass(frozen=True, slots=True)
class Declaration:
    """A whole declaration.

    Attributes:
        name: name of the plugin.
        title: what the records are called together.
        record: what one of them is called.
        number_prefix: letters in front of numbers.
        icon: icon of menu and pages.
        steps: whether records go through a workflow.
        approval: whether somebody else approves a record before it is done.
        deadline_hours: working hours in which a record is to be done; 0 for no deadline.
        panel: whether they stand in a tab on the page of their customer.
        fields: fields in the order of form and page.
    """

    name: str
    title: Words
    record: Words
    number_prefix: str
    icon: str
    steps: bool
    approval: bool
    deadline_hours: int
    panel: bool
    fields: tuple[NewField, ...]

    @property
    def noun(self) -> str:
        """The record as a name in Python: ``test_drive``."""
        return re.sub(r"[^a-z0-9]+", "_", self.record.en.lower()).strip("_")

    @property
    def model(self) -> str:
        """Name of the class: ``TestDrive``."""
        return "".join(part.capitalize() for part in self.noun.split("_"))

    @property
    def title_field(self) -> str:
        """The field that names a record beside its number."""
        return next((field.name for field in self.fields if field.kind == "text"), "number")

    @property
    def listed(self) -> list[NewField]:
        """The fields that the list shows at first."""
        return [field for field in self.fields if field.kind != "long_text"][:_LISTED]

    @property
    def changed_in_list(self) -> list[NewField]:
        """Those of them that are changed in their cells; the first leads to the record."""
        return [field for field in self.listed[1:] if not field.target]

    @property
    def relations(self) -> list[NewField]:
        """The fields that refer to a row, in order."""
        return [field for field in self.fields if field.target]

    @property
    def targets(self) -> list[str]:
        """Classes of the sdk that they refer to; users belong to Flask-AppBuilder."""
        return sorted({field.target for field in self.relations} - {"User"})

    def of_kind(self, *kinds: str) -> list[NewField]:
        """Return the fields of some kinds, in order."""
        return [field for field in self.fields if field.kind in kinds]


def read_declaration(text: str) -> Declaration:
    """Return the declaration that a TOML text holds.

    Raises:
        DeclarationError: anything in it is missing, misspelt or taken.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"The file is not TOML: {error}.") from None
    _only(given, _KEYS, "The file")
    name = _matching(given, "name", _NAME, "small letters, digits and underscores")
    if keyword.iskeyword(name):
        raise DeclarationError(f"{name} is a word of Python; choose another name.")
    record = _words(given, "record")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*", record.en):
        raise DeclarationError("record.en becomes the name of a class: letters, digits and spaces.")
    fields = _fields(given.get("fields"))
    customers = [field for field in fields if field.kind == "customer"]
    panel = _flag(given, "panel", "The file", default=any(field.required for field in customers))
    if panel and len(customers) != 1:
        raise DeclarationError("A panel goes with one field of the kind customer.")
    steps = _flag(given, "steps", "The file", default=True)
    approval = _flag(given, "approval", "The file")
    hours = given.get("deadline_hours", 0)
    if type(hours) is not int or not 0 <= hours <= _MOST_HOURS:
        raise DeclarationError(f"deadline_hours must be a whole number up to {_MOST_HOURS}.")
    if not steps and (approval or hours):
        raise DeclarationError("approval and deadline_hours go with steps.")
    return Declaration(
        name=name, title=_words(given, "title"), record=record,
        number_prefix=_matching(given, "number_prefix", _LETTERS, "two to four capital letters"),
        icon=_matching({"icon": "file-text", **given}, "icon", _ICON, "the name of a Tabler icon"),
        steps=steps, approval=approval, deadline_hours=hours, panel=panel, fields=fields,
    )


def _fields(given: Any) -> tuple[NewField, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_FIELDS:
        raise DeclarationError(f"There must be one to {_MOST_FIELDS} [[fields]].")
    fields = tuple(map(_field, given))
    names = [field.column for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise DeclarationError(f"There are two fields {name}.")
    return fields


def _field(given: Any) -> NewField:
    if not isinstance(given, dict):
        raise DeclarationError("Each of the [[fields]] is a table.")
    name = _matching(given, "name", _NAME, "small letters, digits and underscores")
    place = f"Field {name}"
    _only(given, {"name", "kind", "label", "required", "unique", "choices"}, place)
    if name in TAKEN or f"{name}_id" in TAKEN or keyword.iskeyword(name) or name.endswith("_id"):
        raise DeclarationError(f"{place}: the name is taken; choose another.")
    kind = given.get("kind", "text")
    if kind not in KINDS:
        raise DeclarationError(f"{place}: kind must be one of {', '.join(KINDS)}.")
    field = NewField(
        name=name, kind=kind, label=_words(given, "label", place),
        required=_flag(given, "required", place), unique=_flag(given, "unique", place),
        choices=_choices(given.get("choices"), place),
    )
    if field.unique and (kind not in _UNIQUE_KINDS or not field.required):
        raise DeclarationError(
            f"{place}: unique goes with required and the kinds {', '.join(_UNIQUE_KINDS)}.")
    if bool(field.choices) != (kind == "choice"):
        raise DeclarationError(f"{place}: choices go with the kind choice, and with no other.")
    return field


def _choices(given: Any, place: str) -> tuple[tuple[str, Words], ...]:
    if given is None:
        return ()
    if not isinstance(given, dict) or not all(isinstance(item, dict) for item in given.values()):
        raise DeclarationError(f"{place}: choices are a table of values with en and zh.")
    for value in given:
        if not _NAME.fullmatch(value):
            raise DeclarationError(f"{place}: {value!r} is no value: small letters, digits, _.")
    return tuple((value, _words(given, value, place)) for value in given)


def _words(given: Mapping[str, Any], key: str, place: str = "The file") -> Words:
    held = given.get(key)
    if not isinstance(held, dict) or held.keys() != {"en", "zh"}:
        raise DeclarationError(f"{place}: {key} needs en and zh.")
    for text in held.values():
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_LABEL:
            raise DeclarationError(
                f"{place}: {key} must be texts of at most {_LONGEST_LABEL} characters."
            )
        # The texts become Python source; quoting cares for all but what cannot be read there.
        if not text.isprintable() or "%" in text:
            raise DeclarationError(f"{place}: {key} must be plain text without percent signs.")
    return Words(en=held["en"].strip(), zh=held["zh"].strip())


def _matching(given: Mapping[str, Any], key: str, pattern: re.Pattern[str], what: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise DeclarationError(f"{key} must be {what}, not {value!r}.")
    return value


def _flag(given: Mapping[str, Any], key: str, place: str, *, default: bool = False) -> bool:
    value = given.get(key, default)
    if not isinstance(value, bool):
        raise DeclarationError(f"{place}: {key} is true or false.")
    return value


def _only(given: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in given.keys() - known:
        raise DeclarationError(f"{place} holds {key}, which means nothing here.")
