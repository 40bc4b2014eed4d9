"""Reading files of records in: what importers are made of, and what a screen does with them."""

from __future__ import annotations

from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.records.custom_fields.definitions import PREFIX as CUSTOM_PREFIX
from app.records.importing.all_or_nothing import AnotherImport
from app.records.importing.fields import (
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
from app.records.importing.files import UnreadableFile
from app.records.importing.mapping import BadMapping, ready_made, suggest
from app.records.importing.running import ALL, CHECK, GOOD, Import
from app.records.importing.services import importers
from app.records.importing.tables import Table
from app.screens.imports.custom_changes import custom_changes

__all__ = [
    "ALL",
    "CHECK",
    "CREATED",
    "CUSTOM_PREFIX",
    "GOOD",
    "REJECTED",
    "SKIP",
    "SKIPPED",
    "UPDATE",
    "UPDATED",
    "Addition",
    "AnotherImport",
    "BadMapping",
    "Import",
    "ImportField",
    "ImportRow",
    "Importer",
    "InvalidValue",
    "Kind",
    "Outcome",
    "Problem",
    "RowChange",
    "Table",
    "UnreadableFile",
    "custom_changes",
    "importers",
    "ready_made",
    "suggest",
]
