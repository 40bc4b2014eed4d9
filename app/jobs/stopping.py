"""Whether the process that does a schedule's work is about to end.

What has fallen due is done in portions, and each of them leaves the rest as it was: work that may
go on for minutes ends between two portions, and the next worker takes up what is left.
"""

from __future__ import annotations

import contextlib
import contextvars
import time
from collections.abc import Callable, Generator

from app.jobs.portions import PAUSE_SECONDS

_is_stopping: contextvars.ContextVar[Callable[[], bool]] = contextvars.ContextVar("is_stopping")


@contextlib.contextmanager
def stopping_when(is_stopping: Callable[[], bool]) -> Generator[None]:
    """Let what is done within end between two portions.

    Args:
        is_stopping: whether the process is about to end; asked after each portion.
    """
    token = _is_stopping.set(is_stopping)
    try:
        yield
    finally:
        _is_stopping.reset(token)


def may_go_on() -> bool:
    """Pause between two portions, and return whether there should be another one.

    Returns:
        Always true outside of a worker: a command or a deploy does all that it was asked for.
    """
    is_stopping = _is_stopping.get(None)
    if is_stopping is not None and is_stopping():
        return False
    time.sleep(PAUSE_SECONDS)
    return True
