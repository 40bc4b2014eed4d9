"""Which events of saved records an implementation has something to do with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

Concerns: TypeAlias = Callable[[Mapping[str, Any]], bool]
"""Says of the payload of an event whether an implementation has something to do with it."""

log = logging.getLogger(__name__)
_CONCERNS = "careline_concerns"
Implementation = TypeVar("Implementation", bound=Callable[..., Any])


def only_for(*concerns: Concerns) -> Callable[[Implementation], Implementation]:
    """Say which saved records ``on_record_saved`` is called for; a decorator below ``@hookimpl``.

    Events of the others are neither written nor delivered: an import of 100,000 records writes as
    many less for each plugin that has nothing to do with them.

    Args:
        concerns: get the payload without ``event_id`` while the event is written, and return
            whether the hook has something to do with it; one that says so is enough. They read
            nothing but the payload.
    """
    def mark(implementation: Implementation) -> Implementation:
        setattr(implementation, _CONCERNS, concerns)
        return implementation

    return mark


def is_concerned(implementation: Callable[..., Any], payload: Mapping[str, Any]) -> bool:
    """Return whether an implementation has something to do with an event.

    One that cannot say so gets it: whoever writes is not kept from it by a plugin.

    Args:
        implementation: function of a plugin.
        payload: of the event.
    """
    concerns: tuple[Concerns, ...] | None = getattr(implementation, _CONCERNS, None)
    if concerns is None:
        return True
    try:
        return any(one(payload) for one in concerns)
    except Exception:
        log.exception("%s cannot say whether an event concerns it", implementation.__qualname__)
        return True
