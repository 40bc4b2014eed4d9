"""A figure of a person and a period as a fact of a sheet: its value, and when it is no data. Pure.

A fact is stored as plain values:

``metric``: name of the metric; ``kind``: ``count``, ``share`` or ``mean``; ``unit``: what is
counted, as the plugin words it; ``numerator`` and ``denominator``; ``days``: working days by which
a count was divided; ``value``: with two places, ``None`` for no data; ``why``: why there is no
data, or an empty text; ``at``: when it was computed; ``corrected``: the answer that an objection
has led to instead; ``adds``: the figure gives units beside a level that somebody chooses;
``second``: the fact of a second figure that levels ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.sdk.forms import UNITS, rounded

COUNT, SHARE, MEAN = "count", "share", "mean"
UNKNOWN, EMPTY, UNUSED, AWAY = "unknown", "empty", "unused", "away"
"""No data because: nothing declares the metric, the whole is 0, nobody has such records in the
period, the person was not there on a single working day."""
Fact = Mapping[str, Any]


def without_data(why: str) -> dict[str, Any]:
    """Return the part of a fact that says why there is no data."""
    return {"value": None, "why": why}


def value_of(
    kind: str, numerator: int, denominator: int | None, days: Decimal | None = None,
    parts: int = 1,
) -> dict[str, Any]:
    """Return the part of a fact that holds its value, rounded half up to two places.

    Args:
        kind: ``count``, ``share`` or ``mean``.
        numerator: what was counted or added up.
        denominator: what it is a part of, or the number of records; ``None`` for a count.
        days: working days by which a count is divided; ``None`` for no division.
        parts: into how many parts the unit is divided where it is added up.
    """
    if denominator == 0:
        return without_data(EMPTY)
    if days is not None and days <= 0:
        return without_data(AWAY)
    whole = Fraction(denominator or 1) * Fraction(days if days is not None else 1) * parts
    found = Fraction(numerator) * (100 if kind == SHARE else 1) / whole
    return {"value": f"{rounded(found):.2f}", "why": ""}


def is_without_data(fact: Fact) -> bool:
    """Return whether an item with this fact is left out for want of data."""
    # Units that nobody knows add nothing; the level counts without them.
    return ("metric" in fact and fact["value"] is None and not fact.get("corrected")
            and not fact.get("adds"))


def answered_by(name: str, fact: Fact) -> str:
    """Return the name of the answer that a fact gives: of the item, or of its units.

    Args:
        name: name of the item.
        fact: its fact.
    """
    return name + UNITS if fact.get("adds") else name


def missing(facts: Mapping[str, Fact]) -> list[str]:
    """Return the names of the items without data, in order.

    Args:
        facts: facts by name of the item.
    """
    return sorted(name for name, fact in facts.items() if is_without_data(fact))


def is_same(one: Fact, other: Fact) -> bool:
    """Return whether two facts say the same, whenever they were computed."""
    beside = {"at", "corrected"}
    return {name: held for name, held in one.items() if name not in beside} == {
        name: held for name, held in other.items() if name not in beside}
