"""Base classes of screens and REST APIs for plugins."""

from __future__ import annotations

from app.collaboration.suggestions import phrases
from app.forms.build import translate
from app.records.cells import harmless as safe_cell
from app.screens.api.read import RecordApi
from app.screens.bulk.undo import offer_undo, undo_offered
from app.screens.columns.columns import localised_label, register_label
from app.screens.columns.people import person_text
from app.screens.contracts import (
    ActionOffer,
    Chip,
    Choice,
    SavedList,
    Section,
    ShownWhen,
    TimelineEntry,
    drawn,
)
from app.screens.forms.answers import typed_answers, written_answer
from app.screens.forms.callers import CallerFormPage
from app.screens.forms.drafts import draft_values, drop_draft, save_draft
from app.screens.forms.page import FormPage
from app.screens.forms.record_forms import RecordForms
from app.screens.forms.suggestions import panel_of as suggestion_panel
from app.screens.lists.charts import Chart, Series, chart_response
from app.screens.lists.export import csv_parts, xlsx_parts
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.query.datamodel import RecordInterface
from app.screens.query.periods import period_bounds
from app.screens.records.deadline_badges import deadline_badges
from app.screens.records.deadline_lines import deadline_lines
from app.screens.records.header import RecordHeader
from app.screens.records.page import RecordPage
from app.screens.records.pdf_response import document_response, print_context
from app.screens.records.reveal_page import RevealPage
from app.screens.records.roles import RolesColumn, RolesHeader
from app.screens.records.timeline import Timeline
from app.screens.screen import Page, Part, Screen
from app.screens.view import RecordView
from app.screens.workflow.deadline_column import DeadlineColumn, DeadlineHeader
from app.screens.workflow.row_actions import WorkflowActions
from app.screens.workflow.transition_timeline import TransitionTimeline
from app.screens.workflow.view import WorkflowView
from app.web.formats import write_date, write_datetime, zone
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.rate_limits import count_call
from app.web.request import actor as current_person
from app.web.request import day_asked, go_to, is_partial, safe_next
from app.web.texts import translated
from app.web.theme import language as page_language

__all__ = [
    "ActionOffer",
    "CallerFormPage",
    "Chart",
    "Chip",
    "Choice",
    "DeadlineColumn",
    "DeadlineHeader",
    "ExtraColumns",
    "FormPage",
    "Page",
    "Part",
    "RecordApi",
    "RecordForms",
    "RecordHeader",
    "RecordInterface",
    "RecordPage",
    "RecordView",
    "RevealPage",
    "RolesColumn",
    "RolesHeader",
    "SavedList",
    "Screen",
    "Section",
    "Series",
    "ShownWhen",
    "Timeline",
    "TimelineEntry",
    "TransitionTimeline",
    "WorkflowActions",
    "WorkflowView",
    "chart_response",
    "count_call",
    "csv_parts",
    "current_person",
    "day_asked",
    "deadline_badges",
    "deadline_lines",
    "document_response",
    "draft_values",
    "drawn",
    "drop_draft",
    "go_to",
    "is_partial",
    "localised_label",
    "offer_undo",
    "page_language",
    "period_bounds",
    "person_text",
    "phrases",
    "print_context",
    "register_label",
    "requires",
    "safe_cell",
    "safe_next",
    "save_draft",
    "suggestion_panel",
    "translate",
    "translated",
    "typed_answers",
    "undo_offered",
    "whole_number",
    "write_date",
    "write_datetime",
    "written_answer",
    "xlsx_parts",
    "zone",
]
