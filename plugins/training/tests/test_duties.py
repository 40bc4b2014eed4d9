"""Rules give the same duties in whatever order they are, and each person a standing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.training.duties.duties import (
    Duty,
    Gate,
    Held,
    Member,
    Rule,
    Standing,
    best,
    closed_gate,
    concerns,
    duties_of,
    month_later,
    next_on_path,
    path,
    standing,
)

TODAY = dt.date(2026, 11, 28)
days = st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31))
rules = st.builds(
    Rule, course=st.integers(1, 4), role=st.sampled_from(("", "agent", "supervisor")),
    post=st.none() | st.integers(1, 3), department=st.none() | st.integers(1, 3),
    tenure_from=st.integers(0, 24), tenure_until=st.none() | st.integers(1, 48),
    days=st.integers(0, 90), starts_on=days, place=st.integers(0, 5),
    gate=st.sampled_from(list(Gate)))
members = st.builds(
    Member, st.just(1), st.frozensets(st.sampled_from(("agent", "supervisor"))),
    st.frozensets(st.integers(1, 3)), st.frozensets(st.integers(1, 3)), st.none() | days)


@given(st.lists(rules, max_size=8), members, st.randoms(use_true_random=False))
def test_the_same_in_any_order_and_however_often(several, member, chance):
    mixed = [*several, *several]
    chance.shuffle(mixed)
    assert duties_of(mixed, member, TODAY) == duties_of(several, member, TODAY)


@given(st.lists(rules, max_size=8), members)
def test_a_duty_comes_from_a_rule_that_concerns_the_person(several, member):
    duties = duties_of(several, member, TODAY)
    assert set(duties) == {one.course for one in several if concerns(one, member, TODAY)}
    for duty in duties.values():
        own = [one for one in several if one.course == duty.course
               and concerns(one, member, TODAY)]
        assert duty.gate == max(one.gate for one in own)
        assert duty.place in {one.place for one in own}


@given(st.builds(Duty, st.just(1), days), st.none() | st.builds(Held, st.none() | days))
def test_everybody_stands_somewhere(duty, held):
    found = standing(duty, held, TODAY)
    assert (found is Standing.MISSING) == (held is None and duty.due_on < TODAY)
    if found is Standing.GREEN:
        assert held is not None and held.holds(TODAY)
    if found is Standing.OVERDUE:
        assert held is not None and not held.holds(TODAY)


@pytest.mark.parametrize(("held", "found"), [
    (None, Standing.MISSING), (Held(None), Standing.GREEN),
    (Held(TODAY + dt.timedelta(days=31)), Standing.GREEN),
    (Held(TODAY + dt.timedelta(days=30)), Standing.DUE), (Held(TODAY), Standing.DUE),
    (Held(TODAY - dt.timedelta(days=1)), Standing.OVERDUE),
])
def test_the_warning_begins_thirty_days_before(held, found):
    assert standing(Duty(1, TODAY - dt.timedelta(days=1)), held, TODAY) is found


@pytest.mark.parametrize(("hired", "holds"), [
    (dt.date(2026, 8, 28), True), (dt.date(2026, 8, 29), False), (dt.date(2025, 11, 28), False),
    (dt.date(2025, 11, 29), True), (None, False),
])
def test_a_rule_for_the_fourth_to_the_twelfth_month(hired, holds):
    rule = Rule(1, tenure_from=3, tenure_until=12)
    assert concerns(rule, Member(1, hired_on=hired), TODAY) is holds


def test_the_path_comes_first_and_in_order():
    duties = {one.course: one for one in (
        Duty(1, TODAY), Duty(2, TODAY, place=2), Duty(3, TODAY, place=1))}
    assert [one.course for one in path(duties)] == [3, 2, 1]
    assert next_on_path(duties, {}, TODAY).course == 3
    assert next_on_path(duties, {3: Held(None)}, TODAY).course == 2
    assert next_on_path(duties, {key: Held(None) for key in duties}, TODAY) is None


def test_the_strictest_gate_that_is_closed_decides():
    late, early = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
    duties = {one.course: one for one in (
        Duty(1, late, gate=Gate.SECOND_PERSON), Duty(2, late, gate=Gate.BLOCK),
        Duty(3, early, gate=Gate.BLOCK), Duty(4, late))}
    assert closed_gate(duties, {}, TODAY).course == 2
    assert closed_gate(duties, {2: Held(TODAY)}, TODAY).course == 1
    assert closed_gate(duties, {1: Held(None), 2: Held(None)}, TODAY) is None


def test_the_certificate_that_is_valid_longest_counts():
    assert best([Held(TODAY), Held(None), Held(dt.date(2030, 1, 1))]) == Held(None)
    assert best([]) is None


@pytest.mark.parametrize(("day", "months", "later"), [
    (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
    (dt.date(2026, 12, 5), 12, dt.date(2027, 12, 5)),
    (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30)),
])
def test_a_month_later(day, months, later):
    assert month_later(day, months) == later
