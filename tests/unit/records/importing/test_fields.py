"""Cells become values, in the ways people write them in both languages."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.records.importing.fields import Importer, ImportField

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
UTC = dt.UTC
CHANNEL = ImportField(
    name="channel", label="Channel", kind=Kind.CHOICE,
    choices=(("phone", "Phone"), ("on_site", "On site")), words={"电话": "phone"},
)


def _read(kind: Kind, cell: Any, **options: Any) -> Any:
    return ImportField(name="x", label="X", kind=kind, **options).read(cell, ZONE)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, "  a b ", "a b"),
        (Kind.TEXT, "", None),
        (Kind.TEXT, " \u3000", None),
        (Kind.TEXT, 13800000000.0, "13800000000"),
        (Kind.TEXT, 1.5, "1.5"),
        (Kind.TEXT, "A1.5E+10 型", "A1.5E+10 型"),
        (Kind.TEXT, True, "1"),
        (Kind.TEXT, dt.date(2026, 1, 31), "2026-01-31"),
        (Kind.TEXT, "'=1+1", "=1+1"),
        (Kind.LONG_TEXT, "a\r\nb", "a\nb"),
        (Kind.INTEGER, "1,234", 1234),
        (Kind.INTEGER, "１２", 12),
        (Kind.INTEGER, 12.0, 12),
        (Kind.INTEGER, "-5", -5),
        (Kind.DECIMAL, "¥1,234.50", Decimal("1234.50")),
        (Kind.DECIMAL, 0.1, Decimal("0.10")),
        (Kind.DATE, "2026-01-31", dt.date(2026, 1, 31)),
        (Kind.DATE, "2026/1/31", dt.date(2026, 1, 31)),
        (Kind.DATE, "2026年1月31日", dt.date(2026, 1, 31)),
        (Kind.DATE, "20260131", dt.date(2026, 1, 31)),
        (Kind.DATE, "2026-01-31 00:00:00", dt.date(2026, 1, 31)),
        (Kind.DATE, dt.datetime(2026, 1, 31), dt.date(2026, 1, 31)),
        (Kind.DATETIME, "2026-01-31 08:30", dt.datetime(2026, 1, 31, 0, 30, tzinfo=UTC)),
        (Kind.DATETIME, "2026年1月31日 08:30:15", dt.datetime(2026, 1, 31, 0, 30, 15, tzinfo=UTC)),
        (Kind.DATETIME, "2026-01-31T08:30Z", dt.datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        (Kind.DATETIME, "2026-01-31 08:30 +01:00", dt.datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        (Kind.DATETIME, "2026-01-31", dt.datetime(2026, 1, 30, 16, 0, tzinfo=UTC)),
        (Kind.DATETIME, dt.datetime(2026, 1, 31, 8), dt.datetime(2026, 1, 31, 0, tzinfo=UTC)),
        (Kind.BOOLEAN, "是", True),
        (Kind.BOOLEAN, "No", False),
        (Kind.BOOLEAN, 1.0, True),
        (Kind.BOOLEAN, False, False),
    ],
)
def test_cells_are_read(kind: Kind, cell: Any, value: Any) -> None:
    assert _read(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (Kind.TEXT, 110105194912310000.0, "rounded this long number"),
        (Kind.TEXT, "1.38111E+10", "rounded this long number"),
        (Kind.TEXT, "1e+17", "rounded this long number"),
        (Kind.TEXT, "a\x07b", "control characters"),
        (Kind.TEXT, "x" * 201, "At most 200"),
        (Kind.INTEGER, "1.5", "whole number"),
        (Kind.INTEGER, "1,23", "number"),
        (Kind.INTEGER, "nan", "whole number"),
        (Kind.INTEGER, "1e400", "whole number"),
        (Kind.INTEGER, "9" * 5000, "whole number"),
        (Kind.DECIMAL, "1.005", "2 decimal places"),
        (Kind.DECIMAL, "inf", "Enter a number"),
        (Kind.DECIMAL, "abc", "Enter a number"),
        (Kind.DATE, "31.01.2026", "Day or month first"),
        (Kind.DATE, "01/02/2026", "Day or month first"),
        (Kind.DATE, "2026-02-30", "no such day"),
        (Kind.DATE, "2026-01-31 08:30", "like 2026-01-31"),
        (Kind.DATETIME, "2026-01-31 25:00", "no such time"),
        (Kind.DATETIME, "2026-01-31 soon", "like 2026-01-31 14:30"),
        (Kind.BOOLEAN, "maybe", "yes or no"),
    ],
)
def test_what_does_not_fit_says_why(kind: Kind, cell: Any, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        _read(kind, cell)


@pytest.mark.parametrize("cell", ["phone", "Phone", "PHONE ", "电话"])
def test_choices_by_value_label_or_word(cell: str) -> None:
    assert CHANNEL.read(cell, ZONE) == "phone"


def test_punctuation_does_not_matter_for_choices() -> None:
    assert CHANNEL.read("on-site", ZONE) == "on_site"
    with pytest.raises(InvalidValue, match="values offered"):
        CHANNEL.read("pigeon", ZONE)


def test_a_required_cell_must_be_filled() -> None:
    with pytest.raises(InvalidValue, match="required"):
        _read(Kind.TEXT, "  ", required=True)


def test_a_parser_of_its_own_sees_only_filled_cells() -> None:
    assert _read(Kind.TEXT, "", parse=lambda cell: cell.upper()) is None
    assert _read(Kind.TEXT, "a", parse=lambda cell: cell.upper()) == "A"


@given(
    st.sampled_from(sorted(Kind)),
    st.text(max_size=30)
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.integers(),
)
def test_no_cell_breaks_a_field(kind: Kind, cell: Any) -> None:
    field = CHANNEL if kind in (Kind.CHOICE, Kind.MULTI_CHOICE) else ImportField(
        name="x", label="X", kind=kind
    )
    try:
        field.read(cell, ZONE)
    except InvalidValue as refused:
        assert str(refused.message)


@pytest.mark.parametrize("key", [(), ("note",), ("number", "note"), ("unknown",)])
def test_an_importer_needs_a_key_that_every_row_has(key: tuple[str, ...]) -> None:
    fields = (
        ImportField(name="number", label="Number", required=True),
        ImportField(name="note", label="Note"),
    )
    with pytest.raises(ValueError, match="key"):
        Importer(name="a", title="A", fields=fields, key=key, write=lambda *_: [], view="a.A")
