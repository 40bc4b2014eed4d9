"""Base classes of screens and REST APIs for plugins."""

from __future__ import annotations

from app.screens.access import requires
from app.screens.api import RecordApi
from app.screens.columns import register_label
from app.screens.context import actor as current_person
from app.screens.fields import MomentField
from app.screens.interface import RecordInterface
from app.screens.offers import (
    ActionOffer,
    Choice,
    Chip,
    FieldChange,
    Refused,
    Section,
    Stale,
    TimelineEntry,
)
from app.screens.saving import column_values
from app.screens.view import RecordView
from app.screens.workflow import WorkflowView

__all__ = [
    "ActionOffer", "Choice", "Chip", "FieldChange", "MomentField", "RecordApi",
    "RecordInterface", "RecordView", "Refused", "Section", "Stale", "TimelineEntry",
    "WorkflowView", "column_values", "current_person", "register_label", "requires",
]
