"""Weights of a month in place of those of the form (K8). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.sdk import N_
from app.sdk.forms import ScoredForm
from app.sdk.workflow import Message

HUNDRED = Decimal(100)
Weights = dict[str, str]
"""Weight by name of the item, as text."""


def read_weights(form: ScoredForm, typed: Mapping[str, Any]) -> tuple[Weights, Message | None]:
    """Return the weights that somebody has typed, with what is wrong with them.

    Args:
        form: the form; an item that is not typed keeps its weight.
        typed: texts by name of the item.

    Returns:
        Only the weights that differ from those of the form; none where something is wrong.
    """
    found: dict[str, Decimal] = {}
    for item in form.scored_items:
        text = str(typed.get(item.name, item.weight)).strip() or "0"
        try:
            weight = Decimal(text)
        except ArithmeticError:
            return {}, Message(N_("Enter a number."))
        if not weight.is_finite() or not 0 <= weight <= HUNDRED or weight != round(weight, 2):
            return {}, Message(N_("A weight lies between 0 and 100, with two places at most."))
        found[item.name] = weight
    total = sum(found.values(), Decimal(0))
    if total != HUNDRED:
        return {}, Message(N_("The weights add up to %(total)s and not to 100."),
                           {"total": f"{total.normalize():f}"})
    return {item.name: f"{found[item.name].normalize():f}" for item in form.scored_items
            if found[item.name] != item.weight}, None


def in_force(form: ScoredForm, weights: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the weight of every scored item: that of the month, or of the form.

    Args:
        form: the form.
        weights: weights of the month.
    """
    return {item.name: Decimal(weights.get(item.name, item.weight))
            for item in form.scored_items}


def without_weight(weights: Mapping[str, str]) -> Iterable[str]:
    """Return the names of the items that do not count in this month."""
    return [name for name, weight in weights.items() if not Decimal(weight)]
