"""What a person has chosen about the columns of a file, and what its cells are taken for."""

from __future__ import annotations

import dataclasses
import zoneinfo
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from flask import request

from app.admin.jobs import visible_job
from app.admin.pages import settings
from app.jobs.models import Job
from app.records.importing.reading import Reading
from app.records.importing.services import (
    KIND,
    Preview,
    preview,
    saved_mappings,
    saved_readings,
    sentence_in,
    upload_folder,
)
from app.records.importing.uploads import stored_path
from app.sdk.importing import Importer, InvalidValue
from app.sdk.screens import page_language
from app.sdk.services import db

LONGEST_FILE_NAME = 120


def file_name(text: str | None) -> str:
    """Return a file name to show; what a browser or an address gives may be anything."""
    name = PurePath((text or "").replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[-LONGEST_FILE_NAME:] or "import"


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """The first value of a column.

    Attributes:
        cell: as it stands in the file.
        taken_for: what it is taken for, where that reads differently.
        problem: why it cannot be taken; an empty text where it can.
    """

    cell: str
    taken_for: str = ""
    problem: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The form of the columns as it was sent, or as it begins.

    Attributes:
        importer: where the rows go.
        token: the uploaded file.
        file: what the person calls it.
        saved: column mappings by name.
        use: name of the mapping that was chosen; empty for the suggestion.
        mapping: column name by field name; ``None`` where nothing has been chosen yet.
        reading: encoding, header and order of dates.
        is_applied: whether the page is only to be drawn with these choices.
    """

    importer: Importer
    token: str
    file: str
    saved: Mapping[str, Mapping[str, str]]
    use: str
    mapping: Mapping[str, str] | None
    reading: Reading
    is_applied: bool

    @classmethod
    def of(cls, importer: Importer, token: str) -> Columns:
        """Return what the request says."""
        values = request.values
        saved, use = saved_mappings(db.session, importer), values.get("use", "")
        reading, mapping = Reading.of(values), None
        if request.method == "POST":
            mapping = {field.name: request.form.get(f"column.{field.name}", "")
                       for field in importer.fields}
        elif "check" in values:
            mapping, reading = _of_check(values.get("check", ""))
        if use != values.get("used", ""):
            # Another mapping brings its columns and its way of reading.
            mapping = saved.get(use)
            reading = saved_readings(db.session, importer).get(use, Reading())
        return cls(
            importer=importer, token=token, file=file_name(values.get("file")), saved=saved,
            use=use, mapping=mapping, reading=reading, is_applied="apply" in values,
        )

    def look(self) -> Preview:
        """Return the look at the file with these choices.

        Raises:
            UnreadableFile: it cannot be read so.
        """
        return preview(
            stored_path(upload_folder(settings()), self.token), self.importer, page_language(),
            self.reading, self.mapping,
        )

    def remembered(self) -> Reading:
        """Return what the next such file is read by: the line of the names only where it differs.

        Titles may grow by a line; the line that is found by itself is found again.
        """
        path = stored_path(upload_folder(settings()), self.token)
        found = preview(
            path, self.importer, page_language(), Reading(encoding=self.reading.encoding))
        if found.header_line == self.reading.header_line:
            return dataclasses.replace(self.reading, header_line=0)
        return self.reading

    def column_of(self, field: str, look: Preview) -> str:
        """Return the column that fills a field: as chosen, else as suggested."""
        if self.mapping is not None and not self.is_applied:
            return self.mapping.get(field, "")
        return look.mapping.get(field, "")

    def examples(self, look: Preview) -> dict[str, Example]:
        """Return the first value of each mapped column, by field."""
        zone = zoneinfo.ZoneInfo(settings().timezone)
        found = {}
        for field in self.importer.fields:
            column = self.column_of(field.name, look)
            if column in look.header:
                place = look.header.index(column)
                cell = next((row[place] for row in look.rows if row[place].strip()), "")
                found[field.name] = _example(field, cell, zone, look.date_order)
        return found


def _example(field: Any, cell: str, zone: zoneinfo.ZoneInfo, order: str) -> Example:
    shown = field.shown(cell)
    if not field.is_date or not cell.strip():
        return Example(shown)
    try:
        value = field.read(cell, zone, order)
    except InvalidValue as refused:
        return Example(shown, problem=sentence_in(page_language())(refused.message))
    text = f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "hour") else f"{value:%Y-%m-%d}"
    return Example(shown, "" if text == cell.strip() else text)


def _of_check(text: str) -> tuple[Mapping[str, str] | None, Reading]:
    """Return columns and reading of an earlier check, which the person wants to change."""
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        return None, Reading()
    visible_job(int(text))
    job = db.session.get(Job, int(text))
    if job is None or job.kind != KIND:
        return None, Reading()
    return dict(job.args["mapping"]), Reading.of(job.args)
