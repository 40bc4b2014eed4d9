"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.models import Record
from app.sdk.records import RecordOperations
from app.sdk.screens import Choice
from app.sdk.services import Actor
from app.sdk.workflow import Message

BY_PRODUCT = Message(N_("Only the steps of the appraisal write this."))


class Shared(Record):
    """A record that everyone with the permission sees, whatever the department."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()


def drawn(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    """Return values with their labels as choices of a screen.

    Args:
        pairs: value and label (message id).
        tones: tone and icon by value.
    """
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]


class WrittenBySteps(RecordOperations):
    """Operations on records that only steps of an appraisal write: no form, file or program."""

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Any:
        """Refuse: see the class.

        Raises:
            Rejected: always.
        """
        raise Rejected(BY_PRODUCT)

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nobody corrects such a record by hand."""
        return BY_PRODUCT

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Such a record stays."""
        return BY_PRODUCT
