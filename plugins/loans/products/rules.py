"""What a product lends, and what stands against a loan. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from app.sdk import N_
from app.sdk.workflow import Message

_HUNDRED = Decimal(100)
MOST_MONTHS = 120


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What a product lends.

    Attributes:
        months: terms on offer, in months.
        amount_from, amount_to: bounds of the amount, both included.
        down_payment_share: least share of the price that the customer pays at once, in percent.
        valid_from, valid_until: first and last day of intake; ``None`` leaves it open.
    """

    months: tuple[int, ...]
    amount_from: Decimal
    amount_to: Decimal
    down_payment_share: Decimal
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    def is_offered(self, day: dt.date) -> bool:
        """Return whether applications are taken in on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """The loan that somebody applies for; ``None`` is not known yet.

    Attributes:
        amount: amount of the loan.
        months: term.
        price: price of the vehicle.
        down_payment: what the customer pays at once.
    """

    amount: Decimal | None
    months: int | None
    price: Decimal | None
    down_payment: Decimal | None


def read_months(text: str) -> tuple[int, ...]:
    """Return the terms that a text names, in order, each once, e.g. of ``12, 24, 36``.

    Raises:
        ValueError: it names none, or something else than 1 to 120 months.
    """
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    found = sorted({int(part) for part in parts if part})
    if not found or found[0] < 1 or found[-1] > MOST_MONTHS:
        raise ValueError(text)
    return tuple(found)


def written_months(months: tuple[int, ...]) -> str:
    """Return terms as they are kept: ``12, 24, 36``."""
    return ", ".join(map(str, months))


def problems(terms: Terms, wanted: Wanted) -> dict[str, Message]:
    """Return what stands against a loan, one message for each column of an application.

    Args:
        terms: what the product lends.
        wanted: the loan.
    """
    # Of several faults of one column the first one is told.
    found: dict[str, Message] = {}
    for name, message in _faults(terms, wanted):
        found.setdefault(name, message)
    return found


def _faults(terms: Terms, wanted: Wanted) -> Iterator[tuple[str, Message]]:
    amount, price, paid = wanted.amount, wanted.price, wanted.down_payment
    if amount is not None and not terms.amount_from <= amount <= terms.amount_to:
        yield "amount", Message(
            N_("The product lends %(least)s to %(most)s."),
            {"least": f"{terms.amount_from:,.0f}", "most": f"{terms.amount_to:,.0f}"})
    if wanted.months is not None and wanted.months not in terms.months:
        yield "term_months", Message(
            N_("The product has terms of %(months)s months."),
            {"months": written_months(terms.months)})
    if paid is not None and paid < 0:
        yield "down_payment", Message(N_("A down payment is at least 0."))
    if price is None:
        return
    least = least_down_payment(price, terms.down_payment_share)
    if paid is not None and paid < least:
        yield "down_payment", Message(
            N_("The down payment is at least %(least)s, %(share)s %% of the price."),
            {"least": f"{least:,.2f}", "share": f"{terms.down_payment_share.normalize():f}"})
    if amount is not None and amount + (paid or 0) > price:
        yield "amount", Message(N_("Loan and down payment exceed the price of the vehicle."))


def least_down_payment(price: Decimal, share: Decimal) -> Decimal:
    """Return the least down payment, with two places, half a cent rounded up.

    Args:
        price: price of the vehicle.
        share: percent of it.
    """
    return (price * share / _HUNDRED).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
