"""What plugins and the core register: kinds of job and schedules. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.jobs.context import JobContext


class JobFailed(Exception):
    """A job cannot be done, for a reason that the person who started it understands.

    Args:
        message: sentence as a message id.
        values: values of its placeholders.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class TryLater(JobFailed):
    """A job cannot be done now; it goes back and is tried again after a pause.

    Args:
        message: why, as a message id; shown beside the job while it waits.
        after: the pause.
        values: values of the message's placeholders.
    """

    def __init__(self, message: str, after: dt.timedelta, **values: Any) -> None:
        super().__init__(message, **values)
        self.after = after


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A kind of long work.

    Attributes:
        name: identifier with the prefix of its folder or plugin, e.g. ``records.import``.
        run: does the work and returns a result that JSON can hold, or ``None``. It may run again
            after a worker was killed: what it writes must bear that.
        is_quiet: whether the screen of jobs shows it only while it waits, runs or has failed.
    """

    name: str
    run: Callable[[JobContext], Mapping[str, Any] | None]
    is_quiet: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Work that the worker does again and again, once in the whole installation.

    Attributes:
        name: identifier with the prefix of its folder or plugin, e.g. ``deadlines.sweep``.
        every_seconds: time from one start to the next.
        run: ``(session, now) -> None``; long work enqueues a job instead.
    """

    name: str
    every_seconds: int
    run: Callable[[Session, dt.datetime], object]


Registered = TypeVar("Registered", JobKind, Schedule)


def by_name(registered: Iterable[Registered]) -> dict[str, Registered]:
    """Return what was registered, by name.

    Raises:
        ValueError: two have the same name.
    """
    named: dict[str, Registered] = {}
    for item in registered:
        if item.name in named:
            raise ValueError(f"{type(item).__name__} {item.name} is registered twice")
        named[item.name] = item
    return named
