"""Data of events against their declaration."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.collaboration.events import problem_of
from app.host.collaboration import Event, EventField

KINDS = {str: st.text(), int: st.integers(), float: st.floats(allow_nan=False) | st.integers(),
         bool: st.booleans(), list: st.lists(st.integers()),
         dict: st.dictionaries(st.text(), st.integers())}


@st.composite
def declared(draw):
    """An event and data as it declares them."""
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True))
    fields, data = [], {}
    for name in names:
        kind, required = draw(st.sampled_from(list(KINDS))), draw(st.booleans())
        fields.append(EventField(name=name, kind=kind, text="", required=required))
        if required or draw(st.booleans()):
            data[name] = draw(KINDS[kind])
    return Event(name="x.y", title="", fields=tuple(fields)), data


@given(declared())
def test_data_as_declared_fit(pair):
    event, data = pair
    assert problem_of(event, data) == ""


@given(declared(), st.text(min_size=2))
def test_a_value_that_is_not_declared_is_named(pair, name):
    event, data = pair
    assert problem_of(event, {**data, name: 1}) == f"{name} is not declared"


@given(declared())
def test_what_is_required_must_be_there(pair):
    event, data = pair
    for field in event.fields:
        without = {name: value for name, value in data.items() if name != field.name}
        missing = f"{field.name} is missing"
        assert problem_of(event, without) == (missing if field.required else "")
        assert problem_of(event, {**data, field.name: None}) == (
            missing if field.required else "")


@given(declared())
def test_a_value_of_another_kind_does_not_fit(pair):
    event, data = pair
    for field in event.fields:
        wrong = 1 if field.kind in (str, bool, list, dict) else "1"
        assert problem_of(event, {**data, field.name: wrong}).startswith(f"{field.name} must be")
