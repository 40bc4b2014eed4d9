"""What was told of a record's deadlines, in the language of the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.deadlines.clock_events import Told, told_of
from app.i18n import N_
from app.screens.records.relation_labels import who_label
from app.web.formats import write_datetime
from app.web.theme import language

# They follow on "The system".
_WORDS = {
    "warning": N_("warned that a deadline is near: %(clock)s, due %(when)s"),
    "breach": N_("noted that a deadline has passed: %(clock)s, due %(when)s"),
    "escalation": N_("escalated a passed deadline (%(to)s): %(clock)s, due %(when)s"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A warning, a breach or an escalation.

    Attributes:
        at: when, aware.
        text: what the system did, as a sentence without its subject.
    """

    at: dt.datetime
    text: str


def deadline_lines(session: Session, record: Any, most: int | None = None) -> list[DeadlineLine]:
    """Return what was told of a record's deadlines, the newest first, in one statement.

    Args:
        session: any session.
        record: the record.
        most: most lines returned; all by default.
    """
    told = told_of(session, record.__record_type__, record.id, most)
    return [DeadlineLine(one.at, _sentence(one, type(record))) for one in told]


def _sentence(told: Told, model: type[Any]) -> str:
    return gettext(
        _WORDS[told.kind], clock=told.rule.titled(language()), when=write_datetime(told.due_at),
        to=who_label(told.to, model) if told.to else "",
    )
