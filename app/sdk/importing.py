"""Reading files of records in: what importers are made of, and what a screen does with them."""

from __future__ import annotations

from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.records.importing.all_or_nothing import AnotherImport
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATE,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
    RowChange,
)
from app.records.importing.files import ENCODINGS, UnreadableFile
from app.records.importing.mapping import BadMapping, ready_made, suggest
from app.records.importing.running import ALL, CHECK, GOOD, Import
from app.records.importing.services import (
    JOBS,
    KIND,
    MayNotImport,
    Preview,
    delete_mapping,
    importers,
    preview,
    require_right,
    save_mapping,
    saved_mappings,
    sentence_in,
    start_import,
    upload_folder,
)
from app.records.importing.tables import Table
from app.records.importing.uploads import store, stored_path

__all__ = [
    "ALL",
    "CHECK",
    "CREATED",
    "ENCODINGS",
    "GOOD",
    "JOBS",
    "KIND",
    "REJECTED",
    "SKIP",
    "SKIPPED",
    "UPDATE",
    "UPDATED",
    "AnotherImport",
    "BadMapping",
    "Import",
    "ImportField",
    "ImportRow",
    "Importer",
    "InvalidValue",
    "Kind",
    "MayNotImport",
    "Outcome",
    "Preview",
    "Problem",
    "RowChange",
    "Table",
    "UnreadableFile",
    "delete_mapping",
    "importers",
    "preview",
    "ready_made",
    "require_right",
    "save_mapping",
    "saved_mappings",
    "sentence_in",
    "start_import",
    "store",
    "stored_path",
    "suggest",
    "upload_folder",
]
