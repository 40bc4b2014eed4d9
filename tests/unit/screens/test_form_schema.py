"""A form as JSON Schema takes and refuses what the form itself takes and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.forms.cleaning import HIGHEST_ID, clean
from app.forms.definition import Choice, Condition, Field, Form, Kind, Op
from app.screens.api.form_schema import NOT_OVER_REST, form_schema

OPTIONS = (Choice("high", "High"), Choice("low", "Low"))
DAY, MOMENT = "2026-01-31", "2026-01-31T08:00:00+08:00"
# By kind: further attributes of the field, values that fit, values that do not.
CASES: dict[Kind, tuple[dict[str, Any], list[Any], list[Any]]] = {
    Kind.TEXT: ({"length": 5}, ["a", "a b c"], ["abcdef", 1, ["a"], {}]),
    Kind.LONG_TEXT: ({"length": 5}, ["a\nb"], ["abcdef", 1]),
    Kind.INTEGER: ({"minimum": 2, "maximum": 4}, [2, 4], [1, 5, 2.5, "x", True, {}]),
    Kind.DECIMAL: ({"minimum": 2, "maximum": 4}, [2, 3.25, 4], [1.5, 4.5, "x", True, {}]),
    Kind.DATE: ({}, [DAY], [7, {}]),
    Kind.DATETIME: ({}, [MOMENT], [7, {}]),
    Kind.BOOLEAN: ({}, [True, False], ["perhaps", {}, 7]),
    Kind.CHOICE: ({"choices": OPTIONS}, ["high", "low"], ["none", 1, {}]),
    Kind.MULTI_CHOICE: (
        {"choices": OPTIONS, "maximum": 1}, [["high"]], [["none"], ["high", "low"], {}]),
    Kind.PERSON: ({}, [1, HIGHEST_ID], [0, -1, HIGHEST_ID + 1, True, "x", {}]),
    Kind.DEPARTMENT: ({}, [1], [0, "x"]),
    Kind.RECORD: ({"target": "customers.customer"}, [1], [0, "x"]),
    Kind.RATING: ({"maximum": 3}, [1, 3], [0, 4, 1.5, "x"]),
}


def form_of(*fields: Field) -> Form:
    return Form.of("asked", *fields)


def plain(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 in the words of JSON Schema: null is a type there."""
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found


def fits(form: Form, values: dict[str, Any]) -> bool:
    return Draft202012Validator(plain(form_schema(form))).is_valid(values)


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("kind", sorted(set(Kind) - NOT_OVER_REST))
def test_both_take_and_refuse_the_same(kind, required):
    further, good, bad = CASES[kind]
    form = form_of(Field("asked", kind, "Asked", required=required, **further))
    for value in good:
        assert fits(form, {"asked": value}) and not clean(form, {"asked": value})[1], value
    for value in bad:
        assert not fits(form, {"asked": value}) and clean(form, {"asked": value})[1], value
    for values in ({}, {"asked": None}):
        assert fits(form, values) is not required
        assert bool(clean(form, values)[1]) is required


@given(least=st.none() | st.integers(-50, 50), span=st.none() | st.integers(0, 50),
       value=st.integers(-120, 120))
def test_bounds_are_the_same(least, span, value):
    most = None if span is None else (least or 0) + span
    form = form_of(Field("asked", Kind.INTEGER, "Asked", minimum=least, maximum=most))
    assert fits(form, {"asked": value}) is not bool(clean(form, {"asked": value})[1])


def test_a_field_that_is_asked_under_a_condition_is_not_required_outright():
    form = form_of(
        Field("kind", Kind.CHOICE, "Kind", required=True, choices=OPTIONS),
        Field("why", Kind.TEXT, "Why", required=True,
              visible_when=Condition("kind", Op.EQUALS, "high")),
        Field("note", Kind.TEXT, "Note", required_when=Condition("kind", Op.EQUALS, "low")),
    )
    schema = form_schema(form)
    assert schema["required"] == ["kind"]
    assert schema["properties"]["why"]["x-asked-when"] == {
        "field": "kind", "op": "equals", "value": "high"}
    assert schema["properties"]["note"]["x-required-when"]["value"] == "low"


def test_files_are_not_offered():
    form = form_of(Field("proof", Kind.FILE, "Proof"), Field("word", Kind.TEXT, "Word"))
    assert list(form_schema(form)["properties"]) == ["word"]
