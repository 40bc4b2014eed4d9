"""Dates in the order in which a file writes them: chosen or clear, never guessed."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.records.importing.dates import (
    DAY_FIRST,
    MONTH_FIRST,
    SERIAL,
    YEAR_FIRST,
    order_of,
    year_first,
)
from app.records.importing.fields import ImportField

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
FIELD = ImportField(name="day", label="Day", kind=Kind.DATE)
TIMED = ImportField(name="day", label="Day", kind=Kind.DATE, with_time=True)
DAYS = st.dates(dt.date(1960, 1, 1), dt.date(2110, 1, 1))
WAYS = {
    YEAR_FIRST: ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"),
    DAY_FIRST: ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    MONTH_FIRST: ("%m/%d/%Y", "%m-%d-%Y"),
}
NAMED = ("%d-%b-%Y", "%d %B %Y", "%B %d, %Y")


@settings(deadline=None)
@given(day=DAYS, order=st.sampled_from(sorted(WAYS)), data=st.data())
def test_a_date_comes_back_in_the_order_in_which_it_was_written(
    day: dt.date, order: str, data: Any
) -> None:
    text = day.strftime(data.draw(st.sampled_from(WAYS[order])))
    assert FIELD.read(text, ZONE, order) == day


@settings(deadline=None)
@given(day=DAYS, way=st.sampled_from(NAMED),
       order=st.sampled_from(["", YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SERIAL]))
def test_a_month_that_is_named_needs_no_order(day: dt.date, way: str, order: str) -> None:
    assert FIELD.read(day.strftime(way), ZONE, order) == day


@settings(deadline=None)
@given(day=DAYS, as_text=st.booleans())
def test_days_as_spreadsheets_count_them(day: dt.date, as_text: bool) -> None:
    number = (day - dt.date(1899, 12, 30)).days
    assert FIELD.read(str(number) if as_text else number, ZONE, SERIAL) == day


@settings(deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=30), order=st.sampled_from(sorted(WAYS)))
def test_what_is_detected_reads_every_date_as_it_was_written(
    days: list[dt.date], order: str
) -> None:
    """Where the order is not clear it is not guessed: day and month may be exchanged in all."""
    texts = [day.strftime(WAYS[order][0]) for day in days]
    found = order_of(texts)
    if found:
        assert [FIELD.read(text, ZONE, found) for text in texts] == days
    else:
        assert order != YEAR_FIRST and all(day.day <= 12 for day in days)


@pytest.mark.parametrize(("cells", "order"), [
    ((), YEAR_FIRST), (("", None), YEAR_FIRST), (("2026-01-31", ""), YEAR_FIRST),
    ((dt.date(2026, 1, 2),), YEAR_FIRST), (("01/02/2026",), ""), (("13/02/2026",), DAY_FIRST),
    (("01/02/2026 08:30", "02/13/2026"), MONTH_FIRST), (("45413", 45414.5), SERIAL),
    (("13/02/2026", "02/13/2026"), ""), (("2026-01-02", "45413"), YEAR_FIRST),
])
def test_the_order_is_clear_or_left_open(cells: tuple[Any, ...], order: str) -> None:
    assert order_of(cells) == order


@pytest.mark.parametrize("cell", ["05/01/2024", "5/1/2024", "05.01.2024 13:30"])
def test_what_may_be_read_in_two_ways_is_not_read(cell: str) -> None:
    with pytest.raises(InvalidValue, match="Day or month first"):
        FIELD.read(cell, ZONE)


@pytest.mark.parametrize(("cell", "order"), [
    ("05/01/2024", YEAR_FIRST), ("31/12/2024", MONTH_FIRST), ("45413", YEAR_FIRST),
    ("99999", SERIAL), ("05/01/24", DAY_FIRST), ("30/02/2024", DAY_FIRST),
])
def test_what_the_order_does_not_fit_is_refused(cell: str, order: str) -> None:
    with pytest.raises(InvalidValue):
        FIELD.read(cell, ZONE, order)


def test_times_stay_with_their_day() -> None:
    moment = dt.datetime(2024, 1, 5, 13, 30, tzinfo=ZONE)
    assert TIMED.read("05/01/2024 13:30", ZONE, DAY_FIRST) == moment
    assert TIMED.read("5-Jan-2024 13:30", ZONE, DAY_FIRST) == moment
    assert TIMED.read(45296.5625, ZONE, SERIAL) == moment
    assert year_first(True, SERIAL) is True
