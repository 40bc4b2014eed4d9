"""What a person sets up in the menu: laws of the state that is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.menu_state import FAVOURITES_MOST, UNFOLDED_MOST, MenuState

NAMES = st.sampled_from(["casework", "customers", "people", "learning"])
ITEMS = st.sampled_from(["ComplaintView", "TaskView", "ComplaintView:12", "TaskView:mine"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["unfolded", "folded", "favourites", "x"]), inner, max_size=4),
)


@given(ANYTHING)
def test_whatever_was_kept_is_read_and_reads_the_same_again(value):
    state = MenuState.read(value)
    assert MenuState.read(state.value()) == state


@given(st.lists(st.tuples(NAMES, st.booleans()), min_size=1))
def test_the_last_word_on_a_group_holds(acts):
    state = MenuState()
    for name, unfolded in acts:
        state = state.with_group(name, unfolded=unfolded)
    for name, unfolded in dict(acts).items():
        assert state.is_unfolded(name, lines=90, first="") is unfolded
    assert state.unfolded.isdisjoint(state.folded)


@given(st.lists(st.tuples(ITEMS, st.booleans())))
def test_favourites_stand_in_the_order_in_which_they_were_pinned(acts):
    state, expected = MenuState(), []
    for item, pinned in acts:
        state = state.with_favourite(item, pinned=pinned)
        if pinned and item not in expected:
            expected.append(item)
        elif not pinned and item in expected:
            expected.remove(item)
    assert list(state.favourites) == expected


@given(st.permutations(["A", "B", "C"]), st.lists(st.sampled_from(["A", "B", "C", "D"])))
def test_an_order_neither_adds_nor_drops(items, order):
    state = MenuState(favourites=tuple(items)).in_order(order)
    assert sorted(state.favourites) == ["A", "B", "C"]
    named = [item for item in dict.fromkeys(order) if item != "D"]
    assert list(state.favourites[:len(named)]) == named


def test_a_short_menu_begins_unfolded_and_a_long_one_with_its_first_group():
    state = MenuState()
    assert state.is_unfolded("people", lines=UNFOLDED_MOST, first="casework")
    assert not state.is_unfolded("people", lines=UNFOLDED_MOST + 1, first="casework")
    assert state.is_unfolded("casework", lines=UNFOLDED_MOST + 1, first="casework")


def test_there_are_no_more_favourites_than_fit():
    state = MenuState(favourites=tuple(f"View{n}" for n in range(FAVOURITES_MOST)))
    assert state.with_favourite("View0", pinned=True) == state
    with pytest.raises(OverflowError):
        state.with_favourite("Other", pinned=True)


def test_groups_that_are_made_up_do_not_fill_the_session():
    state = MenuState()
    for number in range(1000):
        state = state.with_group(f"group{number}", unfolded=True)
    assert len(str(state.value())) < 1000
