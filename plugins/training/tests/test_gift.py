"""GIFT files are read with a report of bad lines, and written so that they are read back."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.training.exams import answers as forms
from plugins.training.exams.gift import GiftQuestion, read, write

FILE = """// A comment
$CATEGORY: top/车贷

::Q1:: 提前还款要违约金吗? {
  =看合同 #对
  ~一定要
  ~一定不要
  ####以合同约定为准
}

// difficulty: hard
// points: 2
哪些是身份材料? {~%50%身份证 ~%50%户口簿 ~%-100%会员卡}

The line is open on Sundays. {FALSE}

Rings before one answers? {#3:0}

Interest of a year {#4..5}

Order the steps. {=登记 -> 1 =受理 -> 2 =分派 -> 3}

Explain why. {}

Match them. {=a -> x =b -> y}

No answers here.

A broken one {a ~b}

Grant{=ed ~ing} access
"""


def test_a_file_with_every_kind():
    found, problems = read(FILE)
    assert [(one.kind, one.answers) for one in found] == [
        ("single", "*看合同\n一定要\n一定不要"), ("multiple", "*身份证\n*户口簿\n会员卡"),
        ("true_false", "false"), ("number", "3 ± 0"), ("number", "4..5"),
        ("ordering", "登记\n受理\n分派"), ("text", ""), ("single", "*ed\ning"),
    ]
    assert found[0].text == "提前还款要违约金吗?" and found[0].explanation == "以合同约定为准"
    assert {one.topic for one in found} == {"车贷"}
    assert (found[1].difficulty, found[1].points, found[0].points) == ("hard", 2, None)
    assert found[-1].text == "Grant _____ access"
    assert [(one.line, one.text[:8]) for one in problems] == [
        (25, "Match th"), (27, "No answe"), (29, "A broken")]


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1,
                max_size=12)
# What the format itself gives a meaning at the beginning of a line or of an option.
plain = words.filter(lambda text: not text.startswith(("//", "$", "*", "[", "%", "::"))
                     and "->" not in text and text.strip() == text)
options = st.lists(plain, min_size=2, max_size=5, unique=True)


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(forms.KINDS))
    texts = draw(options)
    answers = {
        "single": lambda: "\n".join(["*" + texts[0], *texts[1:]]),
        "multiple": lambda: "\n".join(["*" + texts[0], "*" + texts[1], *texts[2:]]),
        "true_false": lambda: draw(st.sampled_from(("true", "false"))),
        "number": lambda: f"{draw(st.integers(-99, 99))}.0..{draw(st.integers(100, 999))}.0",
        "ordering": lambda: "\n".join(texts),
        "text": lambda: texts[0],
    }[kind]()
    return GiftQuestion(0, kind, draw(plain), answers, draw(st.just("") | plain),
                        difficulty=draw(st.sampled_from(("", "easy", "hard"))))


@given(st.lists(questions(), max_size=4))
def test_what_is_written_is_read_back(several):
    found, problems = read(write(several))
    assert problems == []
    assert [dataclasses.replace(one, line=0) for one in found] == several


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    read(text)


@pytest.mark.parametrize("text", ["{", "}{", "a {=", "a {#}", "a {=a -> 1 =b}"])
def test_bad_lines_are_reported(text):
    _found, problems = read(text)
    assert problems
