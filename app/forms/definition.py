"""Forms as data: sections, fields, conditions, points. Pure.

One mechanism for transition forms, customer templates, surveys, appraisals and inspections. A
definition is checked as a whole when it is made; ``app.forms.cleaning`` reads values by it and
``app.forms.build`` makes a web form of it.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# Attributes that every web form has; a field of that name would hide them.
RESERVED = frozenset(
    {
        "cleaned", "csrf_token", "data", "definition", "errors", "form_errors", "hidden_tag",
        "is_submitted", "meta", "populate_obj", "process", "validate", "validate_on_submit", "zone",
    }
)


class FormError(ValueError):
    """A form contradicts itself; ``problems`` holds one sentence for each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class Kind(enum.StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    PERSON = "person"
    DEPARTMENT = "department"
    RECORD = "record"
    FILE = "file"
    # The password of the person who acts, entered again; the operation checks it.
    SIGNATURE = "signature"
    RATING = "rating"


CHOOSING = frozenset({Kind.CHOICE, Kind.MULTI_CHOICE})
NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RATING})
TEXTUAL = frozenset({Kind.TEXT, Kind.LONG_TEXT})
REFERRING = frozenset({Kind.PERSON, Kind.DEPARTMENT, Kind.RECORD})
LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 50_000


class Op(enum.StrEnum):
    """How a condition compares the value of another field."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ONE_OF = "one_of"
    FILLED = "filled"
    EMPTY = "empty"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A comparison with the cleaned value of an earlier field.

    Attributes:
        field: name of the earlier field.
        op: comparison.
        value: what it is compared with; a tuple for ``one_of``, unused for ``filled`` and
            ``empty``. Against several chosen values, ``equals`` and ``one_of`` ask for any.
    """

    field: str
    op: Op = Op.FILLED
    value: Any = None

    def __post_init__(self) -> None:
        # Definitions are kept by their content, so every part must be hashable.
        if isinstance(self.value, list):
            object.__setattr__(self, "value", tuple(self.value))

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Return whether the comparison is true of cleaned values."""
        held = values.get(self.field)
        filled = held not in (None, "", (), [])
        if self.op is Op.FILLED:
            return filled
        if self.op is Op.EMPTY:
            return not filled
        if self.op in (Op.AT_LEAST, Op.AT_MOST):
            if not filled:
                return False
            return held >= self.value if self.op is Op.AT_LEAST else held <= self.value
        wanted = self.value if self.op is Op.ONE_OF else (self.value,)
        found = any(one in wanted for one in (held if isinstance(held, list | tuple) else (held,)))
        return not found if self.op is Op.NOT_EQUALS else found


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be chosen, and the points it is worth in a scored form."""

    value: str
    label: str
    points: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        name: lower-case identifier, unique in the form.
        kind: what it holds.
        label: English message id shown above it.
        required: whether it must be filled whenever it is visible.
        help: a sentence below it.
        choices: for choosing kinds.
        visible_when: it is asked only when this holds; hidden, it is empty and never an error.
        required_when: it must be filled when this holds.
        minimum, maximum: bounds of a number or a date (dates as ISO texts), of the count of
            files or chosen values; ``maximum`` is the highest mark of a rating (5 by default).
        length: most characters of a text.
        default: value shown in a fresh form.
        target: for a record: its type, e.g. ``customers.customer``; for a value of a dictionary:
            its name, e.g. ``complaints.cause``.
        places: decimal places of a decimal.
    """

    name: str
    kind: Kind
    label: str
    required: bool = False
    help: str = ""
    choices: tuple[Choice, ...] = ()
    visible_when: Condition | None = None
    required_when: Condition | None = None
    minimum: Any = None
    maximum: Any = None
    length: int | None = None
    default: Any = None
    target: str = ""
    places: int = 2

    def __post_init__(self) -> None:
        if isinstance(self.default, list):
            object.__setattr__(self, "default", tuple(self.default))

    @property
    def most_characters(self) -> int:
        """The longest text that is taken."""
        return self.length or (LONGEST_TEXT if self.kind is Kind.TEXT else LONGEST_LONG_TEXT)

    def is_visible(self, values: Mapping[str, Any]) -> bool:
        """Return whether the field is asked for, given the cleaned values of earlier fields."""
        return self.visible_when is None or self.visible_when.holds(values)

    def is_required(self, values: Mapping[str, Any]) -> bool:
        """Return whether a visible field must be filled."""
        return self.required or bool(self.required_when and self.required_when.holds(values))


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    name: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """A whole form, checked when it is made.

    Attributes:
        name: lower-case identifier.
        title: English message id.
        sections: in order.

    Raises:
        FormError: the form contradicts itself.
    """

    name: str
    title: str
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise FormError(problems)

    @classmethod
    def of(cls, name: str, *fields: Field, title: str = "") -> Form:
        """Return a form of one section without a heading."""
        return cls(name, title, (Section("main", "", fields),))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in order."""
        return tuple(field for section in self.sections for field in section.fields)

    def __bool__(self) -> bool:
        return any(section.fields for section in self.sections)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``from_dict`` makes an equal form; defaults left out."""
        return _plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Form:
        """Return the form that ``to_dict`` described (also after a trip through JSON).

        Raises:
            FormError: the form contradicts itself.
            KeyError, TypeError, ValueError: a part is missing, unknown or malformed.
        """
        sections = tuple(
            Section(**{**section, "fields": tuple(map(_field, section["fields"]))})
            for section in values["sections"]
        )
        return cls(values["name"], values.get("title", ""), sections)

    def content_hash(self) -> str:
        """Return a short hash that is the same for equal forms, on every machine."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        required = {"name", "kind", "label", "title", "sections", "fields", "value", "op", "field"}
        return {
            one.name: _plain(held)
            for one in dataclasses.fields(value)
            if (held := getattr(value, one.name)) != one.default or one.name in required
        }
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, enum.Enum) else value


