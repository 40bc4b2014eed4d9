"""Screen of bonus tables, with XLSX and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.screens import (
    Page,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    document_response,
    drawn,
    print_context,
    requires,
    write_datetime,
    xlsx_parts,
)
from app.sdk.services import db, name_of, names_of
from plugins.appraisals.access import BONUS
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.bonus.operations import lines_of
from plugins.appraisals.choices import BONUS_STATUSES, BONUS_TONES, STEP_WORDS

PAPER = Path(__file__).parents[1] / "documents" / "bonus.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_of(table: BonusTable) -> list[list[Any]]:
    """Return the lines: name, quota, score, taken off, rewards, amount; the sum at the end."""
    lines = lines_of(db.session, table.id)
    names = names_of(db.session, {line.user_id for line in lines})
    rows = []
    for line in lines:
        steps = {name: amount for name, amount in line.steps}
        rows.append([names.get(line.user_id, ""), steps.get("quota", ""), steps.get("score", ""),
                     steps.get("cut", "0"), steps.get("referral", "0"), f"{line.amount:.2f}"])
    return [*rows, [gettext("Total"), "", "", "", "", f"{table.total:.2f}"]]


def header() -> list[str]:
    """Return the heads of the columns in the language of the request."""
    return [gettext("Person"), gettext("Bonus quota"), gettext("Score"), gettext("Taken off (%)"),
            gettext("Referral rewards"), gettext("Bonus")]


class BonusPage(RecordPage):
    """The page of a bonus table with its lines."""

    def context(self, record: BonusTable) -> dict[str, Any]:
        """Add the lines, each with its calculation."""
        lines = lines_of(db.session, record.id)
        return {"lines": lines, "step_words": STEP_WORDS,
                "names": names_of(db.session, {line.user_id for line in lines})}


class BonusFiles(Page):
    """A bonus table as a file."""

    @expose("/<pk>/bonus.xlsx")
    @requires("show")
    def book(self, pk: str) -> Response:
        """Return the table as XLSX."""
        table = self.screen.get_or_404(pk)
        return Response(xlsx_parts(header(), rows_of(table)), mimetype=XLSX, headers={
            "Content-Disposition": f'attachment; filename="{table.number}.xlsx"'})

    @expose("/<pk>/bonus.pdf")
    @requires("show")
    def document(self, pk: str) -> Response:
        """Print the table with who compiled, reviewed and approved it."""
        table = self.screen.get_or_404(pk)
        session = db.session
        return document_response(PAPER, {
            **print_context(gettext("Bonus allocation table"), table.number),
            "subject": table.cycle.title, "header": header(), "rows": rows_of(table),
            "signatures": [
                {"label": gettext("Compiled by"), "name": name_of(session, table.compiled_by_id),
                 "at": write_datetime(table.created_at)},
                {"label": gettext("Reviewed by Compensation"),
                 "name": name_of(session, table.reviewed_by_id),
                 "at": write_datetime(table.reviewed_at) if table.reviewed_at else ""},
                {"label": gettext("Approved by the manager's office"),
                 "name": name_of(session, table.approved_by_id),
                 "at": write_datetime(table.approved_at) if table.approved_at else ""},
            ]}, f"{table.number}.pdf", table)


class BonusView(RecordView):
    """Bonus tables."""

    datamodel = RecordInterface(BonusTable)
    route_base = "/appraisals/bonuses"
    class_permission_name = BONUS
    base_permissions = ["can_list", "can_show", "can_comment"]
    list_title = N_("Bonus allocation tables")
    record_label = N_("Bonus allocation table")
    icon = "coins"
    list_columns = ["number", "cycle", "status", "total", "reviewed_by", "approved_by"]
    filter_columns = ["cycle", "status"]
    saved_views = ()
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    inline_columns: Sequence[str] = ()
    bulk_columns: Sequence[str] = ()
    default_sort = "-number"
    choices = {"status": drawn(BONUS_STATUSES, BONUS_TONES)}
    label_columns = {
        "cycle": N_("Cycle"), "status": N_("State"), "total": N_("Total"),
        "compiled_by": N_("Compiled by"), "reviewed_by": N_("Reviewed by"),
        "reviewed_at": N_("Reviewed at"), "approved_by": N_("Approved by"),
        "approved_at": N_("Approved at")}
    form_sections = (Section(fields=("cycle", "status")),)
    show_sections = (Section(fields=("cycle", "status", "total", "compiled_by", "reviewed_by",
                                     "reviewed_at", "approved_by", "approved_at")),)
    show_template = "appraisals/bonus.html"
    record_page = BonusPage
    files_of_table = BonusFiles
