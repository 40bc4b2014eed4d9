"""Final scores: what was signed, and the points of a calibration before the release (K8). Pure."""

from __future__ import annotations

import dataclasses
from decimal import Decimal, InvalidOperation

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that a calibration adds to a signed score, with the reason.

    Attributes:
        points: two places; negative where they are taken off, 0 for none.
        reason: why; empty for none.
    """

    points: Decimal = Decimal(0)
    reason: str = ""

    @property
    def is_none(self) -> bool:
        """Whether the signed score stands as it is."""
        return not self.points


def read_points(text: str) -> Decimal | None:
    """Return typed points; ``None`` for what is no number with at most two places.

    Args:
        text: what was typed; empty is 0.
    """
    try:
        points = Decimal(text.strip().replace("−", "-") or 0)
        is_fitting = abs(points) <= HUNDRED and points == points.quantize(CENT)
    except InvalidOperation:
        return None
    return points if is_fitting else None


def final_score(score: Decimal, points: Decimal) -> Decimal | None:
    """Return the final score; ``None`` where it would leave the scale.

    Args:
        score: the signed score, which units without a cap may lift above 100.
        points: points of the calibration.
    """
    found = score + points
    return found if 0 <= found <= max(HUNDRED, score) else None
