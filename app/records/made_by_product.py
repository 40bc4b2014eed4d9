"""Records that the product makes by itself: certificates, attempts, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import write
from app.errors import Rejected
from app.i18n import N_, Message
from app.records.record_operations import RecordOperations

_BY_PRODUCT = Message(N_("This is written by the product itself."))


class MadeByProduct(RecordOperations):
    """Operations on records that the product makes: no form, file or program writes them."""

    def make(self, session: Session, actor: Actor, values: Mapping[str, Any]) -> Any:
        """Create a record; the caller has decided.

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
        """Refuse: see the class.

        Raises:
            Rejected: always.
        """
        raise Rejected(_BY_PRODUCT)

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nobody corrects what the product has written."""
        return _BY_PRODUCT

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What happened has happened."""
        return _BY_PRODUCT
