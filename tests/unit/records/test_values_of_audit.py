"""What the audit trail holds comes back in the type of its column."""

from __future__ import annotations

import datetime as dt
import decimal

import pytest
from sqlalchemy import Date, Integer, Numeric, String

from app.database import CodeString, UTCDateTime
from app.records.values import is_empty, typed_value


class Column:
    """Stands in for a mapped column."""

    def __init__(self, kind):
        self.type = kind


@pytest.mark.parametrize(("kind", "held", "value"), [
    (UTCDateTime(), "2026-11-28T10:00:00+00:00", dt.datetime(2026, 11, 28, 10, tzinfo=dt.UTC)),
    (Date(), "2026-11-28", dt.date(2026, 11, 28)),
    (Numeric(10, 2), "1.50", decimal.Decimal("1.50")),
    (Integer(), 3, 3), (String(9), "x", "x"), (CodeString(9), "x", "x"), (Date(), None, None),
])
def test_values_come_back_in_the_type_of_the_column(kind, held, value):
    found = typed_value(Column(kind), held)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("value", "empty"), [
    (None, True), ("", True), (" \n", True), ([], True), (0, False), (False, False), ("x", False),
])
def test_blanks_say_nothing(value, empty):
    assert is_empty(value) is empty
