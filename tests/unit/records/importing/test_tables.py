"""Reading tables: what was written comes back, whatever encoding, delimiter or program."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records.importing.files import Limits, UnreadableFile
from app.records.importing.tables import Table

# What text files can hold: no surrogates, no zero byte.
_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12
)
_ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(_TEXT, min_size=width, max_size=width).filter(
            lambda cells: any(cell.strip() for cell in cells)
        ),
        max_size=8,
    ).map(lambda rows: [[f"column {n}" for n in range(width)], *rows])
)


def _csv(folder: Path, content: str | bytes) -> Table:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table.open(path)


def _cells(table: Table) -> list[list[Any]]:
    assert [row.problem for row in table.rows()] == [None] * table.count()
    return [list(row.cells) for row in table.rows()]


@settings(deadline=None)
@given(
    rows=_ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    terminator=st.sampled_from(["\n", "\r\n"]),
)
def test_csv_comes_back_as_written(
    rows: list[list[str]], encoding: str, delimiter: str, terminator: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(
                file, delimiter=delimiter, lineterminator=terminator, quoting=csv.QUOTE_ALL
            ).writerows(rows)
        table = Table.open(path, encoding="gb18030" if encoding == "gb18030" else "")
        assert list(table.header) == rows[0]
        assert _cells(table) == rows[1:]


@settings(deadline=None, max_examples=50)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12),
            st.integers(-(10**14), 10**14),
            st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2999, 1, 1)).map(
                lambda moment: moment.replace(microsecond=0)
            ),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_xlsx_comes_back_as_written(rows: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        _xlsx(path, [("text", "number", "time", "flag"), *rows])
        assert _cells(Table.open(path)) == [[_as_read(cell) for cell in row] for row in rows]


def _as_read(cell: Any) -> Any:
    """A sheet knows no difference between a day and its midnight."""
    midnight = isinstance(cell, dt.datetime) and cell.time() == dt.time()
    return cell.date() if midnight else cell


def _xlsx(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    page.write_datetime(number, column, cell, moment)
                elif isinstance(cell, str):
                    page.write_string(number, column, cell)
                else:
                    page.write(number, column, cell)
    return path


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    table = _csv(tmp_path, 'a,b\n1,"two\nlines"\n\n3,4\r\n5,6')
    assert [(row.line, row.cells) for row in table.rows()] == [
        (2, ("1", "two\nlines")), (5, ("3", "4")), (6, ("5", "6")),
    ]


def test_rows_of_sheets_are_numbered_as_in_excel(tmp_path: Path) -> None:
    table = Table.open(_xlsx(tmp_path / "a", [(), (), ("a", "b"), (1, 2), (), (3, 4)]))
    assert [(row.line, row.cells) for row in table.rows()] == [(4, (1, 2)), (6, (3, 4))]


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lists").hide()
        page = book.add_worksheet("Data")
        page.activate()
        page.set_first_sheet()
        page.write_row(0, 0, ["a", "b"])
    assert Table.open(path).header == ("a", "b")


def test_headers_are_told_apart(tmp_path: Path) -> None:
    assert _csv(tmp_path, " a ,a,,a (2),,\n").header == ("a", "a (2)", "#3", "a (2) (2)")


def test_uneven_rows_are_problems_blanks_at_the_end_are_not(tmp_path: Path) -> None:
    rows = list(_csv(tmp_path, "a,b\n1\n1,2,3\n1,2,,\n").rows())
    assert [str(row.problem) if row.problem else "" for row in rows] == [
        "The row has 1 cells; the header has 2.",
        "The row has 3 cells; the header has only 2.",
        "",
    ]
    assert [row.cells for row in rows] == [("1", ""), ("1", "2"), ("1", "2")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("\n \n", "no rows"),
        ('a,b\n1,"2\n3,4\n', "Line 2 .* quotation mark"),
        ('a,b\n1,2\n"x"y,4\n', "Line 3 .* quotation mark"),
        ("a,b\n" + "1,2\n" * 5000 + "3,\x004\n", "Line 5002 holds zero bytes"),
    ],
)
def test_broken_files_say_where(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        _csv(tmp_path, content).count()


def test_a_wrong_encoding_chosen_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("姓名,b\n".encode("gb18030"))
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        Table.open(path, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="not known"):
        Table.open(path, encoding="rot13")


def test_limits(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="more than 300 columns"):
        _csv(tmp_path, "a," * 300 + "b\n")
    table = _csv(tmp_path, "a,b\n1,2\n1,2\n1,2\n")
    short = Table.open(table.path, Limits(rows=2))
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        short.count()


def _worksheet(folder: Path, xml: str, member: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook with one sheet, written by hand as an attacker would."""
    names = "http://schemas.openxmlformats.org"
    path = folder / "bomb.xlsx"

    def related(kind: str, target: str) -> str:
        return (
            f'<Relationships xmlns="{names}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{names}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
            "</Relationships>"
        )

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", related("officeDocument", "xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", related("worksheet", member.removeprefix("xl/"))
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{names}/spreadsheetml/2006/main" '
            f'xmlns:r="{names}/officeDocument/2006/relationships">'
            '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            member, f'<worksheet xmlns="{names}/spreadsheetml/2006/main">{xml}</worksheet>'
        )
    return path


CORNER = '<row><c r="A1" t="inlineStr"><is><t>a</t></is></c><c {}r="{}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("rows", "member"),
    [
        (CORNER.format("", "XFD1048576"), "xl/worksheets/sheet1.xml"),
        (CORNER.format("", "XFD1048576"), "xl/elsewhere/data.bin"),
        (CORNER.format('s=">" ', "XFD1048576"), "xl/worksheets/sheet1.xml"),
        (CORNER.format("", "&#88;FD1048576"), "xl/worksheets/sheet1.xml"),
        ("<row>" + "<c/>" * 5_000_001 + "</row>", "xl/worksheets/sheet1.xml"),
    ],
)
def test_a_small_file_cannot_fill_the_memory(tmp_path: Path, rows: str, member: str) -> None:
    with pytest.raises(UnreadableFile, match="spans more than 5000000 cells"):
        Table.open(_worksheet(tmp_path, f"<sheetData>{rows}</sheetData>", member))


def test_a_hand_written_sheet_within_limits_is_read(tmp_path: Path) -> None:
    """The bombs above differ from this file in nothing but their size."""
    path = _worksheet(tmp_path, f"<sheetData>{CORNER.format('', 'B1')}</sheetData>")
    assert Table.open(path).header == ("a", "1.0")


def test_entities_are_refused(tmp_path: Path) -> None:
    path = _worksheet(tmp_path, "")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(UnreadableFile, match="cannot be read"):
        Table.open(path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = _worksheet(tmp_path, "<sheetData/>" + " " * 3_000_000)
    with pytest.raises(UnreadableFile, match="more than 2 MB"):
        Table.open(path, Limits(sheet_bytes=2 * 1024 * 1024))


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"PK\x03\x04" + b"\x00" * 100])
def test_broken_workbooks_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        _csv(tmp_path, content)


def test_another_zip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(UnreadableFile, match="not an Excel workbook"):
        Table.open(path)
