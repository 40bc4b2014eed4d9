"""The real complaints of CFPB: 15,382 rows with quoted line breaks, read without a loss."""

from __future__ import annotations

import collections
import json
import zoneinfo
from pathlib import Path

import pytest

from app.forms.definition import Kind
from app.records.importing.checking import Checker
from app.records.importing.fields import Importer, ImportField
from app.records.importing.mapping import resolve, suggest
from app.records.importing.tables import Table

IMPORTER = Importer(
    name="test", title="Test", key=("complaint",), write=lambda *_: [], view="a.A",
    fields=(
        ImportField(name="complaint", label="Complaint ID", kind=Kind.INTEGER, required=True),
        ImportField(name="received", label="Date received", kind=Kind.DATE, required=True),
        ImportField(name="product", label="Product", required=True),
        ImportField(
            name="narrative", label="Consumer complaint narrative", kind=Kind.LONG_TEXT,
            length=100_000,
        ),
        ImportField(name="timely", label="Timely response?", kind=Kind.BOOLEAN),
    ),
)


@pytest.fixture
def data(data_dir: Path) -> Path:
    path = data_dir / "cfpb_complaints_dev.csv"
    if not path.is_file():
        pytest.skip(f"the public data file {path.name} is not there")
    return path


def test_every_row_is_read(data: Path) -> None:
    expected = json.loads(data.with_name("expected_cfpb_dev.json").read_text())
    table = Table.open(data)
    assert (table.kind, table.encoding, table.delimiter) == ("csv", "utf-8", ",")
    mapping = suggest(IMPORTER, table.header)
    assert set(mapping) == {field.name for field in IMPORTER.fields}
    positions = resolve(IMPORTER, table.header, mapping)
    checker = Checker(IMPORTER, table.header, positions, zoneinfo.ZoneInfo("Asia/Shanghai"))
    products: collections.Counter[str] = collections.Counter()
    narratives = 0
    for row in table.rows():
        good, problems = checker.check(row)
        assert problems == []
        assert good is not None
        products[good.values["product"]] += 1
        narratives += good.values["narrative"] is not None
    assert products.total() == 15_382
    assert narratives == 1_769
    assert products == expected["by_product"]
