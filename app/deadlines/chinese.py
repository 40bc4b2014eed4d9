"""China's public holidays and make-up working days, from two packages kept by others.

The State Council publishes the days of a year in the autumn before it. Until a package knows
them, the year counts as not yet published: the days that the law fixes are off (New Year's Day,
National Day and so on, without bridges and make-up days), and the others can be put in by hand
(``overrides`` of the calendar). Pure.
"""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from app.deadlines.calendars import WorkingCalendar
from app.deadlines.shifts import MONDAY_TO_FRIDAY, Shifts


@dataclasses.dataclass(frozen=True, slots=True)
class OfficialDays:
    """What the State Council fixed for some years.

    Attributes:
        off: working days of the week, and weekend days, on which nobody works; of years not yet
            published those that the law fixes.
        make_up: weekend days that are worked.
        published: years asked for that are known.
        unpublished: years asked for that no package knows yet.
    """

    off: frozenset[dt.date]
    make_up: frozenset[dt.date]
    published: frozenset[int]
    unpublished: frozenset[int]


def official_days(years: Iterable[int]) -> OfficialDays:
    """Return the official days off and make-up working days of ``years``.

    ``chinesecalendar`` is asked first; ``holidays`` fills in years that only it knows (it is
    released more often). Both are compared with the State Council's notices by a test.
    """
    # Only a process that works with days off needs their tables.
    import chinese_calendar.constants as chinesecalendar
    import holidays

    off: set[dt.date] = set()
    make_up: set[dt.date] = set()
    published: set[int] = set()
    wanted = frozenset(years)
    first_known = {day.year for day in chinesecalendar.holidays}
    second_known = frozenset(holidays.country_holidays("CN").special_public_holidays)
    for year in sorted(wanted):
        if year in first_known:
            off |= {day for day in chinesecalendar.holidays if day.year == year}
            make_up |= {day for day in chinesecalendar.workdays if day.year == year}
        elif year in second_known:
            table = holidays.country_holidays("CN", years=[year])
            off |= {day for day in table if day.year == year}
            make_up |= {day for day in table.weekend_workdays if day.year == year}
        else:
            # The law fixes these days; only bridges and make-up days wait for the notice.
            off |= set(holidays.country_holidays("CN", years=[year], observed=False))
            continue
        published.add(year)
    return OfficialDays(
        frozenset(off), frozenset(make_up), frozenset(published), wanted - published
    )


def china_calendar(
    name: str = "china",
    week: tuple[Shifts, ...] = MONDAY_TO_FRIDAY,
    years: Iterable[int] = range(2007, 2041),
    overrides: Mapping[dt.date, Shifts] | None = None,
) -> WorkingCalendar:
    """Return a calendar in Asia/Shanghai that follows the official days.

    Args:
        name: name of the calendar.
        week: shifts of Monday to Sunday; make-up days take those of Monday.
        years: years to look up; of those not yet published only the fixed days are off.
        overrides: days set by hand, which win over everything else.
    """
    days = official_days(years)
    return WorkingCalendar(
        name=name,
        timezone="Asia/Shanghai",
        week=week,
        off_days=days.off,
        make_up_days=dict.fromkeys(days.make_up),
        overrides=dict(overrides or {}),
        published_years=days.published,
    )
