"""Which columns of an application must be filled, and which stay as they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.sdk import N_
from app.sdk.workflow import Message
from plugins.loans.applications.workflow import GATHERING, REVIEW
from plugins.loans.choices import COMPLETE, TRUE, VALID

ALWAYS = ("customer_id", "product_id", "amount", "term_months")
FROM_REVIEW = ("vehicle_text", "employment", "monthly_income")
"""Filled from the first review on."""
TERMS = frozenset({
    "customer_id", "product_id", "amount", "term_months", "down_payment", "vehicle_price"})
"""What approvers decide on: it stays as it is from the hand-over on."""
REVIEWED = TERMS | {"employment", "employer", "monthly_income", "credit_record", "vehicle_id",
                    "vehicle_text"}
"""What the first review looked at: changed, it has to be reviewed again."""
CHECKLIST = frozenset({"product_id", "employment"})
"""What the checklist hangs on."""
LABELS = {
    "vehicle_text": N_("Vehicle wanted"), "employment": N_("Livelihood"),
    "monthly_income": N_("Monthly income"),
}
FINDING_COLUMNS = {
    COMPLETE: ("complete_by_id", "complete_at"), TRUE: ("true_by_id", "true_at"),
    VALID: ("valid_by_id", "valid_at"),
}
"""By finding the columns with who and when."""


def must_be_filled(state: str) -> tuple[str, ...]:
    """Return the columns that are not emptied in a state."""
    return ALWAYS if state in GATHERING - {REVIEW} else (*ALWAYS, *FROM_REVIEW)


def is_locked(name: str, state: str) -> bool:
    """Return whether a column stays as it is in a state."""
    if state in GATHERING:
        return False
    # The customer may have another car or another employer; approvers decide on the rest.
    return name in REVIEWED


def income(text: str) -> Decimal | None:
    """Return the income that somebody typed, or ``None`` where it is no plain amount.

    Args:
        text: digits with at most two decimal places; blanks and commas between them do not count.
    """
    try:
        found = Decimal(text.replace(",", "").replace("，", "").replace(" ", ""))
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    is_amount = found.is_finite() and found >= 0 and isinstance(exponent, int) and exponent >= -2
    return found if is_amount else None


def missing(values: Mapping[str, Any]) -> list[str]:
    """Return the columns that the first review needs and that are empty."""
    return [name for name in FROM_REVIEW if not values.get(name)]


def listed(names: list[str]) -> Message:
    """Return the names of columns with commas between them, in the language of the reader."""
    first, *rest = (Message(LABELS[name]) for name in names)
    for one in rest:
        first = Message(N_("%(first)s, %(next)s"), {"first": first, "next": one})
    return first
