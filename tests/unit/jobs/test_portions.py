"""Portions that fit the time, whatever a row costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.portions import Pace


class Watch:
    """A clock that only moves when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@settings(deadline=None)
@given(st.integers(0, 700), st.floats(0.00001, 1.0), st.integers(1, 50), st.integers(50, 200))
def test_every_row_comes_once_and_in_order(rows: int, cost: float, first: int, most: int) -> None:
    watch = Watch()
    pace = Pace(0.15, first=first, most=most, clock=watch, sleep=watch.sleep)
    seen: list[int] = []
    for portion in pace.portions(range(rows)):
        assert 0 < len(portion) <= most
        watch.now += cost * len(portion)
        seen += portion
    assert seen == list(range(rows))


@settings(deadline=None)
@given(st.floats(0.0004, 0.15))
def test_a_portion_takes_its_time_and_not_much_more_once_the_cost_is_known(cost: float) -> None:
    watch = Watch()
    pace = Pace(0.15, first=25, most=500, clock=watch, sleep=watch.sleep)
    times = []
    for portion in pace.portions(range(3000)):
        watch.now += cost * len(portion)
        times.append(cost * len(portion))
    # At most a quarter a step, from 25 rows of 0.15 s to one, and half as many more a step: to 375.
    settled = times[8:-1]
    assert all(taken <= 0.151 for taken in settled)
    assert all(taken > 0.075 or cost > 0.075 for taken in settled)


def test_rows_that_become_slow_make_smaller_portions_at_once_and_fast_ones_larger_by_and_by(
) -> None:
    watch = Watch()
    pace = Pace(0.125, first=100, most=400, clock=watch, sleep=watch.sleep)
    sizes = []
    for portion in pace.portions(range(2000)):
        watch.now += len(portion) * (0.0125 if len(sizes) < 3 else 0.0001)
        sizes.append(len(portion))
    assert sizes[:4] == [100, 25, 10, 10]
    # The cost of a row is taken to be the mean of what it was taken to be and what it was.
    assert sizes[4:12] == [15, 22, 33, 49, 73, 109, 163, 244]


@settings(deadline=None)
@given(st.floats(0.0003, 0.01), st.lists(st.floats(1.0, 2.0), min_size=1, max_size=60))
def test_rows_that_cost_up_to_twice_as_much_as_the_last_ones_stay_below_a_fifth_of_a_second(
    cost: float, factors: list[float],
) -> None:
    watch = Watch()
    pace = Pace(first=1, clock=watch, sleep=watch.sleep)
    times = []
    for portion in pace.portions(range(4000)):
        times.append(cost * factors[len(times) % len(factors)] * len(portion))
        watch.now += times[-1]
    assert max(times) <= 0.2001


def test_there_is_a_pause_between_portions_and_none_before_the_first() -> None:
    watch = Watch()
    pace = Pace(first=1, most=1, pause=0.02, clock=watch, sleep=watch.sleep)
    for _ in range(2):
        for _portion in pace.portions(range(2)):
            watch.now += 0.1
    assert watch.slept == pytest.approx([0.02] * 3)


def test_what_is_done_outside_of_a_portion_counts_as_a_pause() -> None:
    watch = Watch()
    pace = Pace(first=1, most=1, pause=0.02, clock=watch, sleep=watch.sleep)

    def rows() -> Iterator[int]:
        for row in range(3):
            watch.now += 0.015 * row
            yield row

    for _portion in pace.portions(rows()):
        watch.now += 0.1
    assert watch.slept == pytest.approx([0.005])


def test_the_time_that_the_lock_was_held_counts_where_it_is_known() -> None:
    watch = Watch()
    pace = Pace(0.1, first=10, most=100, held=lambda: 0.2, clock=watch, sleep=watch.sleep)
    for _portion in pace.portions(range(10)):
        watch.now += 60.0
    assert pace.size == 5


def test_what_a_portion_costs_besides_its_rows_does_not_end_in_single_rows() -> None:
    watch = Watch()
    pace = Pace(0.1, first=40, most=40, least=8, clock=watch, sleep=watch.sleep)
    sizes = []
    for portion in pace.portions(range(100)):
        watch.now += 0.2 + 0.001 * len(portion)
        sizes.append(len(portion))
    assert sizes[0] == 40 and min(sizes[:-1]) == sizes[-2] == 8


@pytest.mark.parametrize("wrong", [
    {"first": 0}, {"least": 30}, {"first": 5, "most": 4}, {"seconds": 0},
])
def test_sizes_and_times_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        Pace(**wrong)
