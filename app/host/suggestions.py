"""What plugins offer to whoever types into a form: plain dataclasses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

OPENED, INSERTED, ANSWERED, UNANSWERED = "opened", "inserted", "answered", "unanswered"
USES = (OPENED, INSERTED, ANSWERED, UNANSWERED)
"""What a person does with a suggestion; ``unanswered`` says that none of them helped."""


def no_warnings(_session: Any, _actor: Any, _typed: Typed) -> tuple[()]:
    """Return nothing: a source that warns of no words."""
    return ()


def no_phrases(_session: Any, _actor: Any, _occasion: str) -> tuple[()]:
    """Return nothing: a source that has no phrases."""
    return ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form holds while somebody types.

    Attributes:
        text: contents of the fields that the screen names, at most 2,000 characters.
        all_text: contents of all fields for text, at most 8,000 characters.
        context: labels of what is chosen in the form, e.g. a product, one a line.
        record_type: kind of the record that the form is about.
        record: the record; ``None`` while it is new.
    """

    text: str
    all_text: str = ""
    context: str = ""
    record_type: str = ""
    record: Any = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suggestion.

    Attributes:
        key: identifies it within its source; letters, digits, ``-`` and ``.``, at most 40.
        title: what it is about, as people read it.
        text: plain text that is inserted where the person types; empty for none.
        body: what is shown when it is opened; markup that the source answers for.
        kind: short word beside the title, e.g. the kind of article.
        address: page that has it in full; empty for none.
    """

    key: str
    title: str
    text: str = ""
    body: Any = ""
    kind: str = ""
    address: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionSource:
    """Suggestions of a plugin for whoever types into a form of any plugin.

    Attributes:
        name: identifier with the plugin's prefix.
        title: heading of its suggestions (message id).
        view: view whose ``permission`` gives them.
        permission: see ``view``.
        suggest: ``(session, actor, typed) -> Suggestions``, the best first; at most five are shown.
            It observes the rights and the row scope of the actor, and writes nothing.
        note: ``(session, actor, typed, key, use) -> None`` in a transaction: what the person did
            with a suggestion (``opened``, ``inserted``, ``answered``), or with an empty key that
            none of them helped (``unanswered``).
        warn: ``(session, actor, typed) -> Messages`` that are shown at once and refuse nothing.
        phrases: ``(session, actor, occasion) -> Suggestions``: what is said on an occasion, e.g.
            ``complaint_call``, in the order in which it is said; ``title`` names the moment. It
            observes rights and row scope, and writes nothing.
        order: lower comes first.
    """

    name: str
    title: str
    view: str
    suggest: Callable[..., Any]
    note: Callable[..., None]
    warn: Callable[..., Any] = no_warnings
    phrases: Callable[..., Any] = no_phrases
    permission: str = "can_list"
    order: int = 100
