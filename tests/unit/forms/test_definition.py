"""Form definitions: faults are told when the form is made; definitions travel as plain data."""

from __future__ import annotations

import json

import pytest

from app.forms.definition import Choice, Condition, Field, Form, FormError, Kind, Op

YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))


def test_a_form_survives_json_with_the_same_hash(feedback):
    again = Form.from_dict(json.loads(json.dumps(feedback.to_dict())))
    assert again == feedback
    assert hash(again) == hash(feedback)
    assert again.content_hash() == feedback.content_hash()


def test_the_hash_tells_any_change(feedback):
    other = feedback.to_dict()
    other["sections"][0]["fields"][0]["label"] = "Content"
    assert Form.from_dict(other).content_hash() != feedback.content_hash()


def test_an_empty_form_is_false(feedback):
    assert not Form.of("nothing")
    assert feedback


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([Field("a", Kind.TEXT, "A"), Field("a", Kind.TEXT, "B")], "two fields 'a'"),
        ([Field("A b", Kind.TEXT, "A")], "identifier"),
        ([Field("data", Kind.TEXT, "A")], "reserved"),
        ([Field("a", Kind.TEXT, "")], "needs a label"),
        ([Field("a", "colour", "A")], "unknown kind 'colour'"),
        ([Field("a", Kind.CHOICE, "A")], "choices exactly when"),
        ([Field("a", Kind.TEXT, "A", choices=YES_NO)], "choices exactly when"),
        ([Field("a", Kind.CHOICE, "A", choices=(*YES_NO, YES_NO[0]))], "distinct"),
        ([Field("a", Kind.RECORD, "A")], "target exactly when"),
        ([Field("a", Kind.INTEGER, "A", length=5)], "only a text has a length"),
        ([Field("a", Kind.INTEGER, "A", minimum=5, maximum=1)], "minimum above"),
        ([Field("a", Kind.TEXT, "A", visible_when=Condition("b"))], "no earlier field"),
        (
            [
                Field("b", Kind.CHOICE, "B", choices=YES_NO),
                Field("a", Kind.TEXT, "A", visible_when=Condition("b", Op.EQUALS, "maybe")),
            ],
            "'maybe', not a choice",
        ),
    ],
)
def test_faults_are_told_in_sentences(fields, sentence):
    with pytest.raises(FormError, match=sentence):
        Form.of("f", *fields)


def test_a_condition_may_not_look_ahead():
    later = Field("b", Kind.TEXT, "B")
    with pytest.raises(FormError, match="no earlier field"):
        Form.of("f", Field("a", Kind.TEXT, "A", required_when=Condition("b")), later)


@pytest.mark.parametrize(
    ("condition", "held", "expected"),
    [
        (Condition("x"), "a", True),
        (Condition("x"), "", False),
        (Condition("x"), [], False),
        (Condition("x"), 0, True),
        (Condition("x", Op.EMPTY), None, True),
        (Condition("x", Op.EQUALS, "a"), ["a", "b"], True),
        (Condition("x", Op.NOT_EQUALS, "a"), ["a", "b"], False),
        (Condition("x", Op.NOT_EQUALS, "a"), None, True),
        (Condition("x", Op.ONE_OF, ("a", "c")), "c", True),
        (Condition("x", Op.AT_LEAST, 3), 3, True),
        (Condition("x", Op.AT_LEAST, 3), None, False),
        (Condition("x", Op.AT_MOST, 3), 4, False),
    ],
)
def test_conditions(condition, held, expected):
    assert condition.holds({"x": held}) is expected
