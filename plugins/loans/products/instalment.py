"""The monthly instalment of a loan. Pure."""

from __future__ import annotations

import decimal
from decimal import Decimal

CENT = Decimal("0.01")
_MONTHS_OF_A_YEAR = 12
_HUNDRED = Decimal(100)
# So many digits that rounding within the power shows in no cent of any amount that a column holds.
_CONTEXT = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_UP)


def instalment(amount: Decimal, rate: Decimal, months: int) -> Decimal:
    """Return what is paid each month when all instalments are equal (等额本息).

    The present value of equal payments at the end of each month is the amount:
    ``amount · i · (1 + i)^n / ((1 + i)^n − 1)`` with ``i = rate / 100 / 12`` and ``n = months``,
    the annuity formula (Brealey, Myers, Allen: Principles of Corporate Finance, chapter 2). At a
    rate of 0 it is ``amount / n``.

    Args:
        amount: amount of the loan in the house's currency, at least 0.
        rate: percent per year, at least 0; a twelfth of it is charged each month.
        months: term in months, at least 1.

    Returns:
        Amount of money with two places, half a cent rounded up.

    Raises:
        ValueError: an argument lies outside its bounds.
    """
    if amount < 0 or rate < 0 or months < 1:
        raise ValueError("amount and rate are at least 0, months at least 1")
    with decimal.localcontext(_CONTEXT):
        monthly = rate / _HUNDRED / _MONTHS_OF_A_YEAR
        if monthly == 0:
            exact = amount / months
        else:
            growth = (1 + monthly) ** months
            exact = amount * monthly * growth / (growth - 1)
        return exact.quantize(CENT)
