"""What plugins and the core register: kinds of job and schedules. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from app.jobs.due_moments import DAILY, DueTime

if TYPE_CHECKING:

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
        file_needs: permission and view without which nobody is given the file that it leaves; with
            it, nobody but who asked is. ``None``: who asked, and those who oversee jobs.
    """

    name: str
    run: Callable[[JobContext], Mapping[str, Any] | None]
    is_quiet: bool = False
    file_needs: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Work that the worker does again and again, once in the whole installation.

    It says either how often it runs, or at which time of day.

    Attributes:
        name: identifier with the prefix of its folder or plugin, e.g. ``deadlines.sweep``.
        run: ``(session, now) -> None`` with ``every_seconds``, ``(session, due, now) -> None``
            with ``at``; ``due`` is the moment for which it runs, aware and in UTC. Long work
            enqueues a job instead. It may run again for the same moment after a worker was killed
            or the run failed: what it writes must bear that.
        every_seconds: time from one start to the next.
        at: time of day in the organisation's time zone, e.g. ``02:00``.
        days: ``daily``; ``working`` days of the default calendar; ``mon-fri``, ``mon,thu``; days
            of the month ``1,15``, where 31 means the last one.
        catch_up: what happens after a time in which no worker ran: every missed moment gets its
            run, the earliest first; ``False``: only the latest one.

    Raises:
        ValueError: neither or both of ``every_seconds`` and ``at``, or a text is malformed.
    """

    name: str
    run: Callable[..., object]
    every_seconds: int | None = None
    at: str = ""
    days: str = DAILY
    catch_up: bool = True
    title: str = ""

    def __post_init__(self) -> None:
        if (self.every_seconds is None) == (not self.at):
            raise ValueError(f"schedule {self.name} needs either every_seconds or at")
        if self.every_seconds is not None and self.every_seconds <= 0:
            raise ValueError(f"schedule {self.name}: every_seconds must be positive")
        if self.at:
            DueTime.parse(self.at, self.days)

    @property
    def due_time(self) -> DueTime | None:
        """The time of day at which it runs; ``None`` where it runs at an interval."""
        return DueTime.parse(self.at, self.days) if self.at else None


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
