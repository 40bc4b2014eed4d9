"""Screens of gradings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import jsonify
from flask_appbuilder.baseviews import expose
from plugins.gradings.models import Grading, Signer
from plugins.gradings.services import lines, signers
from plugins.gradings.workflow import VIEW
from sqlalchemy import func, select

from app.sdk import N_
from app.sdk.screens import (
    ExtraColumns,
    Page,
    RecordInterface,
    Section,
    WorkflowView,
    current_person,
    document_response,
    print_context,
    requires,
    translated,
    write_datetime,
)
from app.sdk.services import db, names_of

PAPER = Path(__file__).parent / "documents" / "grading.typ"


class SignedColumn(ExtraColumns):
    """How many have signed."""

    labels = {"signed": N_("Signatures")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the numbers for the rows of a page in one statement."""
        found = db.session.execute(
            select(Signer.grading_id, func.count(Signer.signed_at), func.count())
            .where(Signer.grading_id.in_([row[0] for row in rows])).group_by(Signer.grading_id))
        return {"signed": {key: f"{signed}/{of}" for key, signed, of in found}}


class PaperPage(Page):
    """The grading on paper, and the figures that it rests on."""

    @expose("/<pk>/grading.pdf")
    @requires("show")
    def paper(self, pk):
        """Return the PDF with all signatures."""
        grading = self.screen.get_or_404(pk)
        chain = signers(db.session, grading)
        names = names_of(db.session, [one.user_id for one in chain])
        return document_response(PAPER, {
            **print_context(translated(N_("Grading")), grading.number), "month": grading.month,
            "signatures": [{
                "label": str(one.place + 1), "name": names[one.user_id], "text": "",
                "at": write_datetime(one.signed_at) if one.signed_at else ""} for one in chain],
        }, f"{grading.number}.pdf", grading)

    @expose("/<pk>/figures")
    @requires("show")
    def figures(self, pk):
        """Return the figures with the lists behind them."""
        return jsonify(lines(db.session, current_person(), self.screen.get_or_404(pk)))


class GradingView(WorkflowView):
    """Gradings."""

    datamodel = RecordInterface(Grading)
    route_base = "/gradings"
    class_permission_name = VIEW
    list_title = N_("Gradings")
    record_label = N_("Grading")
    paper_page = PaperPage
    extra_columns = SignedColumn
    list_columns = ["number", "owner", "month", "state", "signed"]
    show_sections = (Section(fields=("owner", "month")),)
    label_columns = {"month": N_("Month")}
