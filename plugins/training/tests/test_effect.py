"""The effect of training: laws of the intervals, and known numbers."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.training.effect.effect import (
    FEWEST,
    Pair,
    Training,
    compare,
    group,
    pair_of,
    quantile,
    trainings,
)

number = st.floats(-1000, 1000).map(lambda value: round(value, 3))
pairs = st.lists(st.builds(Pair, number, number), max_size=25)
enough = st.lists(st.builds(Pair, number, number), min_size=FEWEST, max_size=25)


@pytest.mark.parametrize(("freedom", "value"), [
    (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980), (1e9, 1.960)])
def test_quantiles_of_the_tables(freedom, value):
    assert quantile(freedom) == pytest.approx(value, abs=0.002)


@pytest.mark.parametrize("freedom", [3.9, 0, -1, math.nan])
def test_too_few_degrees_of_freedom_are_refused(freedom):
    with pytest.raises(ValueError, match="too few"):
        quantile(freedom)


def test_a_known_example():
    # Changes 1 to 5 and 0 to 4: mean 3 and 2, variance 2.5 each, so an error of 1 with 8 degrees.
    found = compare([Pair(10, 10 + one) for one in range(1, 6)],
                    [Pair(10, 10 + one) for one in range(5)])
    assert found.difference.value == pytest.approx(1)
    assert found.difference.high == pytest.approx(1 + 2.306, abs=0.002)
    assert (found.trained.before, found.trained.after) == (10, 13)
    assert not found.difference.is_clear
    assert group([Pair(0, 5 + one / 10) for one in range(6)]).change.is_clear


@settings(deadline=None)
@given(pairs, pairs)
def test_nothing_is_estimated_of_too_few(trained, others):
    found = compare(trained, others)
    assert (found.trained.people, found.others.people) == (len(trained), len(others))
    assert (found.trained.change is None) == (len(trained) < FEWEST)
    assert (found.difference is None) == (min(len(trained), len(others)) < FEWEST)


@settings(deadline=None)
@given(enough, enough)
def test_the_interval_contains_the_difference_and_turns_with_the_groups(trained, others):
    one, turned = compare(trained, others).difference, compare(others, trained).difference
    assert one.low <= one.value <= one.high
    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (-one.value, -one.high, -one.low))


@settings(deadline=None)
@given(enough, enough, number, st.randoms(use_true_random=False))
def test_what_happens_to_everybody_is_no_effect(trained, others, shift, random_):
    def moved(people):
        shuffled = [Pair(one.before, one.after + shift) for one in people]
        random_.shuffle(shuffled)
        return shuffled

    before, after = (one.difference for one in
                     (compare(trained, others), compare(moved(trained), moved(others))))
    assert (after.value, after.low, after.high) == pytest.approx(
        (before.value, before.low, before.high), abs=1e-6)


def test_nineteen_of_twenty_intervals_contain_the_truth():
    random_ = random.Random(7)
    right, tries = 0, 2000
    for _ in range(tries):
        trained = [Pair(0, random_.gauss(3, 4)) for _ in range(8)]
        others = [Pair(0, random_.gauss(1, 2)) for _ in range(12)]
        found = compare(trained, others).difference
        right += found.low <= 2 <= found.high
    assert right / tries == pytest.approx(0.95, abs=0.015)


DAY = dt.date(2026, 3, 2)
days = st.lists(st.integers(0, 400).map(lambda number: DAY + dt.timedelta(days=number)))


def test_attendances_that_lie_close_are_one_training():
    one, two, three = (DAY + dt.timedelta(days=number) for number in (30, 31, 92))
    assert trainings([three, DAY, one, DAY], 30) == [Training(DAY, one), Training(three, three)]
    assert trainings([DAY, two], 30) == [Training(DAY, DAY), Training(two, two)]
    assert trainings([], 30) == []


@settings(deadline=None)
@given(days, st.sampled_from([30, 60, 90, 180]))
def test_no_day_lies_after_one_training_and_before_another_at_once(attended, span):
    found = trainings(attended, span)
    assert all((later.first - earlier.last).days > span
               for earlier, later in itertools.pairwise(found))
    assert all(any(one.first <= day <= one.last for one in found) for day in attended)


def test_a_person_counts_once_with_the_means_of_the_trainings():
    assert pair_of([Pair(1, 3), Pair(3, 9)]) == Pair(2, 6)
    assert pair_of([]) is None
