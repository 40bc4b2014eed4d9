"""When the steps of made-up complaints happen: in working time, most within their deadlines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Sequence

from app.sdk.demo import WorkingCalendar

STEPS = ("assess", "assign", "propose", "approve", "consent", "carry_out", "collect_feedback",
         "rate", "summarise", "archive")
_ANSWERED = STEPS.index("collect_feedback") + 1
# The house's own deadlines in working minutes: first response, and answer.
_LIMITS = {"critical": (60, 480), "serious": (120, 1080), "normal": (240, 2700),
           "minor": (540, 5400)}
# A statutory limit of fifteen days is shorter than the house's for small things.
_LONGEST_ANSWER = 3200
_LATE_SHARE = 0.25
_MINUTE = dt.timedelta(minutes=1)
_SEARCHED = dt.timedelta(days=60)


@dataclasses.dataclass(frozen=True, slots=True)
class DemoCourse:
    """When a complaint came in and when each of its steps is taken.

    Attributes:
        received_at: aware.
        steps: times of the steps that have been taken by now, in their order.
        aside: time of what leaves the straight way after them, if anything does.
    """

    received_at: dt.datetime
    steps: tuple[dt.datetime, ...]
    aside: dt.datetime | None = None


class CoursePlanner:
    """Plans courses that end by now.

    Args:
        calendar: by which the house works.
        random_: makes the courses repeatable.
        now: aware.
    """

    def __init__(
        self, calendar: WorkingCalendar, random_: random.Random, now: dt.datetime
    ) -> None:
        self._calendar, self._random, self._now = calendar, random_, now

    def done(self, severity: str) -> DemoCourse:
        """Return the course of one that was answered in the last weeks."""
        random_ = self._random
        offsets = self._offsets(severity)
        after = random_.randrange(_ANSWERED + 1, len(STEPS) + 1)
        age = int(random_.triangular(60, 14_000, 900))
        received = self._before(offsets[after - 1] + age)
        return DemoCourse(received, self._times(received, offsets[:after]))

    def under_way(self, severity: str, steps: int, leaves: bool = False) -> DemoCourse:
        """Return the course of one that has come so far by now.

        Args:
            severity: what its deadlines depend on.
            steps: how many steps have been taken.
            leaves: whether something else has happened after them.
        """
        offsets = self._offsets(severity)
        since = offsets[steps - 1] if steps else 2
        until = offsets[steps] if steps < len(offsets) else since + 240
        aside = since + self._random.randint(3, 40) if leaves else since
        received = self._before(self._random.randint(aside + 1, max(until - 1, aside + 2)))
        times = self._times(received, [*offsets[:steps], *([aside] if leaves else [])])
        if leaves and len(times) > steps:
            return DemoCourse(received, times[:-1], times[-1])
        return DemoCourse(received, times)

    def _offsets(self, severity: str) -> list[int]:
        """Return the working minutes from receipt to each step."""
        random_ = self._random
        first, whole = _LIMITS[severity]
        is_late = random_.random() < _LATE_SHARE
        assess = int(first * random_.uniform(0.15, 0.8))
        answer = int(min(whole, _LONGEST_ANSWER) * random_.uniform(0.35, 0.85))
        if is_late and random_.random() < 0.5:
            assess = int(first * random_.uniform(1.1, 1.8))
        elif is_late:
            answer = int(whole * random_.uniform(1.05, 1.4))
        answer = max(answer, assess + 60)
        between = sorted(random_.sample(range(assess + 5, answer - 5), _ANSWERED - 2))
        offsets = [assess, *between, answer]
        for least, most in ((15, 300), (30, 480), (60, 900)):
            offsets.append(offsets[-1] + random_.randint(least, most))
        return offsets

    def _times(self, received: dt.datetime, offsets: Sequence[int]) -> tuple[dt.datetime, ...]:
        """Return when the steps are taken, some seconds past the minute, as far as that is past."""
        steps = (
            self._calendar.add_working_minutes(received, minutes)
            + dt.timedelta(seconds=self._random.randrange(60))
            for minutes in offsets
        )
        return tuple(at for at in steps if at < self._now)

    def _before(self, minutes: int) -> dt.datetime:
        """Return the latest working moment so many working minutes before now."""
        early, late = self._now - _SEARCHED - minutes * 5 * _MINUTE, self._now
        while late - early > _MINUTE:
            middle = early + (late - early) / 2
            if self._calendar.working_minutes(middle, self._now) >= minutes:
                early = middle
            else:
                late = middle
        # It may lie some seconds before the doors open.
        return self._calendar.next_opening(early)
