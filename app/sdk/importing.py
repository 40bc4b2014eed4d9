"""Reading files of records in."""

from __future__ import annotations

from app.forms.cleaning import Refused
from app.forms.definition import Kind
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
)
from app.records.importing.mapping import suggest
from app.records.importing.running import ALL, CHECK, GOOD, Import
from app.records.importing.tables import Table

__all__ = [
    "ALL", "CHECK", "CREATED", "GOOD", "Import", "ImportField", "ImportRow", "Importer", "Kind",
    "Outcome", "Problem", "REJECTED", "Refused", "SKIP", "SKIPPED", "Table", "UPDATE", "UPDATED",
    "suggest",
]
