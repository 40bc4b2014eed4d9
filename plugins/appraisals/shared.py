"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.records import RecordOperations
from app.sdk.services import Actor, NoticeAbout, tell, tell_about_each
from app.sdk.workflow import Message

_QUIET: contextvars.ContextVar[bool] = contextvars.ContextVar("appraisals_quiet", default=False)
BY_PRODUCT = Message(N_("Only the steps of the appraisal write this."))


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let steps tell nobody: what a demonstration makes of months that are long over."""
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def tell_people(
    session: Session, user_ids: Iterable[int | None], kind: Any, text: str, *, record: Any,
    values: Mapping[str, Any] | None = None, by: int | None = None, once: bool = False,
) -> None:
    """Tell people something about a record, unless ``quietly`` is in force; see ``tell``."""
    if not _QUIET.get():
        tell(session, user_ids, kind, text, values=values, record=record, by=by, once=once)


def tell_each(
    session: Session, several: Iterable[NoticeAbout], kind: Any, text: str, *, by: int | None
) -> None:
    """Tell people of each of many records, unless ``quietly`` is in force."""
    if not _QUIET.get():
        tell_about_each(session, several, kind, text, by=by)


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
