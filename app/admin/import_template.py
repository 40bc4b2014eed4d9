"""The empty workbook of an import: columns, choices in the cells, a sheet that explains them."""

from __future__ import annotations

import io

from flask_babel import gettext

from app.sdk.importing import Importer, ImportField, Kind
from app.sdk.screens import safe_cell, translated

# Rows for which the workbook offers choices; more may be filled in.
ROWS = 1000
# Excel takes no longer list than this in a cell's own rule.
_LONGEST_LIST = 255
_EXAMPLES = {
    Kind.INTEGER: "12", Kind.DECIMAL: "1280.50", Kind.DATE: "2026-03-31",
    Kind.DATETIME: "2026-03-31 14:30",
}


def choices_of(field: ImportField) -> list[str]:
    """Return the texts that a column takes, in the language of the page; empty for free text."""
    if field.kind is Kind.BOOLEAN:
        return [gettext("Yes"), gettext("No")]
    return [translated(label) for _, label in field.choices]


def example_of(field: ImportField) -> str:
    """Return what could stand in a column."""
    choices = choices_of(field)
    if choices:
        return choices[0]
    if "phone" in field.name or "contact" in field.name:
        return "13800138000"
    return _EXAMPLES.get(field.kind, gettext("Text"))


def template_workbook(importer: Importer) -> bytes:
    """Return the workbook: an empty first sheet, which is read in, and a second one to look at.

    The example stands on the second sheet, so that nobody imports it by mistake.

    Args:
        importer: whose columns.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E9EFFC", "border": 1})
        must = book.add_format({"bold": True, "bg_color": "#FDF1DA", "border": 1})
        # Numbers of cards and phones lose digits in a column that is not text.
        as_text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(gettext("Data")[:31])
        sheet.freeze_panes(1, 0)
        for place, field in enumerate(importer.fields):
            label = translated(field.label)
            sheet.write_string(0, place, safe_cell(label), must if field.required else head)
            sheet.set_column(place, place, max(14, len(label) * 2), as_text)
            choices = choices_of(field)
            if choices and len(",".join(choices)) <= _LONGEST_LIST:
                sheet.data_validation(1, place, ROWS, place, {
                    "validate": "list", "source": choices, "error_type": "warning",
                    "error_title": label[:32],
                    "error_message": gettext("This value may not be known."),
                })
        notes = book.add_worksheet(gettext("How to fill in")[:31])
        notes.freeze_panes(1, 0)
        titles = (gettext("Column"), gettext("Required"), gettext("Example"), gettext("Choices"))
        for place, (title, width) in enumerate(zip(titles, (26, 10, 24, 80), strict=True)):
            notes.write_string(0, place, title, head)
            notes.set_column(place, place, width, as_text)
        for row, field in enumerate(importer.fields, 1):
            texts = (
                translated(field.label), gettext("Yes") if field.required else "",
                example_of(field), ", ".join(choices_of(field)),
            )
            for place, text in enumerate(texts):
                notes.write_string(row, place, safe_cell(text))
    return buffer.getvalue()
