"""Base classes of screens and REST APIs for plugins."""

from __future__ import annotations

from app.records.cells import harmless as safe_cell
from app.screens.access import requires
from app.screens.api import RecordApi
from app.screens.columns import localised_label, register_label
from app.screens.context import actor as current_person
from app.screens.documents import document_response, print_context
from app.screens.fields import MomentField
from app.screens.formats import write_date, write_datetime
from app.screens.interface import RecordInterface
from app.screens.offers import (
    ActionOffer,
    Chip,
    Choice,
    FieldChange,
    Refused,
    Section,
    Stale,
    TimelineEntry,
)
from app.screens.saving import column_values
from app.screens.texts import translated
from app.screens.view import RecordView
from app.screens.workflow import WorkflowView, deadline_badge

__all__ = [
    "ActionOffer", "Choice", "Chip", "FieldChange", "MomentField", "RecordApi",
    "RecordInterface", "RecordView", "Refused", "Section", "Stale", "TimelineEntry",
    "WorkflowView", "column_values", "current_person", "deadline_badge", "document_response",
    "localised_label", "print_context", "register_label", "requires", "safe_cell", "translated", "write_date",
    "write_datetime",
]
