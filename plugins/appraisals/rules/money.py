"""Bonuses in decimals, with the calculation line by line. Pure.

A bonus is the quota times the score divided by 100, rounded once at the end to two places, half up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
QUOTA, SCORE, PRODUCT, CUT, ROUNDED = "quota", "score", "product", "cut", "rounded"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation.

    Attributes:
        name: ``quota``, ``score``, ``product``, ``cut`` or ``rounded``.
        value: the figure of the line.
    """

    name: str
    value: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Bonus:
    """An amount with its calculation.

    Attributes:
        amount: in the currency of the quota, two places.
        steps: line by line.
    """

    amount: Decimal
    steps: tuple[Step, ...]


def bonus(quota: Decimal, score: Decimal, cuts: Iterable[Decimal] = ()) -> Bonus:
    """Return the bonus of a quota and a score.

    Args:
        quota: amount for a score of 100.
        score: 0 or more.
        cuts: percents that are taken off, added up, at most 100.

    Raises:
        ValueError: quota, score or a cut is negative.
    """
    taken = list(cuts)
    if quota < 0 or score < 0 or any(cut < 0 for cut in taken):
        raise ValueError("a bonus is made of nothing negative")
    product = quota * score / HUNDRED
    steps = [Step(QUOTA, quota), Step(SCORE, score), Step(PRODUCT, product)]
    if taken:
        cut = min(sum(taken, Decimal(0)), HUNDRED)
        product = product * (HUNDRED - cut) / HUNDRED
        steps.append(Step(CUT, cut))
    amount = product.quantize(CENT, ROUND_HALF_UP)
    return Bonus(amount, (*steps, Step(ROUNDED, amount)))


def year_score(scores: Sequence[Decimal]) -> Decimal | None:
    """Return the score of a year: the mean of its months with a score, two places, half up.

    Args:
        scores: scores of the months that have one.
    """
    if not scores:
        return None
    return (sum(scores, Decimal(0)) / len(scores)).quantize(CENT, ROUND_HALF_UP)
