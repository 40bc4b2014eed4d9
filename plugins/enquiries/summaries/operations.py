"""Summaries are made by the product and never changed."""

from __future__ import annotations

from app.sdk.records import MadeByProduct, operations_of
from plugins.enquiries.summaries.models import Summary


class SummaryOperations(MadeByProduct):
    """Operations on weekly summaries."""


def summary_operations() -> SummaryOperations:
    """Return the operations on weekly summaries."""
    found = operations_of(Summary)
    assert isinstance(found, SummaryOperations)
    return found
