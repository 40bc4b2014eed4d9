"""Reading files of records in: what importers are made of, and what a screen does with them."""

from __future__ import annotations

from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.records.custom_fields.definitions import PREFIX as CUSTOM_PREFIX
from app.records.importing.all_or_nothing import AnotherImport
from app.records.importing.dates import NOT_CLEAR, ORDERS
from app.records.importing.fields import (
    ADD,
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATE,
    UPDATED,
    Addition,
    Importer,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
    RowChange,
)
from app.records.importing.files import ENCODINGS, UnreadableFile
from app.records.importing.mapping import BadMapping, ready_made, suggest
from app.records.importing.reading import Reading
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
    saved_readings,
    sentence_in,
    start_import,
    upload_folder,
)
from app.records.importing.tables import Table
from app.records.importing.uploads import store, stored_path
from app.records.importing.withdrawals import (
    CARRY_OUT,
    LOOK,
    WITHDRAWAL_JOBS,
    NotTakenBack,
    import_of_job,
    may_take_back,
    start_withdrawal,
)
from app.records.importing.withdrawals import KIND as WITHDRAWAL_KIND
from app.screens.imports.custom_changes import custom_changes

__all__ = [
    "ADD",
    "ALL",
    "CARRY_OUT",
    "CHECK",
    "CREATED",
    "CUSTOM_PREFIX",
    "ENCODINGS",
    "GOOD",
    "JOBS",
    "KIND",
    "LOOK",
    "NOT_CLEAR",
    "ORDERS",
    "REJECTED",
    "SKIP",
    "SKIPPED",
    "UPDATE",
    "UPDATED",
    "WITHDRAWAL_JOBS",
    "WITHDRAWAL_KIND",
    "Addition",
    "AnotherImport",
    "BadMapping",
    "Import",
    "ImportField",
    "ImportRow",
    "Importer",
    "InvalidValue",
    "Kind",
    "MayNotImport",
    "NotTakenBack",
    "Outcome",
    "Preview",
    "Problem",
    "Reading",
    "RowChange",
    "Table",
    "UnreadableFile",
    "custom_changes",
    "delete_mapping",
    "import_of_job",
    "importers",
    "may_take_back",
    "preview",
    "ready_made",
    "require_right",
    "save_mapping",
    "saved_mappings",
    "saved_readings",
    "sentence_in",
    "start_import",
    "start_withdrawal",
    "store",
    "stored_path",
    "suggest",
    "upload_folder",
]
