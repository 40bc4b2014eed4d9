"""Base classes of screens and REST APIs for plugins."""

from __future__ import annotations

from app.forms.build import translate
from app.records.cells import harmless as safe_cell
from app.screens.access import requires
from app.screens.api import RecordApi
from app.screens.cells import badge
from app.screens.clocks import deadline_badges
from app.screens.columns import localised_label, register_label
from app.screens.context import actor as current_person
from app.screens.context import go_to, is_partial, safe_next
from app.screens.deadline_lines import deadline_lines
from app.screens.documents import document_response, print_context
from app.screens.export import csv_parts, xlsx_parts
from app.screens.fields import MomentField
from app.screens.formats import write_ago, write_date, write_datetime, write_size, zone
from app.screens.interface import RecordInterface
from app.screens.limits import LARGEST_BIG_KEY, whole_number
from app.screens.offers import (
    ActionOffer,
    Chip,
    Choice,
    FieldChange,
    Refused,
    SavedList,
    Section,
    ShownWhen,
    Stale,
    TimelineEntry,
)
from app.screens.ordering import stepped
from app.screens.periods import period_bounds
from app.screens.saving import column_values
from app.screens.texts import translated
from app.screens.theme import language as page_language
from app.screens.view import RecordView
from app.screens.workflow import WorkflowView

__all__ = [
    "LARGEST_BIG_KEY",
    "ActionOffer",
    "Chip",
    "Choice",
    "FieldChange",
    "MomentField",
    "RecordApi",
    "RecordInterface",
    "RecordView",
    "Refused",
    "SavedList",
    "Section",
    "ShownWhen",
    "Stale",
    "TimelineEntry",
    "WorkflowView",
    "badge",
    "column_values",
    "csv_parts",
    "current_person",
    "deadline_badges",
    "deadline_lines",
    "document_response",
    "go_to",
    "is_partial",
    "localised_label",
    "page_language",
    "period_bounds",
    "print_context",
    "register_label",
    "requires",
    "safe_cell",
    "safe_next",
    "stepped",
    "translate",
    "translated",
    "whole_number",
    "write_ago",
    "write_date",
    "write_datetime",
    "write_size",
    "xlsx_parts",
    "zone",
]
