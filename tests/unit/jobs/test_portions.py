"""Portions that fit the time, whatever a row costs."""

from __future__ import annotations

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
    # At most a factor of four a step: from 25 rows of 0.15 s to one.
    settled = times[4:-1]
    assert all(taken <= 0.151 for taken in settled)
    assert all(taken > 0.075 or cost > 0.075 for taken in settled)


def test_rows_that_become_slow_make_smaller_portions_and_fast_ones_larger() -> None:
    watch = Watch()
    pace = Pace(0.125, first=100, most=400, clock=watch, sleep=watch.sleep)
    sizes = []
    for portion in pace.portions(range(2000)):
        watch.now += len(portion) * (0.0125 if len(sizes) < 3 else 0.0001)
        sizes.append(len(portion))
    assert sizes[:4] == [100, 25, 10, 10]
    assert sizes[4:9] == [20, 40, 80, 160, 320]


def test_there_is_a_pause_between_portions_and_none_before_the_first() -> None:
    watch = Watch()
    pace = Pace(first=1, most=1, pause=0.02, clock=watch, sleep=watch.sleep)
    for _ in range(2):
        for _portion in pace.portions(range(2)):
            watch.now += 0.1
    assert watch.slept == [0.02] * 3


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
