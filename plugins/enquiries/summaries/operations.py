"""Summaries are made by the product and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.records import RecordOperations, operations_of
from app.sdk.services import Actor, write
from app.sdk.workflow import Message
from plugins.enquiries.summaries.models import Summary

_BY_PRODUCT = Message(N_("This is written by the product itself."))


class SummaryOperations(RecordOperations):
    """Operations on weekly summaries."""

    def make(self, session: Session, actor: Actor, values: Mapping[str, Any]) -> Summary:
        """Create a summary; the caller has counted.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            values: values by column.
        """
        with write(session):
            return self._insert(session, actor, dict(values), "")

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Any:
        """Refuse: see the module.

        Raises:
            Rejected: always.
        """
        raise Rejected(_BY_PRODUCT)

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was counted stays."""
        return _BY_PRODUCT


def summary_operations() -> SummaryOperations:
    """Return the operations on weekly summaries."""
    found = operations_of(Summary)
    assert isinstance(found, SummaryOperations)
    return found
