"""Scripts as text: read, refused with the reason, and every way through comes to its end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.callbacks.initial_scripts import SCRIPTS
from plugins.callbacks.script_text import (
    LEVELS,
    BadScript,
    longest_way,
    next_question,
    on_the_way,
    read,
    tree,
    walk,
)

SCRIPT = """
[service: level] Were you satisfied?
satisfied -> thanks
fair, dissatisfied -> reason

[reason: text] What was wrong?

[visit: date] When may we see you?
[thanks: say] Thank you.
"""


def answer_for(question, draw) -> str:
    """Return some answer to a question."""
    if question.answers:
        return draw(st.sampled_from(question.answers))
    return {"say": "", "date": "2026-12-01"}.get(question.kind, "text")


@st.composite
def scripts(draw) -> str:
    """Texts of scripts in which every branch leads forward."""
    names = [f"q{number}" for number in range(draw(st.integers(1, 7)))]
    lines = []
    for place, name in enumerate(names):
        kind = draw(st.sampled_from(("level", "text", "date", "say", "choice: a; b; c")))
        lines.append(f"[{name}: {kind}] What about {name}?")
        answers = {"level": LEVELS, "choice: a; b; c": ("a", "b", "c")}.get(kind, ())
        later = [*names[place + 1:], "end"]
        for answer in draw(st.lists(st.sampled_from(answers), unique=True)) if answers else ():
            lines.append(f"{answer} -> {draw(st.sampled_from(later))}")
    return "\n".join(lines)


@settings(deadline=None)
@given(scripts(), st.data())
def test_every_way_through_ends_and_is_no_longer_than_the_longest(text, data):
    try:
        script = read(text)
    except BadScript as error:
        assert all("no answer leads" in str(one.msgid) for one in error.problems)
        return
    answers: dict[str, str] = {}
    for _ in range(len(script.questions) + 1):
        question = next_question(script, answers)
        if question is None:
            break
        assert question.name not in answers
        answers[question.name] = answer_for(question, data.draw)
    assert next_question(script, answers) is None
    assert list(on_the_way(script, answers)) == list(answers)
    asked = sum(question.asks for question, _ in walk(script, answers))
    assert asked <= longest_way(script)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SCRIPTS), st.data())
def test_every_way_through_the_scripts_of_the_product_ends(initial, data):
    script, answers = read(initial.text), {}
    while (question := next_question(script, answers)) is not None:
        answers[question.name] = answer_for(question, data.draw)
    assert len(answers) >= (1 if initial.purpose == "greeting" else 3)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_with_reasons(text):
    try:
        script = read(text)
    except BadScript as error:
        assert error.problems
    else:
        assert next_question(script, {}) is not None


def test_several_answers_lead_to_one_branch():
    script = read(SCRIPT)
    for answer in ("fair", "dissatisfied"):
        assert next_question(script, {"service": answer}).name == "reason"
    assert next_question(script, {"service": "satisfied"}).name == "thanks"


def test_a_corrected_answer_leaves_the_other_branch():
    script = read(SCRIPT)
    answers = {"service": "satisfied", "reason": "late", "thanks": ""}
    assert on_the_way(script, answers) == {"service": "satisfied", "thanks": ""}


def test_what_is_no_answer_does_not_count():
    script = read(SCRIPT)
    assert next_question(script, {"service": "superb"}).name == "service"
    assert next_question(
        script, {"service": "fair", "reason": "late", "visit": "tomorrow"}).name == "visit"


def test_a_chinese_script_names_the_levels_in_chinese():
    script = read("[service: level] 您满意吗？\n一般，不满意 -> reason\n-> end\n[reason: text] 为什么？")
    assert next_question(script, {"service": "fair"}).name == "reason"
    assert next_question(script, {"service": "satisfied"}) is None


@pytest.mark.parametrize(("text", "reason"), [
    ("", "no question"),
    ("fair -> end", "begin with a question"),
    ("[a: level] What?\n[b", "neither a question"),
    ("[a: mood] What?", "the kind is"),
    ("[a: level]", "write what is said"),
    ("[a: level] What?\n[a: level] What?", "name is taken"),
    ("[end: level] What?", "name is taken"),
    ("[a: choice: one] What?", "two answers"),
    ("[a: choice: one; one] What?", "named twice"),
    ("[a: text: one; two] What?", "only a choice"),
    ("[a: level] What?\nsuperb -> end", "none of its answers"),
    ("[a: level] What?\nfair -> end\nfair -> end", "two branches"),
    ("[a: level] What?\nfair -> a", "no later question"),
    ("[a: say] Hello.\n-> nowhere", "no later question"),
    ("[a: say] Hello.\n-> end\n[b: say] Bye.", "no answer leads"),
])
def test_faults_are_named(text, reason):
    with pytest.raises(BadScript) as caught:
        read(text)
    assert reason in str(caught.value)


def test_a_tree_draws_each_question_once_and_names_where_ways_meet():
    service = tree(read(SCRIPT))
    content, others = service.branches
    assert content.answers == ("satisfied",) and content.node.question.name == "thanks"
    assert content.node.branches[0].node is None
    assert others.answers == ("fair", "dissatisfied")
    [to_visit] = others.node.branches
    [to_thanks] = to_visit.node.branches
    assert to_visit.answers == () and to_visit.node.question.name == "visit"
    assert to_thanks.repeats and to_thanks.node.question.name == "thanks"


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_question_of_the_shipped_scripts_is_drawn_once(script):
    text = script.text
    found, waiting = [], [tree(read(text))]
    while waiting:
        node = waiting.pop()
        found.append(node.question.name)
        waiting += [one.node for one in node.branches if one.node is not None and not one.repeats]
    assert sorted(found) == sorted(one.name for one in read(text).questions)
