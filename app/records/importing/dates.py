"""In which order files write day, month and year: read as chosen, never guessed silently. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from app.forms.cleaning import InvalidValue
from app.i18n import N_

YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SERIAL = "ymd", "dmy", "mdy", "serial"
ORDERS = {
    YEAR_FIRST: N_("Year, month, day: 2026-01-31"),
    DAY_FIRST: N_("Day, month, year: 31/01/2026"),
    MONTH_FIRST: N_("Month, day, year: 01/31/2026"),
    SERIAL: N_("Numbers of days, as spreadsheets count them: 46053"),
}
"""English labels of the orders of day, month and year."""
NOT_CLEAR = N_("Day or month first? Choose the order of dates of this file.")
"""What is said of dates whose order the file does not tell."""
# Numbers of days from 1954 to 2119; anything else is no date of ours.
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_EPOCH = dt.datetime(1899, 12, 30)
_YEAR_LAST = re.compile(r"\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)")
_SERIAL = re.compile(r"\s*(\d{5})(?:\.\d+)?\s*\Z")
_MONTHS = {
    name: number for number, names in enumerate((
        "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
        "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}
_DAY_NAMED = re.compile(r"\s*(\d{1,2})[-/. ]+([A-Za-z]{3,9})[-/., ]+(\d{4})(?!\d)")
_MONTH_NAMED = re.compile(r"\s*([A-Za-z]{3,9})[-/. ]+(\d{1,2})[-/., ]+(\d{4})(?!\d)")


def year_first(cell: Any, order: str) -> Any:
    """Return a cell with its date as year, month, day; what is no such date stays as it is.

    Args:
        cell: of a column of dates: a text, or a number or date of a sheet.
        order: one of ``ORDERS``.

    Raises:
        InvalidValue: it may be read in two ways, and nobody has said in which.
    """
    if isinstance(cell, bool | dt.date):
        return cell
    if order == SERIAL and (serial := _serial(cell)) is not None:
        # Of a number the fraction of a day holds half a second at most that is none.
        moment = _EPOCH + dt.timedelta(days=serial, milliseconds=500)
        return moment.replace(microsecond=0)
    if not isinstance(cell, str):
        return cell
    text = unicodedata.normalize("NFKC", cell)
    named = _named(text)
    if named is not None:
        return named
    found = _YEAR_LAST.match(text)
    if not found:
        return cell
    first, second, year = found.groups()
    if not order:
        raise InvalidValue(NOT_CLEAR)
    if order not in (DAY_FIRST, MONTH_FIRST):
        return cell
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return f"{year}-{month}-{day}{text[found.end():]}"


def _named(text: str) -> str | None:
    """Return a date that names its month in English as year, month, day."""
    by_day, by_month = _DAY_NAMED.match(text), _MONTH_NAMED.match(text)
    if by_day is not None:
        day, name, year, end = *by_day.groups(), by_day.end()
    elif by_month is not None:
        name, day, year, end = *by_month.groups(), by_month.end()
    else:
        return None
    month = _MONTHS.get(name.casefold())
    return None if month is None else f"{year}-{month}-{day}{text[end:]}"


def _serial(cell: Any) -> float | None:
    if isinstance(cell, str) and _SERIAL.match(unicodedata.normalize("NFKC", cell)):
        cell = float(unicodedata.normalize("NFKC", cell))
    if isinstance(cell, int | float) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        return float(cell)
    return None


def order_of(cells: Iterable[Any]) -> str:
    """Return the order in which the dates of a column stand, as far as the cells show it.

    Args:
        cells: of columns of dates.

    Returns:
        One of ``ORDERS``; an empty text where dates may be read in two ways.
    """
    may_be = {DAY_FIRST, MONTH_FIRST}
    unclear = serials = others = 0
    for cell in cells:
        if isinstance(cell, dt.date) or cell in (None, ""):
            continue
        text = unicodedata.normalize("NFKC", str(cell))
        found = _YEAR_LAST.match(text)
        if found:
            unclear += 1
            if int(found[1]) > 12:
                may_be.discard(MONTH_FIRST)
            if int(found[2]) > 12:
                may_be.discard(DAY_FIRST)
        elif _serial(cell) is not None:
            serials += 1
        else:
            others += 1
    if unclear:
        return next(iter(may_be)) if len(may_be) == 1 else ""
    return SERIAL if serials > others else YEAR_FIRST
