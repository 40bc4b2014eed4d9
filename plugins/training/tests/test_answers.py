"""What authors write as answers, and what is right."""

from __future__ import annotations

import random

import pytest

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
    ("number", "1", ["nan"]), ("number", "1", ["1e9"]), ("number", "1", ["1", "2"]),
    ("ordering", "a\nb", ["9", "1"]),
])
def test_what_is_no_answer_is_refused(kind, text, given):
    with pytest.raises(forms.BadAnswers):
        forms.clean(forms.read(kind, text), given)


def test_options_are_shown_in_any_order_but_true_comes_first():
    options = forms.read("single", "*a\nb\nc\nd")
    assert sorted(forms.shuffled(options, random.Random(1))) == [0, 1, 2, 3]
    assert forms.shuffled(forms.read("true_false", "true"), random.Random(1)) == [0, 1]
