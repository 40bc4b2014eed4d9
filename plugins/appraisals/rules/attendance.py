"""The level of attendance (考勤) by the facts of a period. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

LEAVE_KINDS = ("personal_leave", "sick_leave", "unexcused", "late", "left_early")
"""Kinds of facts that level A must be free of; absence in days, the others in times."""
DAY_KINDS = ("personal_leave", "sick_leave", "unexcused")
NO_BADGE = "no_badge"
_MOST_DAYS_OF_B = Decimal(3)
_BADGES_OF_B, _BADGES_OF_C = Decimal(3), Decimal(5)


def attendance_level(totals: Mapping[str, Decimal]) -> str:
    """Return ``A``, ``B`` or ``C``.

    A: no leave, lateness or early leaving. B: up to 3 days of leave or absence, late or early, or
    the badge not worn more than 3 times. C: over 3 days, or the badge not worn more than 5 times.

    Args:
        totals: days or times by kind of fact.
    """
    def amount(kind: str) -> Decimal:
        return totals.get(kind, Decimal(0))

    days = sum((amount(kind) for kind in DAY_KINDS), Decimal(0))
    badges = amount(NO_BADGE)
    if days > _MOST_DAYS_OF_B or badges > _BADGES_OF_C:
        return "C"
    if badges > _BADGES_OF_B or any(amount(kind) for kind in LEAVE_KINDS):
        return "B"
    return "A"
