"""Suggestions while typing: asked of all sources in force, each harmless to the form."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import write
from app.database_errors import is_passing
from app.host.host import current_host
from app.host.suggestions import ANSWERED, UNANSWERED, USES, Suggestion, SuggestionSource, Typed
from app.i18n import Message

log = logging.getLogger(__name__)
MOST = 5
_LONGEST_TEXT, _LONGEST_ALL = 2000, 8000
_KEY = re.compile(r"[A-Za-z0-9.-]{1,40}")
_SHORTEST = 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedGroup:
    """What one source suggests.

    Attributes:
        source: the source.
        suggestions: the best first, at most five.
    """

    source: SuggestionSource
    suggestions: Sequence[Suggestion]


def sources_of(actor: Actor) -> list[SuggestionSource]:
    """Return the sources in force that the actor may use, in order."""
    found = current_host().contributions("register_suggestions")
    return sorted((one for one in found if actor.can(one.permission, one.view)),
                  key=lambda one: one.order)


def typed_of(
    text: str, all_text: str = "", context: str = "", record_type: str = "", record: Any = None
) -> Typed:
    """Return what was typed, cut to the lengths that sources are promised."""
    return Typed(
        text=text.strip()[:_LONGEST_TEXT], all_text=all_text[:_LONGEST_ALL],
        context=context[:_LONGEST_TEXT], record_type=record_type, record=record)


def suggestions(session: Session, actor: Actor, typed: Typed) -> list[SuggestedGroup]:
    """Return what sources suggest for a text, without sources that have nothing.

    A source that fails is left out and named in the log.

    Args:
        session: session without unsaved changes.
        actor: who types.
        typed: what the form holds.
    """
    if len(typed.text) < _SHORTEST:
        return []
    found = [SuggestedGroup(source=source, suggestions=_asked(session, actor, typed, source))
             for source in sources_of(actor)]
    return [group for group in found if group.suggestions]


def warnings(session: Session, actor: Actor, typed: Typed) -> list[Message]:
    """Return what sources warn of, each sentence once; see ``suggestions``."""
    found: list[Message] = []
    for source in sources_of(actor):
        try:
            found += [one for one in source.warn(session, actor, typed) if one not in found]
        except Exception:
            session.rollback()
            log.exception("the source of suggestions %s failed to warn", source.name)
    return found


def phrases(session: Session, actor: Actor, occasion: str) -> list[Suggestion]:
    """Return what sources have to be said on an occasion, each source in its own order.

    A source that fails is left out and named in the log.

    Args:
        session: session without unsaved changes.
        actor: who speaks.
        occasion: what sources know it by, e.g. ``complaint_call``.
    """
    found: list[Suggestion] = []
    for source in sources_of(actor):
        try:
            found += source.phrases(session, actor, occasion)
        except Exception:
            session.rollback()
            log.exception("the source of suggestions %s failed to give phrases", source.name)
    return found


def _asked(
    session: Session, actor: Actor, typed: Typed, source: SuggestionSource
) -> list[Suggestion]:
    try:
        return list(source.suggest(session, actor, typed))[:MOST]
    except Exception:
        session.rollback()
        log.exception("the source of suggestions %s failed", source.name)
        return []


def note_use(session: Session, actor: Actor, typed: Typed, name: str, use: str) -> bool:
    """Tell a source what a person did with its suggestion; one transaction.

    Args:
        session: any session.
        actor: who did it.
        typed: what the form holds.
        name: name of the source and key of the suggestion, ``knowledge.articles/7``; empty with
            ``unanswered``, which every source is told.
        use: one of ``USES``.

    Returns:
        Whether there is a source that was told.
    """
    wanted, _, key = name.partition("/")
    is_for_all = use == UNANSWERED and not name
    if use not in USES or not (is_for_all or _KEY.fullmatch(key)):
        return False
    told = [one for one in sources_of(actor) if is_for_all or one.name == wanted]
    with write(session):
        for source in told:
            source.note(session, actor, typed, key, use)
    return bool(told)


def note_answers(session: Session, actor: Actor, typed: Typed, names: Sequence[str]) -> None:
    """Tell sources which suggestions answered what has become a record; part of its transaction.

    A source that fails is named in the log, and the record is kept.

    Args:
        session: session with the running write.
        actor: who created the record.
        typed: what the form held, with the new record.
        names: names as ``note_use`` takes them, at most five.

    Raises:
        DBAPIError: the database is busy or away: nothing of the transaction can be kept.
    """
    with write(session):
        for name in list(dict.fromkeys(names))[:MOST]:
            try:
                with session.begin_nested():
                    note_use(session, actor, typed, name, ANSWERED)
            except Exception as error:
                if is_passing(error):
                    raise
                log.exception("the answer %s of a new record was not noted", name)
