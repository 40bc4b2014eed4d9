"""What is built once from the measures of the plugins in force, and kept in the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app

from app.host.host import current_host
from app.people.clock import local_zone

_Built = TypeVar("_Built")


def kept_for_host(name: str, build: Callable[[], _Built]) -> _Built:
    """Return what has been built for the plugins in force and the organisation's time zone.

    Args:
        name: under which it is kept among the application's extensions.
        build: makes it; called again when plugins or the time zone have changed.
    """
    of = current_host(), local_zone()
    kept = current_app.extensions.get(name)
    if kept is None or kept[0] != of:
        kept = current_app.extensions[name] = of, build()
    return cast("_Built", kept[1])
