"""Steps of referral rewards (转介绍奖励, K6): each once for a customer. Pure."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

PRAISE = 0
"""The first step: praise at a meeting. The others are numbered from 1, each with an amount."""


def reached(total: Decimal, praise_from: Decimal, size: Decimal) -> int:
    """Return how many steps a total has reached: 0 for none, 1 for the praise, and so on.

    Args:
        total: what the customer has borrowed and invested, in units of money.
        praise_from: total from which the praise is due.
        size: size of each further step, cumulative from 0; above 0.
    """
    if total < praise_from:
        return 0
    return 1 + int(total // size)


def next_step(
    total: Decimal, praise_from: Decimal, size: Decimal, taken: Collection[int]
) -> int | None:
    """Return the first step that is reached and not taken, or ``None``.

    Args:
        total, praise_from, size: see ``reached``.
        taken: steps that were applied for already, for this customer by anybody.
    """
    held = range(reached(total, praise_from, size))
    return next((step for step in held if step not in taken), None)
