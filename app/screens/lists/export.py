"""Lists as files: CSV streamed row by row, XLSX with constant memory; no cell can run."""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from app.records.cells import harmless

_BATCH = 500
_READ = 64 * 1024
# Excel's own limits.
XLSX_ROWS = 1_048_575
_XLSX_TEXT = 32_767
_FIRST_DAY = dt.date(1900, 3, 1)
_LARGEST_NUMBER = 10**15
_MOMENT = "%Y-%m-%d %H:%M"


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file in parts, UTF-8 with a byte-order mark so that Excel reads Chinese.

    Args:
        header: texts of the first line.
        rows: values in the same order.
    """
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    out.writerow([harmless(text) for text in header])
    # The first part goes out at once: the download starts while the database still works.
    yield _take(buffer)
    for number, row in enumerate(rows, 1):
        out.writerow([harmless(_as_text(value)) for value in row])
        if number % _BATCH == 0:
            yield _take(buffer)
    rest = _take(buffer)
    if rest:
        yield rest


def _as_text(value: Any) -> Any:
    """Return days and times as every spreadsheet and program reads them, whatever the language."""
    if isinstance(value, dt.datetime):
        return value.strftime(_MOMENT)
    return value.isoformat() if isinstance(value, dt.date) else value


def _take(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


def xlsx_parts(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield an XLSX file in parts; it is put together on disk, with constant memory.

    Args:
        header: texts of the first line.
        rows: values in the same order.
    """
    with tempfile.TemporaryFile() as file:
        _write_book(file, header, rows)
        file.seek(0)
        while part := file.read(_READ):
            yield part


def _write_book(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = (book.add_format({"num_format": "yyyy-mm-dd"}),
                   book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.freeze_panes(1, 0)
        for place, text in enumerate(header):
            sheet.write_string(0, place, str(text), bold)
            sheet.set_column(place, place, 18)
        for line, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write_cell(sheet, line, place, value, formats)


def _write_cell(
    sheet: Any, line: int, place: int, value: Any, formats: tuple[Any, Any]
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | str):
        sheet.write_string(line, place, harmless(str(value))[:_XLSX_TEXT])
    elif isinstance(value, int | float | decimal.Decimal) and abs(value) < _LARGEST_NUMBER:
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.date) and _day(value) >= _FIRST_DAY:
        sheet.write_datetime(line, place, value, formats[isinstance(value, dt.datetime)])
    else:
        sheet.write_string(line, place, harmless(str(_as_text(value)))[:_XLSX_TEXT])


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
