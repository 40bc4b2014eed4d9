"""Points of an attempt, marks of people, and what the answers say about a question. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

# Two markers who differ by more than this share of the points need a third.
MOST_DIFFERENCE = 0.2
# The best and the worst of this share are compared; fewer attempts say nothing.
GROUP_SHARE = 0.27
LEAST_ATTEMPTS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """What the marks of a free text say so far.

    Attributes:
        points: the points, or ``None`` while a mark is missing.
        needs: how many marks the answer needs, 2 or 3.
    """

    points: float | None
    needs: int


def marked(marks: Sequence[float | None], most: float) -> Mark:
    """Return the points of a free text: the mean of two, or what a third decides.

    Args:
        marks: of the first, the second and the third marker, ``None`` where it is missing.
        most: points of the question.
    """
    given = [mark for mark in marks if mark is not None]
    if len(given) < 2:
        return Mark(None, 2)
    first, second = given[0], given[1]
    if abs(first - second) <= most * MOST_DIFFERENCE:
        return Mark((first + second) / 2, 2)
    return Mark(given[2], 3) if len(given) > 2 else Mark(None, 3)


def percent(points: float, most: float) -> float:
    """Return a score in percent with one decimal, 0 to 100.

    Args:
        points: points reached.
        most: points that can be reached; a score of nothing is 0.
    """
    if most <= 0:
        return 0.0
    return round(min(max(points / most, 0.0), 1.0) * 100, 1)


def passes(points: float, most: float, pass_mark: int) -> bool:
    """Return whether a score reaches the pass mark in percent; it is not rounded up to it.

    Args:
        points: points reached.
        most: points that can be reached.
        pass_mark: percent, 0 to 100.
    """
    return most > 0 and points * 100 >= pass_mark * most


@dataclasses.dataclass(frozen=True, slots=True)
class Analysis:
    """What the answers say about a question.

    Attributes:
        attempts: how many finished attempts had it.
        share_right: share of the points that were reached, 0.0 to 1.0; ``None`` without attempts.
        discrimination: share right among the best less that among the worst, -1.0 to 1.0;
            ``None`` with fewer than ``LEAST_ATTEMPTS`` attempts.
    """

    attempts: int
    share_right: float | None
    discrimination: float | None


def analysis(results: Sequence[tuple[float, float]]) -> Analysis:
    """Return what the answers say about a question.

    Args:
        results: for each finished attempt the score of the whole attempt, and the share of the
            question's points that were reached, 0.0 to 1.0.
    """
    if not results:
        return Analysis(0, None, None)
    share = sum(one for _, one in results) / len(results)
    if len(results) < LEAST_ATTEMPTS:
        return Analysis(len(results), share, None)
    size = max(1, round(len(results) * GROUP_SHARE))
    # Equal scores are in one order whatever the order of the rows.
    ranked = [one for _, one in sorted(results)]
    best, worst = ranked[-size:], ranked[:size]
    return Analysis(len(results), share, (sum(best) - sum(worst)) / size)
