"""A cell that cannot be read costs its row at most, and is never taken for an empty one."""

from __future__ import annotations

import datetime as dt
import zipfile
import zoneinfo
from pathlib import Path

import pytest

from app.forms.cleaning import InvalidValue
from app.forms.definition import LONGEST_LONG_TEXT, Kind
from app.records.importing.cell_faults import CellFault
from app.records.importing.fields import ImportField
from app.records.importing.tables import LONGEST_CELL, Table

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NAMES = "http://schemas.openxmlformats.org"
HEADER = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'


def sheet(folder: Path, rows: str, *, target: str = "worksheets/sheet1.xml") -> Table:
    """Open a workbook of one sheet with these rows."""
    path = folder / "file.xlsx"
    related = f"{NAMES}/officeDocument/2006/relationships"
    package = f"{NAMES}/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>'))
        archive.writestr("xl/_rels/workbook.xml.rels", (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{related}/worksheet" Target="{target}"/></Relationships>'))
        archive.writestr("xl/workbook.xml", (
            f'<workbook xmlns="{NAMES}/spreadsheetml/2006/main" xmlns:r="{related}">'
            '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'))
        archive.writestr("xl/worksheets/sheet1.xml", (
            f'<worksheet xmlns="{NAMES}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>'
            "</worksheet>"))
    return Table.open(path)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="B2"><f>1+1</f></c>', "=1+1"),
        ('<c r="B2"><f>1+1</f><v></v></c>', "=1+1"),
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
    ],
)
@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"])
def test_a_cell_without_a_value_is_a_fault_of_this_cell(
    tmp_path: Path, cell: str, shown: str, target: str
) -> None:
    row = f'<row r="2"><c r="A2"><v>7</v></c>{cell}</row>'
    [found] = sheet(tmp_path, HEADER + row, target=target).rows()
    assert (found.line, found.cells[0], str(found.cells[1])) == (2, 7.0, shown)
    with pytest.raises(InvalidValue) as refused:
        ImportField(name="b", label="B").read(found.cells[1], SHANGHAI)
    reason = str(refused.value.message)
    assert shown in reason if shown.startswith("#") else "not its result" in reason


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2.0),
        ('<c r="B2" t="str"><f>T(A1)</f><v></v></c>', ""),
        ('<c r="B2" t="str"><v>#N/A</v></c>', "#N/A"),
    ],
)
def test_a_formula_with_its_result_is_no_fault(tmp_path: Path, cell: str, value: object) -> None:
    [found] = sheet(tmp_path, f'{HEADER}<row r="2"><c r="A2"><v>7</v></c>{cell}</row>').rows()
    assert found.cells == (7.0, value)


def test_rows_of_nothing_but_formulas_without_results_are_not_lost(tmp_path: Path) -> None:
    row = '<row r="{0}"><c r="A{0}"><f>B{0}</f></c></row>'
    rows = list(sheet(tmp_path, HEADER + row.format(3) + row.format(4)).rows())
    assert [(found.line, str(found.cells[0])) for found in rows] == [(3, "=B3"), (4, "=B4")]


def test_faults_stand_in_their_column_where_the_sheet_begins_further_right(tmp_path: Path) -> None:
    header = '<row r="1"><c r="C1" t="str"><v>a</v></c><c r="D1" t="str"><v>b</v></c></row>'
    row = '<row r="2"><c r="C2"><v>7</v></c><c r="D2" t="e"><v>#N/A</v></c></row>'
    table = sheet(tmp_path, header + row)
    [found] = table.rows()
    faults = [
        name for name, cell in zip(table.header, found.cells, strict=True)
        if isinstance(cell, CellFault)
    ]
    assert faults == ["b"]


def test_a_cell_over_the_limit_rejects_its_row_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"a,b\n1,x\n2,{'x' * (LONGEST_CELL + 1)}\n3,{'x' * LONGEST_CELL}\n")
    rows = list(Table.open(path).rows())
    assert [row.line for row in rows if row.problem is None] == [2, 4]
    [bad] = [row for row in rows if row.problem is not None]
    assert (bad.line, len(bad.cells[1])) == (3, LONGEST_CELL + 1)


def test_a_text_as_long_as_those_of_public_registers_is_taken() -> None:
    field = ImportField(name="reason", label="Reason", kind=Kind.LONG_TEXT)
    assert field.read("x" * 33_000, SHANGHAI) == "x" * 33_000
    with pytest.raises(InvalidValue):
        field.read("x" * (LONGEST_LONG_TEXT + 1), SHANGHAI)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2024-05-01", dt.date(2024, 5, 1)),
        ("2024-05-01 00:00", dt.date(2024, 5, 1)),
        ("2024-05-01 13:30", dt.datetime(2024, 5, 1, 13, 30, tzinfo=SHANGHAI)),
        ("2024年5月1日 13:30:05", dt.datetime(2024, 5, 1, 13, 30, 5, tzinfo=SHANGHAI)),
        (dt.datetime(2024, 5, 1), dt.date(2024, 5, 1)),
        (dt.datetime(2024, 5, 1, 13, 30), dt.datetime(2024, 5, 1, 13, 30, tzinfo=SHANGHAI)),
        (dt.datetime(2024, 5, 1, 13, 29, 59, 999_000),
         dt.datetime(2024, 5, 1, 13, 30, tzinfo=SHANGHAI)),
    ],
)
def test_a_day_with_its_time(cell: object, value: object) -> None:
    field = ImportField(name="at", label="At", kind=Kind.DATE, with_time=True)
    read = field.read(cell, SHANGHAI)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("cell", ["2024-05-01 25:30", "2024-05-01 noon", "2024-02-30 10:00"])
def test_a_time_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(InvalidValue):
        ImportField(name="at", label="At", kind=Kind.DATE, with_time=True).read(cell, SHANGHAI)
