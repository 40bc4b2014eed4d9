"""How often somebody may ask for something dear, e.g. another program for answers.

Counted by person and name in the Redis of the installation; without one, each web process counts
for itself. Where Redis does not answer, nobody is turned away.
"""

from __future__ import annotations

import logging

from flask import Flask, current_app
from flask_babel import gettext
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from app.access.actor import Actor

log = logging.getLogger(__name__)
_EXTENSION = "careline_rate_limits"
_MINUTE_SECONDS = 60


def install(app: Flask, redis_url: str) -> None:
    """Give an application its counters.

    Args:
        app: the application.
        redis_url: of the installation; empty without Redis.
    """
    # The library names sockets by a scheme of its own.
    address = redis_url.replace("unix://", "redis+unix://", 1) if redis_url else "memory://"
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(
        storage_from_string(address, wrap_exceptions=True))


def count_call(actor: Actor, name: str, most: int) -> None:
    """Count a call, and refuse it where a person has made too many within a minute.

    Args:
        actor: who calls.
        name: what is called, with the prefix of its plugin, e.g. ``knowledge.answer``.
        most: calls a minute.

    Raises:
        TooManyRequests: status 429, with the header ``Retry-After`` in seconds.
    """
    counters: FixedWindowRateLimiter = current_app.extensions[_EXTENSION]
    try:
        allowed = counters.hit(RateLimitItemPerMinute(most), name, str(actor.user_id))
    except StorageError:
        log.warning("calls of %s are not counted: Redis does not answer", name, exc_info=True)
        return
    if not allowed:
        raise TooManyRequests(
            gettext("Too many calls within a minute. Wait, then try again."),
            retry_after=_MINUTE_SECONDS)
