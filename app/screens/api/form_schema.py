"""A form as JSON Schema, in the dialect of OpenAPI 3.0: what REST takes for its fields. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.forms.cleaning import HIGHEST_ID
from app.forms.definition import Condition, Field, Form, Kind

# Files lie on records: an ability has none that such a field could name. A signature is given on
# the page, with a password.
NOT_OVER_REST = frozenset({Kind.FILE, Kind.SIGNATURE})


def form_schema(form: Form, text: Callable[[str], str] = str) -> dict[str, Any]:
    """Return what ``clean`` takes for a form.

    Args:
        form: the form.
        text: returns a message id in the language of whoever reads.

    Returns:
        A schema of an object with a property for each field that may come over REST. Conditions
        of fields stand under ``x-asked-when`` and ``x-required-when``.
    """
    fields = [field for field in form.fields if field.kind not in NOT_OVER_REST]
    schema: dict[str, Any] = {
        "type": "object", "properties": {field.name: _property(field, text) for field in fields}}
    required = [field.name for field in fields if is_always_required(field)]
    # An empty list is no JSON Schema of OpenAPI 3.0.
    return schema | ({"required": required} if required else {})


def is_always_required(field: Field) -> bool:
    """Return whether a field must be filled whatever else is."""
    return field.required and field.visible_when is None


def _property(field: Field, text: Callable[[str], str]) -> dict[str, Any]:
    found = {"title": text(field.label), **_KINDS[field.kind](field)}
    if field.help:
        found["description"] = text(field.help)
    if not is_always_required(field):
        found["nullable"] = True
    if field.visible_when is not None:
        found["x-asked-when"] = _condition(field.visible_when)
    if field.required_when is not None:
        found["x-required-when"] = _condition(field.required_when)
    return found


def _condition(condition: Condition) -> dict[str, Any]:
    return {"field": condition.field, "op": condition.op.value, "value": condition.value}


def _bounds(least: Any, most: Any) -> dict[str, Any]:
    bounds = {"minimum": least, "maximum": most}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _text(field: Field) -> dict[str, Any]:
    least = {"minLength": 1} if is_always_required(field) else {}
    return {"type": "string", **least, "maxLength": field.most_characters}


def _number(kind: str) -> Callable[[Field], dict[str, Any]]:
    return lambda field: {"type": kind, **_bounds(field.minimum, field.maximum)}


def _rating(field: Field) -> dict[str, Any]:
    return {"type": "integer", **_bounds(
        1 if field.minimum is None else field.minimum,
        5 if field.maximum is None else field.maximum)}


def _choice(field: Field) -> dict[str, Any]:
    values: list[Any] = [choice.value for choice in field.choices]
    # A value that may be null has null among its values.
    return {"type": "string", "enum": values if is_always_required(field) else [*values, None]}


def _multi_choice(field: Field) -> dict[str, Any]:
    values = [choice.value for choice in field.choices]
    found: dict[str, Any] = {"type": "array", "items": {"type": "string", "enum": values}}
    if is_always_required(field):
        found["minItems"] = max(1, field.minimum or 0)
    if field.maximum is not None:
        found["maxItems"] = field.maximum
    return found


def _row(field: Field) -> dict[str, Any]:
    target = {"x-record-type": field.target} if field.target else {}
    return {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID, **target}


_KINDS: Mapping[Kind, Callable[[Field], dict[str, Any]]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _number("integer"),
    Kind.DECIMAL: _number("number"),
    Kind.DATE: lambda field: {"type": "string", "format": "date"},
    Kind.DATETIME: lambda field: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: lambda field: {"type": "boolean"},
    Kind.CHOICE: _choice,
    Kind.MULTI_CHOICE: _multi_choice,
    Kind.PERSON: _row,
    Kind.DEPARTMENT: _row,
    Kind.RECORD: _row,
    Kind.RATING: _rating,
}
