"""Before and after, trained people against comparable ones, with intervals of 95%. Pure.

The difference is that of the mean changes of both groups. Its interval is Welch's, and that of one
group's mean change Student's. Nothing is estimated of fewer than ``FEWEST`` people in a group.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence

FEWEST = 5
_LEVEL = 0.975
# Coefficients of the expansion of Student's quantile around the normal one, lowest power first;
# Abramowitz and Stegun, 26.7.5. Right to a hundredth from 4 degrees of freedom on.
_EXPANSION = (
    (4, (0, 1, 0, 1)),
    (96, (0, 3, 0, 16, 0, 5)),
    (384, (0, -15, 0, 17, 0, 19, 0, 3)),
    (92160, (0, -945, 0, -1920, 0, 1482, 0, 776, 0, 79)),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """One person's figure before and after.

    Attributes:
        before, after: in the unit of the figure.
    """

    before: float
    after: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Training:
    """Attendances of a person that count as one training.

    Attributes:
        first, last: days of the first and of the last of them.
    """

    first: dt.date
    last: dt.date


def trainings(days: Iterable[dt.date], span: int) -> list[Training]:
    """Return the trainings of a person, the earliest first.

    Attendances that lie at most ``span`` days apart are one training: what lies between them is
    after the one and before the other.

    Args:
        days: on which a course was attended.
        span: days before and after that are compared.
    """
    found: list[Training] = []
    for day in sorted(set(days)):
        if found and (day - found[-1].last).days <= span:
            found[-1] = Training(found[-1].first, day)
        else:
            found.append(Training(day, day))
    return found


def pair_of(pairs: Sequence[Pair]) -> Pair | None:
    """Return one pair of means for a person of several trainings, ``None`` without any.

    A person counts once, however often they were trained: people are independent, trainings of
    one person are not.
    """
    return None if not pairs else Pair(
        statistics.fmean(one.before for one in pairs), statistics.fmean(one.after for one in pairs))


@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval of 95%.

    Attributes:
        value, low, high: in the unit of the figure.
    """

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether zero lies outside of it."""
        return self.low > 0 or self.high < 0


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """People of whom a figure is known before and after.

    Attributes:
        people: how many.
        before, after: means; ``None`` where they are too few.
        change: mean change; ``None`` where they are too few.
    """

    people: int
    before: float | None
    after: float | None
    change: Interval | None


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """Trained people against comparable ones.

    Attributes:
        trained, others: the groups.
        difference: change of the trained less that of the others; ``None`` where either group is
            too small.
    """

    trained: Group
    others: Group
    difference: Interval | None


def quantile(freedom: float) -> float:
    """Return Student's quantile for an interval of 95%.

    Args:
        freedom: degrees of freedom, at least 4.

    Raises:
        ValueError: fewer.
    """
    if not freedom >= FEWEST - 1:
        raise ValueError(f"{freedom} degrees of freedom are too few")
    normal = statistics.NormalDist().inv_cdf(_LEVEL)
    return normal + sum(
        sum(factor * normal ** power for power, factor in enumerate(factors))
        / divisor / freedom ** order
        for order, (divisor, factors) in enumerate(_EXPANSION, start=1))


def group(pairs: Sequence[Pair]) -> Group:
    """Return what is known of a group.

    Args:
        pairs: one for each person.
    """
    if len(pairs) < FEWEST:
        return Group(len(pairs), None, None, None)
    changes = [one.change for one in pairs]
    mean, square = statistics.fmean(changes), _square_of_error(changes)
    return Group(
        len(pairs), statistics.fmean(one.before for one in pairs),
        statistics.fmean(one.after for one in pairs),
        _around(mean, math.sqrt(square), len(pairs) - 1))


def compare(trained: Sequence[Pair], others: Sequence[Pair]) -> Comparison:
    """Return how the change of trained people differs from that of comparable ones.

    Args:
        trained: one for each trained person.
        others: one for each comparable person without the training.
    """
    ours, theirs = group(trained), group(others)
    if ours.change is None or theirs.change is None:
        return Comparison(ours, theirs, None)
    squares = [_square_of_error([one.change for one in pairs]) for pairs in (trained, others)]
    whole = sum(squares)
    parts = sum(square ** 2 / (number - 1) for square, number in
                zip(squares, (ours.people, theirs.people), strict=True))
    # Without any spread the smaller group decides; so it does where a square vanishes.
    least = min(ours.people, theirs.people) - 1
    freedom = max(least, whole ** 2 / parts) if parts > 0 else least
    return Comparison(ours, theirs, _around(
        ours.change.value - theirs.change.value, math.sqrt(whole), freedom))


def _square_of_error(values: Sequence[float]) -> float:
    return statistics.variance(values) / len(values)


def _around(value: float, error: float, freedom: float) -> Interval:
    reach = quantile(freedom) * error
    return Interval(value, value - reach, value + reach)
