"""What authors write as answers, and what is right."""

from __future__ import annotations

import random

import pytest

from app.sdk.workflow import Form
from plugins.training.exams import answers as forms

CHOICE = "*退还\n不退\n*说明"


@pytest.mark.parametrize(("kind", "text"), [
    ("single", "a\nb"), ("single", "*a\n*b"), ("single", "*a"), ("single", "*a\na"),
    ("multiple", "a\nb"), ("single", "*\nb"), ("true_false", "maybe"), ("number", "many"),
    ("number", "5..1"), ("ordering", "first"), ("single", "\n".join("*abcdefghijklmn")),
])
def test_answers_that_do_not_fit_are_refused(kind, text):
    with pytest.raises(forms.BadAnswers):
        forms.read(kind, text)


@pytest.mark.parametrize(("kind", "text", "given", "right"), [
    ("single", "*a\nb", ["0"], True), ("single", "*a\nb", ["1"], False),
    ("multiple", CHOICE, ["2", "0"], True), ("multiple", CHOICE, ["0"], False),
    ("multiple", CHOICE, ["0", "1", "2"], False),
    ("true_false", "对", ["0"], True), ("true_false", "false", ["0"], False),
    ("number", "42", ["42"], True), ("number", "42 ± 0.5", ["41.5"], True),
    ("number", "42 ± 0.5", ["41.4"], False), ("number", "1..5", ["5"], True),
    ("number", "15000", ["15,000"], True),
    ("ordering", "a\nb\nc", ["0", "1", "2"], True), ("ordering", "a\nb\nc", ["1", "0", "2"], False),
    ("ordering", "a\nb\nc", ["0", "0", "0"], False), ("ordering", "a\nb\nc", ["0"], False),
    ("text", "model", ["whatever"], None), ("text", "model", [" "], False),
    ("single", "*a\nb", [], False),
])
def test_right_and_wrong(kind, text, given, right):
    answers = forms.read(kind, text)
    assert forms.is_right(answers, forms.clean(answers, given)) is right


@pytest.mark.parametrize(("kind", "text", "given"), [
    ("single", "*a\nb", ["2"]), ("single", "*a\nb", ["0", "1"]), ("single", "*a\nb", ["-1"]),
    ("number", "1", ["nan"]), ("number", "1", ["1e99"]), ("number", "1", ["1", "2"]),
    ("ordering", "a\nb", ["9", "1"]),
])
def test_what_is_no_answer_is_refused(kind, text, given):
    with pytest.raises(forms.BadAnswers):
        forms.clean(forms.read(kind, text), given)


@pytest.mark.parametrize(("typed", "shown"), [
    ("1234567", "1234567"), ("1,234,567.25", "1234567.25"), ("0.000001", "0.000001"),
    ("-40", "-40"), ("100", "100")])
def test_a_number_is_shown_in_full_and_read_again_as_the_same(typed, shown):
    answers = forms.read("number", "1")
    given = forms.clean(answers, [typed])
    assert forms.typed(answers, given) == shown
    assert forms.clean(answers, [shown]) == given


@pytest.mark.parametrize("kind", forms.KINDS)
def test_an_answer_is_read_as_the_field_of_any_form_is(kind):
    """The exam knows what is right; what is a number, a text or a choice the forms say."""
    written = {"true_false": "true", "number": "1", "text": ""}.get(kind, "*a\nb")
    form = Form.of("question", forms.field_of(forms.read(kind, written)))
    assert form.fields[0].name == "answer"
    if kind == "text":
        with pytest.raises(forms.BadAnswers, match="5000"):
            forms.clean(forms.read(kind, written), ["x" * 5001])


def test_options_are_shown_in_any_order_but_true_comes_first():
    options = forms.read("single", "*a\nb\nc\nd")
    assert sorted(forms.shuffled(options, random.Random(1))) == [0, 1, 2, 3]
    assert forms.shuffled(forms.read("true_false", "true"), random.Random(1)) == [0, 1]
