"""Frequent questions and counts: what holds whatever was asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.enquiries.summaries.counting import counted, folded, frequent

QUESTIONS = st.lists(st.sampled_from(
    ["怎么还款？", "怎么还款", "怎么 还款！", "保险", "Settle early?", "settle EARLY", "", " ?! "]))


def test_the_same_question_in_other_clothes_counts_as_one():
    asked = ["怎么还款？", "保险", "怎么 还款！", "Settle early?", "ｓｅｔｔｌｅ early", "怎么还款"]
    assert frequent(asked) == [("怎么还款？", 3), ("Settle early?", 2)]
    assert frequent(asked, most=1) == [("怎么还款？", 3)]
    assert frequent(["保险", "", "?", "?"]) == []


@given(QUESTIONS)
def test_each_is_counted_once_and_the_most_frequent_stands_first(asked):
    found = frequent(asked, most=100)
    keys = [folded(question) for question, _ in found]
    assert len(set(keys)) == len(keys) and "" not in keys
    for question, number in found:
        assert number == sum(folded(one) == folded(question) for one in asked) >= 2
        assert question in {one.strip() for one in asked}
    numbers = [number for _, number in found]
    assert numbers == sorted(numbers, reverse=True)


@given(st.lists(st.fixed_dictionaries({"kind": st.sampled_from("ab"),
                                       "channel": st.sampled_from(["", "phone"])})))
def test_counts_add_up(rows):
    found = counted(rows, ("kind", "channel"))
    for name, pairs in found.items():
        assert sum(number for _, number in pairs) == len(rows)
        assert dict(pairs) == {value: sum(row[name] == value for row in rows)
                               for value, _ in pairs}
