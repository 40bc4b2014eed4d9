"""Scores lie within bounds; a third marker decides where two disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.training.exams.scoring import analysis, marked, passes, percent

points = st.floats(0, 20)


@given(st.floats(-100, 100), st.floats(-10, 100))
def test_a_score_is_a_percentage(reached, most):
    assert 0 <= percent(reached, most) <= 100


@pytest.mark.parametrize(("reached", "most", "mark", "is_passed"), [
    (8, 10, 80, True), (7.99, 10, 80, False), (79.96, 100, 80, False), (0, 0, 80, False),
    (10, 10, 100, True),
])
def test_a_score_is_not_rounded_up_to_the_pass_mark(reached, most, mark, is_passed):
    assert passes(reached, most, mark) is is_passed


@given(points, points, points)
def test_marks_give_points_within_those_of_the_markers(first, second, third):
    both = marked([first, second], 20)
    decided = marked([first, second, third], 20)
    assert decided.points is not None
    if both.points is None:
        assert abs(first - second) > 4 and decided.points == third
    else:
        assert decided.points == both.points
        assert min(first, second) <= both.points <= max(first, second)


@pytest.mark.parametrize(("marks", "found", "needs"), [
    ([], None, 2), ([4], None, 2), ([4, 5], 4.5, 2), ([4, 8], None, 3), ([4, 8, 7], 7, 3),
    ([None, 4, None], None, 2), ([4, 6], 5, 2),
])
def test_two_marks_or_three(marks, found, needs):
    mark = marked(marks, 10)
    assert (mark.points, mark.needs) == (found, needs)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), max_size=60),
       st.randoms(use_true_random=False))
def test_the_analysis_is_within_bounds_and_in_any_order(results, chance):
    found = analysis(results)
    assert found.attempts == len(results)
    assert (found.share_right is None) == (not results)
    assert (found.discrimination is None) == (len(results) < 10)
    if found.discrimination is not None:
        assert -1 <= found.discrimination <= 1
    mixed = list(results)
    chance.shuffle(mixed)
    assert analysis(mixed).discrimination == pytest.approx(found.discrimination)


def test_a_question_that_only_the_good_know_discriminates():
    good_ones = [(score, float(score > 50)) for score in range(0, 100, 5)]
    assert analysis(good_ones).discrimination == 1
    assert analysis([(score, 1 - right) for score, right in good_ones]).discrimination == -1
