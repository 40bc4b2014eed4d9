"""The screen of weekly summaries, with their figures, on paper too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select

from app.sdk import N_
from app.sdk.screens import (
    Page,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    document_response,
    localised_label,
    print_context,
    requires,
    translated,
    write_date,
)
from app.sdk.services import db
from plugins.enquiries.access import SUMMARY
from plugins.enquiries.choices import KINDS, label_of
from plugins.enquiries.models import EnquiryCategory, EnquiryChannel
from plugins.enquiries.summaries.models import Summary

DOCUMENT = Path(__file__).parents[1] / "documents" / "tables.typ"
Rows = Sequence[tuple[str, int]]


def words_of(model: Any) -> dict[str, str]:
    """Return what the values of a dictionary are called on the page, by code."""
    rows = db.session.execute(select(model.code, localised_label(model).label("shown")))
    return {row.code: row.shown for row in rows}


def tables(summary: Summary) -> list[tuple[str, Rows]]:
    """Return the counts of a summary under their headings, in the language of the page."""
    held = summary.figures
    words = {"category": words_of(EnquiryCategory), "channel": words_of(EnquiryChannel)}

    def named(name: str) -> Rows:
        return [(words[name].get(code, code) or gettext("(none)"), number)
                for code, number in held.get(name, ())]

    return [
        (gettext("Frequent questions"), [tuple(one) for one in held.get("questions", ())]),
        (gettext("By category"), named("category")), (gettext("By channel"), named("channel")),
        (gettext("By kind"), [(translated(label_of(KINDS, kind)), number)
                              for kind, number in held.get("kind", ())]),
    ]


def shares(summary: Summary) -> list[tuple[str, str]]:
    """Return the figures of a summary as pairs of label and text."""
    def of(part: int, whole: int) -> str:
        return gettext("%(part)s of %(whole)s", part=part, whole=whole)

    return [
        (gettext("Enquiries received"), str(summary.received)),
        (gettext("Answered at once"), of(summary.answered_at_once, summary.received)),
        (gettext("Promised reply kept"), of(summary.promised_kept, summary.promised)),
        (gettext("Not answered at the end of the week"), str(summary.unanswered)),
        (gettext("Satisfied of those asked"), of(summary.satisfied, summary.rated)),
    ]


class SummaryPage(RecordPage):
    """The page of a summary."""

    def context(self, record: Summary) -> Mapping[str, Any]:
        """Add the figures and the counts."""
        return {**super().context(record), "shares": shares(record), "tables": tables(record)}


class SummaryDocumentPage(Page):
    """A summary on paper."""

    @expose("/<pk>/summary.pdf")
    @requires("show")
    def summary_document(self, pk: str) -> Response:
        """Print a summary."""
        record = self.screen.get_or_404(pk)
        return document_response(DOCUMENT, {
            **print_context(gettext("Weekly summary of questions"), record.number),
            "fields": [
                {"label": gettext("Week"), "value": record.week},
                {"label": gettext("Period"),
                 "value": f"{write_date(record.first_day)} – {write_date(record.last_day)}"},
                *({"label": label, "value": value} for label, value in shares(record)),
            ],
            "tables": [{"title": title, "header": [title, gettext("How often")],
                        "rows": [[text, str(number)] for text, number in rows],
                        "widths": [4, 1]} for title, rows in tables(record) if rows],
        }, f"{record.number}.pdf", record)


class SummaryView(RecordView):
    """Weekly summaries of questions."""

    datamodel = RecordInterface(Summary)
    route_base = "/enquiries/summaries"
    class_permission_name = SUMMARY
    base_permissions = ["can_list", "can_show", "can_export"]
    list_title = N_("Weekly summaries of questions")
    record_label = N_("Weekly summary of questions")
    icon = "report"
    list_columns = ["week", "first_day", "last_day", "received", "answered_at_once", "unanswered",
                    "satisfied", "rated"]
    filter_columns = ["week", "first_day"]
    saved_views = ()
    is_importable = False
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-week"
    label_columns = {
        "week": N_("Week"), "first_day": N_("From"), "last_day": N_("Until"),
        "received": N_("Enquiries received"), "answered_at_once": N_("Answered at once"),
        "promised": N_("Replies promised"), "promised_kept": N_("Promises kept"),
        "unanswered": N_("Not answered yet"), "rated": N_("Customers asked"),
        "satisfied": N_("Satisfied"), "made_at": N_("Made at"), "figures": N_("Figures"),
    }
    form_sections = (Section(fields=("week", "first_day", "last_day")),)
    show_sections = (Section(fields=("week", "first_day", "last_day", "made_at")),)
    show_template = "enquiries/summary.html"
    record_page = SummaryPage
    summary_document_page = SummaryDocumentPage
