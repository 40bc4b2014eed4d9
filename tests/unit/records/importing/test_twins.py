"""Two rows of a file with the same key: the second one is told where the first one stands."""

from __future__ import annotations

import zoneinfo

import pytest

from app.forms.definition import Kind
from app.records.importing.checking import Checker
from app.records.importing.fields import Importer, ImportField
from app.records.importing.tables import TableRow

IMPORTER = Importer(
    name="test", title="Test", key=("name", "place"), write=lambda *_: [], view="a.A",
    fields=(ImportField(name="name", label="Name", required=True),
            ImportField(name="place", label="Place", kind=Kind.INTEGER,
                        required=True)))


def first_lines(rows: list[tuple[str, str]]) -> list[int]:
    """Return for each row the line that it is a twin of; 0 for one that comes first."""
    checker = Checker(IMPORTER, ("Name", "Place"), {"name": 0, "place": 1},
                      zoneinfo.ZoneInfo("Asia/Shanghai"))
    found = []
    for line, cells in enumerate(rows, start=2):
        _, problems = checker.check(TableRow(line, cells))
        found.append(problems[0].message.params["line"] if problems else 0)
    return found


@pytest.mark.parametrize(("rows", "lines"), [
    ([("王小明", "1"), ("王小明", "2"), ("王小明", "1"), ("李丽", "1"), ("王小明", "1")],
     [0, 0, 2, 0, 2]),
    # Python holds the hashes of these two numbers for the same.
    ([("王小明", "-1"), ("王小明", "-2"), ("王小明", "-2")], [0, 0, 3]),
], ids=["same", "negative"])
def test_the_first_line_of_a_key_is_told(rows, lines):
    assert first_lines(rows) == lines


def test_thousands_of_keys_are_kept_apart():
    rows = [(f"客户{place}", str(place % 7)) for place in range(20_000)]
    assert first_lines([*rows, *rows[:50]]) == [0] * 20_000 + list(range(2, 52))
