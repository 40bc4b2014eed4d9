"""The line that names the columns is found below titles, and can be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records.importing.dates import DAY_FIRST, YEAR_FIRST
from app.records.importing.fields import Importer, ImportField, Kind
from app.records.importing.files import UnreadableFile
from app.records.importing.headers import header_line_of
from app.records.importing.reading import Reading, best_headed, detected_order
from app.records.importing.services import preview
from app.records.importing.tables import Table

IMPORTER = Importer(
    name="cases", title="Cases", key=("number",), write=lambda *_: [], view="a.A",
    fields=(
        ImportField(name="number", label="Number", required=True, aliases=("编号",)),
        ImportField(name="day", label="Received on", kind=Kind.DATE, aliases=("日期",)),
        ImportField(name="note", label="Note", aliases=("备注",)),
    ),
)
TITLED = ("2026年3月投诉台账,,\n填表人：王芳,,\n\n编号,日期,备注\n1,05/03/2026,a\n2,25/03/2026,b\n")


def file(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


@settings(deadline=None)
@given(width=st.integers(3, 8), titles=st.integers(0, 5), rows=st.integers(1, 5))
def test_titles_above_a_table_are_no_header(width: int, titles: int, rows: int) -> None:
    top = [(n + 1, ("A title", *[""] * (width - 1))) for n in range(titles)]
    top += [(titles + 1 + n, ("x",) * width) for n in range(rows)]
    assert header_line_of(top) == titles + 1


def test_the_first_line_is_the_header_where_nothing_speaks_against_it(tmp_path: Path) -> None:
    for text in ("a\n1\n2\n", "a,b\n1,2\n", "a,,c,\n1,2,3,4\n", "编号,日期\n"):
        assert Table.open(file(tmp_path, text)).header_line == 1


def test_rows_keep_their_lines_below_a_title(tmp_path: Path) -> None:
    table = Table.open(file(tmp_path, TITLED))
    assert (table.header_line, table.header) == (4, ("编号", "日期", "备注"))
    assert [(row.line, row.cells[0]) for row in table.rows()] == [(5, "1"), (6, "2")]
    assert table.count() == 2


def test_another_line_is_chosen(tmp_path: Path) -> None:
    path = file(tmp_path, TITLED)
    table = Table.open(path, header_line=5)
    assert table.header == ("1", "05/03/2026", "a") and table.count() == 1
    with pytest.raises(UnreadableFile, match="Line 99"):
        Table.open(path, header_line=99)


def test_the_line_that_names_fields_is_taken_for_the_header(tmp_path: Path) -> None:
    """A title may be as wide as the table itself."""
    table = Table.open(file(tmp_path, "单位,客服部,2026\n编号,日期,备注\n1,2026-03-05,a\n"))
    assert table.header_line == 1
    assert best_headed(table, table.top(), IMPORTER, str).header_line == 2


def test_a_look_at_a_file_shows_what_was_detected(tmp_path: Path) -> None:
    look = preview(file(tmp_path, TITLED), IMPORTER)
    assert (look.header_line, look.date_order, look.has_dates) == (4, DAY_FIRST, True)
    assert look.lines[0] == (1, "2026年3月投诉台账") and len(look.lines) == 5
    assert look.mapping == {"number": "编号", "day": "日期", "note": "备注"}
    chosen = preview(file(tmp_path, TITLED), IMPORTER, reading=Reading(date_order=YEAR_FIRST))
    assert chosen.date_order == YEAR_FIRST


def test_without_a_column_of_dates_there_is_no_order_to_choose(tmp_path: Path) -> None:
    table = Table.open(file(tmp_path, "编号,备注\n1,05/03/2026\n"))
    assert detected_order(table, IMPORTER, {"number": "编号"}) == YEAR_FIRST


@pytest.mark.parametrize(("values", "reading"), [
    ({}, Reading()),
    ({"encoding": "gb18030", "header_line": "3", "date_order": "dmy"},
     Reading(encoding="gb18030", header_line=3, date_order="dmy")),
    ({"encoding": "rot13", "header_line": "-1", "date_order": "x"}, Reading()),
    ({"header_line": "９", "encoding": None}, Reading()),
])
def test_what_a_form_says_is_taken_as_far_as_it_is_known(values: dict, reading: Reading) -> None:
    assert Reading.of(values) == reading
    assert Reading.of(reading.chosen()) == reading