def _condition(values: Mapping[str, Any] | None) -> Condition | None:
    if values is None:
        return None
    return Condition(values["field"], Op(values["op"]), values.get("value"))


def _field(values: Mapping[str, Any]) -> Field:
    return Field(
        **{
            **values,
            "kind": Kind(values["kind"]),
            "choices": tuple(Choice(**choice) for choice in values.get("choices", ())),
            "visible_when": _condition(values.get("visible_when")),
            "required_when": _condition(values.get("required_when")),
        }
    )


def _problems(form: Form) -> Iterator[str]:
    if not NAME.match(form.name):
        yield f"Form name {form.name!r} must be a lower-case identifier."
    sections = [section.name for section in form.sections]
    for name in sorted({name for name in sections if sections.count(name) > 1}):
        yield f"Form {form.name!r} has two sections {name!r}."
    seen: dict[str, Field] = {}
    for field in form.fields:
        if field.name in seen:
            yield f"Form {form.name!r} has two fields {field.name!r}."
        yield from _field_problems(field, seen)
        seen[field.name] = field


def _field_problems(field: Field, earlier: Mapping[str, Field]) -> Iterator[str]:
    name = f"Field {field.name!r}"
    if not NAME.match(field.name) or field.name in RESERVED:
        yield f"{name} must have a lower-case identifier that is not reserved as its name."
    if not field.label:
        yield f"{name} needs a label."
    if not isinstance(field.kind, Kind):
        yield f"{name} is of unknown kind {field.kind!r}."
    yield from _kind_problems(field, name)
    for condition in (field.visible_when, field.required_when):
        if condition and condition.field not in earlier:
            yield f"{name} depends on {condition.field!r}, which is no earlier field."
        elif condition and isinstance(condition.op, Op):
            yield from _value_problems(name, condition, earlier[condition.field])


def _kind_problems(field: Field, name: str) -> Iterator[str]:
    """Yield what does not go with the kind of a field: choices, target, length, limits."""
    values = [choice.value for choice in field.choices]
    if (field.kind in CHOOSING) != bool(values):
        yield f"{name} needs choices exactly when its kind is choice or multi_choice."
    if len(set(values)) < len(values) or "" in values:
        yield f"{name} must have distinct, non-empty choices."
    if (field.kind is Kind.RECORD) != bool(field.target):
        yield f"{name} needs a target exactly when its kind is record."
    if field.length is not None and (field.kind not in TEXTUAL or field.length < 1):
        yield f"{name}: only a text has a length, of at least 1."
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and low > high:
        yield f"{name} has a minimum above its maximum."


def _value_problems(name: str, condition: Condition, held: Field) -> Iterator[str]:
    """Yield the values a condition asks for that the field it asks has no choice for."""
    options = {choice.value for choice in held.choices}
    asked = condition.value if condition.op is Op.ONE_OF else (condition.value,)
    by_value = condition.op in (Op.EQUALS, Op.NOT_EQUALS, Op.ONE_OF)
    for value in asked if by_value and options else ():
        if value not in options:
            yield f"{name} depends on {condition.field!r} being {value!r}, not a choice."
