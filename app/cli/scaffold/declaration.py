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

A choice and several choices name their values, a record the kind that it leads to:

    [[fields]]
    name = "complaint"
    kind = "record"
    of = "complaints.complaint"
    label = {en = "Complaint", zh = "投诉"}
"""

from __future__ import annotations

import dataclasses
import keyword
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from app.cli.scaffold.reading import NAME, DeclarationError, Words, flag, matching, only, words
from app.cli.scaffold.steps import RESULT, Steps, read_steps, ready_made

KINDS = (
    "text", "long_text", "phone", "id_number", "number", "amount", "date", "moment", "yes_no",
    "choice", "choices", "file", "record", "customer", "vehicle", "loan", "department", "person",
)
# Kinds that refer to a row: its table and its class.
TARGETS = {
    "customer": ("customers_customer", "Customer"), "vehicle": ("customers_vehicle", "Vehicle"),
    "loan": ("customers_loan", "Loan"), "department": ("people_department", "Department"),
    "person": ("ab_user", "User"),
}
# What two records can be told apart by; an encrypted value is another one each time.
_UNIQUE_KINDS = ("text", "number")
_NEVER_REQUIRED = {
    "file": "a file is chosen once the record is there",
    "record": "a record of another plugin is there only while that plugin is on",
}
# What is chosen in a form, where there is room for it.
_NOT_IN_CELLS = ("choices", "file", "record")
_CHOICE_KINDS = ("choice", "choices")
_RECORD_TYPE = re.compile(r"[a-z][a-z0-9_]{1,29}\.[a-z][a-z0-9_]{1,29}")
_LETTERS = re.compile(r"[A-Z]{2,4}")
_ICON = re.compile(r"[a-z][a-z0-9-]{1,40}")
_KEYS = {"name", "title", "record", "number_prefix", "icon", "steps", "approval", "deadline_hours",
         "panel", "fields", "states", "transitions"}
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


@dataclasses.dataclass(frozen=True, slots=True)
class NewField:
    """A field of the record.

    Attributes:
        name: name in Python and in addresses.
        kind: one of ``KINDS``.
        label: what people read.
        required: whether a record must have it.
        unique: whether no two records may have the same.
        choices: values with their labels, for the kinds ``choice`` and ``choices``.
        of: kind of record that the kind ``record`` leads to.
    """

    name: str
    kind: str
    label: Words
    required: bool = False
    unique: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    of: str = ""

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
        steps: their states and the ways between them; ``None`` for records without a workflow.
        deadline_hours: working hours in which a record is to be done; 0 for no deadline.
        panel: whether they stand in a tab on the page of their customer.
        fields: fields in the order of form and page.
    """

    name: str
    title: Words
    record: Words
    number_prefix: str
    icon: str
    steps: Steps | None
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
        return [field for field in self.listed[1:]
                if not field.target and field.kind not in _NOT_IN_CELLS]

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
    only(given, _KEYS, "The file")
    name = matching(given, "name", NAME, "small letters, digits and underscores")
    if keyword.iskeyword(name):
        raise DeclarationError(f"{name} is a word of Python; choose another name.")
    record = words(given, "record")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*", record.en):
        raise DeclarationError("record.en becomes the name of a class: letters, digits and spaces.")
    fields = _fields(given.get("fields"))
    customers = [field for field in fields if field.kind == "customer"]
    panel = flag(given, "panel", "The file", default=any(field.required for field in customers))
    if panel and len(customers) != 1:
        raise DeclarationError("A panel goes with one field of the kind customer.")
    title = words(given, "title")
    steps = _steps(given, f"{name}.{record.en}", title.en)
    hours = given.get("deadline_hours", 0)
    if type(hours) is not int or not 0 <= hours <= _MOST_HOURS:
        raise DeclarationError(f"deadline_hours must be a whole number up to {_MOST_HOURS}.")
    if steps is None and hours:
        raise DeclarationError("deadline_hours go with steps.")
    if steps is not None and steps.asks_result and RESULT in {field.name for field in fields}:
        raise DeclarationError(f"Field {RESULT}: a step writes it; choose another name.")
    return Declaration(
        name=name, title=title, record=record,
        number_prefix=matching(given, "number_prefix", _LETTERS, "two to four capital letters"),
        icon=matching({"icon": "file-text", **given}, "icon", _ICON, "the name of a Tabler icon"),
        steps=steps, deadline_hours=hours, panel=panel, fields=fields,
    )


def _steps(given: Mapping[str, Any], name: str, title: str) -> Steps | None:
    wanted = flag(given, "steps", "The file", default=True)
    approval = flag(given, "approval", "The file")
    own = "states" in given or "transitions" in given
    if not wanted and (approval or own):
        raise DeclarationError("approval, states and transitions go with steps.")
    if approval and own:
        raise DeclarationError("approval adds to the ready-made steps; among your own, say which "
                               "of the transitions is one.")
    if not wanted:
        return None
    return read_steps(given, name, title) if own else ready_made(name, title, approval=approval)


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
    name = matching(given, "name", NAME, "small letters, digits and underscores")
    place = f"Field {name}"
    only(given, {"name", "kind", "label", "required", "unique", "choices", "of"}, place)
    if name in TAKEN or f"{name}_id" in TAKEN or keyword.iskeyword(name) or name.endswith("_id"):
        raise DeclarationError(f"{place}: the name is taken; choose another.")
    kind = given.get("kind", "text")
    if kind not in KINDS:
        raise DeclarationError(f"{place}: kind must be one of {', '.join(KINDS)}.")
    field = NewField(
        name=name, kind=kind, label=words(given, "label", place),
        required=flag(given, "required", place), unique=flag(given, "unique", place),
        choices=_choices(given.get("choices"), place), of=given.get("of", ""),
    )
    _check_kind(field, place)
    return field


def _check_kind(field: NewField, place: str) -> None:
    if field.unique and (field.kind not in _UNIQUE_KINDS or not field.required):
        raise DeclarationError(
            f"{place}: unique goes with required and the kinds {', '.join(_UNIQUE_KINDS)}.")
    if bool(field.choices) != (field.kind in _CHOICE_KINDS):
        raise DeclarationError(
            f"{place}: choices go with the kinds {', '.join(_CHOICE_KINDS)}, and with no other.")
    if bool(field.of) != (field.kind == "record"):
        raise DeclarationError(f"{place}: of goes with the kind record, and with no other.")
    if field.of:
        matching({"of": field.of}, "of", _RECORD_TYPE, "a kind of record, as complaints.complaint")
    if field.required and field.kind in _NEVER_REQUIRED:
        raise DeclarationError(f"{place}: {_NEVER_REQUIRED[field.kind]}, and cannot be required.")


def _choices(given: Any, place: str) -> tuple[tuple[str, Words], ...]:
    if given is None:
        return ()
    if not isinstance(given, dict) or not all(isinstance(item, dict) for item in given.values()):
        raise DeclarationError(f"{place}: choices are a table of values with en and zh.")
    for value in given:
        if not NAME.fullmatch(value):
            raise DeclarationError(f"{place}: {value!r} is no value: small letters, digits, _.")
    return tuple((value, words(given, value, place)) for value in given)
